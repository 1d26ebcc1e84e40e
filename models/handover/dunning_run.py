from odoo import api, fields, models


class DunningRun(models.Model):
    """Rounds propose to hand over what has reached that level of its ladder."""

    _inherit = "dunning.run"

    handover_ids = fields.One2many(
        comodel_name="dunning.handover", inverse_name="run_id", readonly=True
    )
    handover_count = fields.Integer(
        string="Proposed for handover", compute="_compute_handover_count"
    )

    # === COMPUTE METHODS === #

    @api.depends("handover_ids")
    def _compute_handover_count(self):
        for run in self:
            run.handover_count = len(run.handover_ids)

    # === ACTION METHODS === #

    def action_open_handovers(self):
        """Open what the round proposes to hand over."""
        return self.handover_ids.action_open()

    # === BUSINESS METHODS === #

    @api.model
    def _create_from_steps(self, company, date, steps):
        run = super()._create_from_steps(company, date, steps)
        reached = [
            step
            for step in steps
            if step.obstacle == "finished" and step.rung and not step.rung.is_letter
        ]
        if reached:
            run.handover_ids = self.env["dunning.handover"]._propose_steps(reached)
        return run
