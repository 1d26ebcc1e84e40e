from odoo import api, fields, models

from .dunning_notice import OPEN_STATES


class DunningNotice(models.Model):
    """What was waived of what a letter claims."""

    _inherit = "dunning.notice"

    waiver_ids = fields.Many2many(
        comodel_name="dunning.waiver", string="Waivers", compute="_compute_waiver_ids"
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.move_line_id.dunning_waiver_ids")
    def _compute_waiver_ids(self):
        for notice in self:
            items = notice.line_ids.filtered("level_id").move_line_id
            notice.waiver_ids = items.dunning_waiver_ids

    # === ACTION METHODS === #

    def action_waive(self):
        """Ask what is waived of the claim in these letters, and why."""
        items = self.line_ids.filtered("level_id").move_line_id
        return items.action_waive_dunning()

    # === BUSINESS METHODS === #

    @api.model
    def _work_out_proposals(self, items):
        """Work out again what proposed letters about some items ask for.

        :param items: the items (`account.move.line`)
        """
        lines = self.env["dunning.notice.line"].search(
            [("move_line_id", "in", items.ids), ("state", "in", OPEN_STATES)]
        )
        for company, notices in lines.notice_id.grouped("company_id").items():
            notices._work_out_claims(company._get_dunning_today())
