from odoo import models


class DunningProtection(models.Model):
    """Arrangements of debtors whose status changes."""

    _inherit = "dunning.protection"

    # === BUSINESS METHODS === #

    def _take_effect(self):
        """Call back what waits for a signature before letters are, and work is made."""
        # EXTENDS 'l10n_nl_dunning'
        for protection in self:
            protection._withdraw_offers()
        return super()._take_effect()

    def _withdraw_offers(self):
        """Call back the arrangements that wait for a signature of the debtor himself.

        Afterwards offers go to whoever represents him.
        """
        self.ensure_one()
        offers = (
            self.env["payment.arrangement"]
            .sudo()  # of all companies, as the letters
            .search(
                [("partner_id", "=", self.partner_id.id), ("state", "=", "offered")]
            )
        )
        if offers:
            offers._cancel(self._get_headline())
