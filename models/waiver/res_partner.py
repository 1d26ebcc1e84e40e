from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..timeline.res_partner import SHOWN_EVENTS, Event


class ResPartner(models.Model):
    """Waive interest or costs of all that a customer owes."""

    _inherit = "res.partner"

    # === ACTION METHODS === #

    def action_waive_dunning(self):
        """Ask what is waived of the claim on this customer, and why.

        :raise UserError: when he owes nothing
        """
        MoveLine = self.env["account.move.line"]
        items = MoveLine.search(
            Domain(MoveLine._get_dunning_open_domain())
            & Domain("company_id", "=", self.env.company.id)
            & Domain("partner_id", "in", self.commercial_partner_id.ids)
        )
        if not items:
            raise UserError(self.env._("There is nothing open to waive anything of."))
        return items.action_waive_dunning()

    # === BUSINESS METHODS === #

    def _get_dunning_events(self, company):
        # EXTENDS 'l10n_nl_dunning'
        waivers = self.env["dunning.waiver"].search(
            [("company_id", "=", company.id), ("partner_id", "=", self.id)],
            limit=SHOWN_EVENTS,
        )
        kinds = dict(waivers._fields["what"]._description_selection(self.env))
        return super()._get_dunning_events(company) + [
            Event(
                day=waiver.date,
                kind="waiver",
                title=self.env._("Waived: %s", kinds[waiver.what]),
                detail=" · ".join(filter(None, (waiver.invoices, waiver.reason))),
                amount=waiver.currency_id.format(
                    waiver.amount_interest + waiver.amount_costs
                ),
                model="dunning.waiver",
                record_id=waiver.id,
            )
            for waiver in waivers
        ]
