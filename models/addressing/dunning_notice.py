from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, email_normalize_all


class DunningNotice(models.Model):
    """Where a letter goes, who gets it in copy, and in which language."""

    _inherit = "dunning.notice"

    email = fields.Char(compute="_compute_addresses")
    postal_address = fields.Char(compute="_compute_addresses")
    email_cc = fields.Char(string="Copies to", compute="_compute_email_cc")

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
            company = notice.company_id
            emails = (partner._get_dunning_emails(company) for partner in partners)
            notice.email = ", ".join(next(filter(None, emails), ())) or False
            postal = notice._get_postal_partner()
            notice.postal_address = postal and ", ".join(
                " ".join(line.split())
                for line in (postal.street, f"{postal.zip} {postal.city}")
            )

    @api.depends(
        "recipient_id",
        "line_ids.move_id.partner_id.email",
        "partner_id.dunning_copies",
        "company_id.dunning_copies",
        "email",
    )
    def _compute_email_cc(self):
        """The contacts that the invoices were made out to, beside the addressee."""
        self.line_ids.move_id.fetch(["partner_id"])  # of all letters at once
        for notice in self:
            addresses = {}
            for partner in notice._get_copied_partners():
                for email in partner._get_dunning_emails(notice.company_id):
                    addresses.setdefault(email_normalize(email), email)
            for address in email_normalize_all(notice.email):
                addresses.pop(address, None)
            notice.email_cc = ", ".join(addresses.values()) or False

    # === BUSINESS METHODS === #

    def _get_addressees(self):
        """Return whose addresses may be used, the first that has one.

        A tuple, because a union would be read from the database for each letter.
        """
        self.ensure_one()
        return self.recipient_id, self.partner_id

    def _get_copied_partners(self):
        """Return who gets a copy of the e-mail, if copies are wanted.

        Not where somebody represents the debtor by law: then it is for him alone.

        :rtype: recordset of `res.partner`
        """
        self.ensure_one()
        wanted = self.partner_id.dunning_copies or self.company_id.dunning_copies
        partners = self.line_ids.filtered("level_id").move_id.partner_id
        if wanted != "cc" or self._get_addressees() == (self.recipient_id,):
            return partners.browse()
        debtor = self.partner_id.commercial_partner_id
        return partners.filtered(
            lambda partner: (
                partner.active
                and partner not in (debtor, self.recipient_id)
                and partner.commercial_partner_id == debtor
            )
        ).sorted("id")

    def _get_postal_partner(self):
        """Return the partner whose postal address the letter goes to, if any."""
        self.ensure_one()
        return next(
            (
                partner
                for partner in self._get_addressees()
                if partner._has_dunning_post()
            ),
            self.env["res.partner"],
        )

    def _get_channel_address(self, channel):
        """Return the address that a channel uses, as it is kept with the delivery.

        :param Channel channel: the channel
        """
        self.ensure_one()
        return self.email if channel.needs == "email" else self.postal_address

    def _get_address_lines(self):
        """Return the lines for the window of the envelope.

        :rtype: list[str]
        """
        partner = self._get_postal_partner() or self.recipient_id
        lines = [
            *self._get_address_names(),
            *partner._get_dunning_address(self.company_id),
        ]
        # Somebody may have typed several lines into one field.
        return [
            " ".join(filter(None, part.split(" ")))
            for line in lines
            for part in line.splitlines()
            if part.strip()
        ]

    def _get_address_names(self):
        """Return the lines of the address above the street.

        :rtype: list[str]
        """
        debtor, contact = self.partner_id, self.recipient_id
        lines = [debtor.name]
        if contact.name and contact != debtor and contact.name != debtor.name:
            lines.append(self.env._("Attn %s", contact.name))
        return lines

    def _get_lang(self):
        """Return the language of the letter."""
        self.ensure_one()
        wanted = self.recipient_id.lang or self.partner_id.lang
        return self.env["res.partner"]._get_dunning_lang(wanted)

    def _check_sendable(self):
        """Check that the letter has an address for each of its channels too."""
        # EXTENDS 'l10n_nl_dunning'
        result = super()._check_sendable()
        self._check_addresses()
        return result

    def _check_addresses(self):
        """Check that the debtor has an address for each channel.

        :raise UserError: saying which address is missing
        """
        self.ensure_one()
        if self.by_email and not self.email:
            if any(partner.email_normalized for partner in self._get_addressees()):
                raise UserError(
                    self.env._(
                        "The only e-mail address of %s is your own. Enter that of the "
                        "customer, or send the letter by post.",
                        self.recipient_id.display_name,
                    )
                )
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Enter one on the customer, or send the "
                    "letter by post.",
                    self.recipient_id.display_name,
                )
            )
        posted = any(channel.is_posted for channel in self._get_chosen_channels())
        if posted and not self._get_postal_partner():
            raise UserError(
                self.env._(
                    "The postal address of %s is not complete. Enter street, postal "
                    "code and city on the customer.",
                    self.recipient_id.display_name,
                )
            )
