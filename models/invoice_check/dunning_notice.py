from markupsafe import Markup

from odoo import api, fields, models

TITLE = Markup('<div class="fw-bold">%s</div>%s')


class DunningNotice(models.Model):
    """What the check of the invoices finds before their first letter goes out."""

    _inherit = "dunning.notice"

    finding_count = fields.Integer(string="Findings", compute="_compute_findings")
    findings = fields.Html(
        string="Invoice check", compute="_compute_findings", sanitize=False
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "line_ids.move_id.dunning_findings")
    @api.depends_context("lang")
    def _compute_findings(self):
        """Tell the findings of proposed letters; what went out is past checking."""
        for notice in self:
            moves = notice.line_ids.filtered("level_id").move_id
            moves = moves.filtered(
                lambda move, draft=notice.state == "draft": (
                    draft and move.dunning_finding_count
                )
            )
            notice.finding_count = sum(moves.mapped("dunning_finding_count"))
            notice.findings = Markup("").join(
                TITLE % (move.name, move.dunning_findings) for move in moves
            )
