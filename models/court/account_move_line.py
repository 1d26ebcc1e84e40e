from odoo import models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Items that are claimed in court."""

    _inherit = "account.move.line"

    # === ACTION METHODS === #

    def action_claim_dunning_in_court(self):
        """Prepare a claim in court of those of these items that are open."""
        items = self.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and not line.reconciled
                and line.amount_residual > 0
                and line.partner_id
            )
        )
        if not items:
            raise UserError(
                self.env._("Choose posted invoices of which something is open.")
            )
        return self.env["dunning.court.claim"]._prepare_claims(items).action_open()
