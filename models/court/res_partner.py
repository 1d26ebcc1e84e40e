from odoo import models


class ResPartner(models.Model):
    """Customers whose debts are claimed in court."""

    _inherit = "res.partner"

    # === ACTION METHODS === #

    def action_claim_dunning_in_court(self):
        """Prepare a claim in court of all that is overdue of these customers."""
        company = self.env.company
        items = self.env["account.move.line"].search(
            self._get_dunning_claim_domain(company, company._get_dunning_today())
        )
        return items.action_claim_dunning_in_court()
