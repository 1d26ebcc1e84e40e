from odoo import fields, models
from odoo.exceptions import UserError


class DunningNotice(models.Model):
    """Letters to whoever represents a debtor by law."""

    _inherit = "dunning.notice"

    protection_id = fields.Many2one(
        comodel_name="dunning.protection",
        string="Sent to the representative because of",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    dunning_protection_text = fields.Char(related="partner_id.dunning_protection_text")

    # === BUSINESS METHODS === #

    def _get_addressees(self):
        """Never fall back on the address of a debtor who is represented."""
        if self.protection_id:
            return (self.recipient_id,)
        return super()._get_addressees()

    def _get_address_names(self):
        """Address the representative, in his capacity."""
        if not self.protection_id:
            return super()._get_address_names()
        return self.protection_id._get_address_names(self.recipient_id)

    def _prepare_letter(self, lang, shared):
        values = super()._prepare_letter(lang, shared)
        status = self.protection_id
        values["capacity"] = status and self.env._(
            "We write to you as %s.", status._get_capacity()
        )
        return values

    def _check_sendable(self):
        """Check that a letter still goes to whoever represents the debtor."""
        result = super()._check_sendable()
        current = self.partner_id.dunning_protection_id.filtered(
            lambda status: status._is_represented()
        )
        if self.protection_id != current:
            raise UserError(
                self.env._(
                    "Who represents %s has changed since this letter was proposed. "
                    "Cancel or remove it: the next round proposes a letter to the "
                    "right address.",
                    self.partner_id.display_name,
                )
            )
        return result
