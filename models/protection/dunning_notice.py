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

    def _is_represented(self):
        return bool(self.protection_id)

    def _address_representative(self):
        """Write to a representative in his capacity, where the letter goes to one."""
        self.ensure_one()
        status = self.partner_id.dunning_protection_id
        if status.representative_id and status.representative_id == self.recipient_id:
            self.protection_id = status

    def _say_capacity(self):
        status = self.protection_id
        return status and self._say("capacity", capacity=status._get_full_capacity())

    def _fill_texts(self, values):
        """Tell the representative what is owed by whom he represents.

        The texts of the level speak to the debtor himself.
        """
        texts = super()._fill_texts(values)
        if not self.protection_id:
            return texts
        reference = self.name or self.env._("DRAFT")
        return {
            **texts,
            "subject": self._say(
                "represented_subject", subject=texts["subject"]
            ).unescape(),
            "opening": [self._say("represented_opening")],
            "closing": [self._say("represented_closing")],
            "email_text": [self._say("represented_mail", reference=reference)],
        }

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
