from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningNotice(models.Model):
    """Where a letter goes, and in which language."""

    _inherit = "dunning.notice"

    email = fields.Char(compute="_compute_addresses")
    postal_address = fields.Char(compute="_compute_addresses")

    # === COMPUTE METHODS === #

    @api.depends(
        *(
            f"{partner}.{name}"
            for partner in ("recipient_id", "partner_id")
            for name in ("name", "email", "street", "zip", "city")
        )
    )
    def _compute_addresses(self):
        """The addresses of the contact, or of the debtor where the contact has none."""
        for notice in self:
            partners = notice._get_addressees()
            notice.email = next(
                (p.email_formatted for p in partners if p.email_normalized), False
            )
            postal = notice._get_postal_partner()
            notice.postal_address = postal and ", ".join(
                filter(None, (postal.street, f"{postal.zip} {postal.city}"))
            )

    # === BUSINESS METHODS === #

    def _get_addressees(self):
        """Return whose addresses may be used, the first that has one.

        A tuple, because a union would be read from the database for each letter.
        """
        self.ensure_one()
        return self.recipient_id, self.partner_id

    def _get_postal_partner(self):
        """Return the partner whose postal address the letter goes to, if any."""
        self.ensure_one()
        return next(
            (
                partner
                for partner in self._get_addressees()
                if partner.street and partner.zip and partner.city
            ),
            self.env["res.partner"],
        )

    def _get_lang(self):
        """Return the language of the letter."""
        self.ensure_one()
        wanted = self.recipient_id.lang or self.partner_id.lang
        return self.env["res.partner"]._get_dunning_lang(wanted)

    def _check_addresses(self):
        """Check that the debtor has an address for each channel.

        :raise UserError: saying which address is missing
        """
        self.ensure_one()
        if self.by_email and not self.email:
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Enter one on the customer, or send the "
                    "letter by post.",
                    self.recipient_id.display_name,
                )
            )
        if (self.by_post or self.by_registered) and not self._get_postal_partner():
            raise UserError(
                self.env._(
                    "The postal address of %s is not complete. Enter street, postal "
                    "code and city on the customer.",
                    self.recipient_id.display_name,
                )
            )
