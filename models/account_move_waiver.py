from odoo import api, fields, models

from .res_partner import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """What was waived of the interest and costs on an invoice."""

    _inherit = "account.move"

    dunning_waiver_ids = fields.Many2many(
        comodel_name="dunning.waiver",
        string="Waivers",
        compute="_compute_dunning_waiver_ids",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.dunning_waiver_ids")
    def _compute_dunning_waiver_ids(self):
        for move in self:
            items = move.dunning_item_ids._get_waivable_items()
            move.dunning_waiver_ids = items.dunning_waiver_ids

    # === ACTION METHODS === #

    def action_waive_dunning(self):
        """Ask what is waived of the claim on these invoices, and why."""
        return self.dunning_item_ids.action_waive_dunning()
