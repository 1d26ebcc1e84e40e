from odoo import api, models

from .letter_format import format_zip


class ResPartner(models.Model):
    """How an address is written on a letter."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

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
