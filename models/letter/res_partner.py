from odoo import api, fields, models
from odoo.tools import email_normalize_all, formataddr

from ...tools.groups import ACCOUNTING_GROUPS
from .letter_format import format_zip
from .res_company import COPIES


class ResPartner(models.Model):
    """How an address is written on a letter."""

    _inherit = "res.partner"

    dunning_copies = fields.Selection(
        selection=COPIES,
        string="Copies of letters",
        groups=ACCOUNTING_GROUPS,
        help="Whether the e-mail with a letter goes in copy to the other contacts that "
        "its invoices were made out to. Without a choice, as in the settings.",
    )

    @api.model
    def _commercial_fields(self):
        # EXTENDS 'base'
        return [*super()._commercial_fields(), "dunning_copies"]

    # === BUSINESS METHODS === #

    def _get_dunning_person(self):
        """Return whom letters go to, and whom to speak to.

        :rtype: recordset of `res.partner`
        """
        self.ensure_one()
        invoice_contact = self.child_ids.filtered(
            lambda child: child.type == "invoice"
        ).sorted("id")[:1]
        return self.dunning_contact_id.filtered("active") or invoice_contact or self

    def _get_dunning_emails(self, company):
        """Return the e-mail addresses of this contact, each with his name.

        There may be several in one field. Those of the company that writes are none of
        his.

        :param company: the `res.company` that writes
        :rtype: list[str]
        """
        self.ensure_one()
        own = set(email_normalize_all(company.email))
        name = " ".join((self.name or "").split())
        return [
            formataddr((name, address))
            for address in dict.fromkeys(
                address.rstrip(".") for address in email_normalize_all(self.email)
            )
            if address not in own
        ]

    def _has_dunning_post(self):
        """Whether the post can deliver to this contact.

        The selection of open items tells the same, see `_dunning_sql_has_post`.
        """
        self.ensure_one()
        return all(
            any(character.isalnum() for character in part or "")
            for part in (self.street, self.zip, self.city)
        )

    @api.model
    def _get_dunning_lang(self, wanted):
        """Return the language of a letter: Dutch, or English for all others.

        Languages without a translation of the letters would give a mixture.

        :param str wanted: the language of whoever gets it
        :rtype: str
        """
        wanted = wanted or "nl_NL"
        installed = dict(self.env["res.lang"].get_installed())
        if wanted in installed and wanted[:2] in ("nl", "en"):
            return wanted
        return "en_US" if wanted[:2] != "nl" or "nl_NL" not in installed else "nl_NL"

    def _get_dunning_address(self, company):
        """Return the lines of the address from the street on.

        :param company: the `res.company` that writes
        :rtype: list[str]
        """
        self.ensure_one()
        country = self.country_id
        if country and country != company.country_id:
            # Abroad the order of street, place and code is that of the country.
            address = self._display_address(without_company=True).splitlines()
            address = [line.strip() for line in address if line.strip()]
            return [*address[:-1], address[-1].upper()]
        place = [
            format_zip(self.zip or "", country.code or "NL"),
            (self.city or "").upper(),
        ]
        # Two spaces between postal code and place, as the Dutch post asks.
        place = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}".join(filter(None, place))
        return [line for line in (self.street, self.street2, place) if line]
