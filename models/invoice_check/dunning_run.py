from odoo import api, fields, models


class DunningRun(models.Model):
    """How many proposed letters the check of the invoices has something to say to."""

    _inherit = "dunning.run"

    finding_count = fields.Integer(
        string="Letters with findings", compute="_compute_finding_count"
    )

    # === COMPUTE METHODS === #

    @api.depends("draft_ids.finding_count")
    def _compute_finding_count(self):
        for run in self:
            run.finding_count = len(run.draft_ids.filtered("finding_count"))
