from odoo import models

from ..timeline.res_partner import SHOWN_EVENTS


class ResPartner(models.Model):
    """Arrangements in the time line of a debtor."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _get_dunning_events(self, company):
        # EXTENDS 'l10n_nl_dunning'
        arrangements = self.env["payment.arrangement"].search(
            [("company_id", "=", company.id), ("partner_id", "=", self.id)],
            limit=SHOWN_EVENTS,
        )
        events = super()._get_dunning_events(company)
        for arrangement in arrangements:
            events += arrangement._get_events()
        return events
