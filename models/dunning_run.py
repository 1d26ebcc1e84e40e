from odoo import api, fields, models
from odoo.exceptions import UserError

from .dunning_delivery import POSTAL_CHANNELS


class DunningRun(models.Model):
    """A round: the letters that were proposed on a day, and why others were not."""

    _name = "dunning.run"
    _description = "Dunning round"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, copy=False)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(required=True, readonly=True)
    is_automatic = fields.Boolean(string="Daily proposal", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Made by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    notice_ids = fields.One2many(
        comodel_name="dunning.notice", inverse_name="run_id", string="Letters"
    )
    draft_ids = fields.One2many(
        comodel_name="dunning.notice",
        inverse_name="run_id",
        domain=[("state", "=", "draft")],
    )
    obstacle_ids = fields.One2many(
        comodel_name="dunning.run.obstacle", inverse_name="run_id", readonly=True
    )
    state = fields.Selection(
        selection=[
            ("draft", "To approve"),
            ("sending", "Sending"),
            ("done", "Done"),
        ],
        compute="_compute_progress",
        search="_search_state",
    )
    notice_count = fields.Integer(
        string="Number of letters", compute="_compute_progress"
    )
    draft_count = fields.Integer(string="Proposed", compute="_compute_progress")
    queued_count = fields.Integer(string="Queued", compute="_compute_progress")
    pending_count = fields.Integer(string="On their way", compute="_compute_progress")
    sent_count = fields.Integer(string="Sent", compute="_compute_progress")
    failed_count = fields.Integer(string="Failed", compute="_compute_progress")
    cancelled_count = fields.Integer(string="Cancelled", compute="_compute_progress")
    progress = fields.Integer(
        compute="_compute_progress", help="Letters that left the queue, in percent."
    )

    error_count = fields.Integer(
        string="With a problem", compute="_compute_error_count"
    )
    post_count = fields.Integer(string="To post", compute="_compute_post_count")

    # === COMPUTE METHODS === #

    @api.depends("notice_ids.error")
    def _compute_error_count(self):
        counts = dict(
            self.env["dunning.notice"]._read_group(
                [("run_id", "in", self.ids), ("error", "!=", False)],
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.error_count = counts.get(run._origin, 0)

    @api.depends("notice_ids.delivery_ids.state")
    def _compute_post_count(self):
        waiting = self.env["dunning.delivery"].search_fetch(
            [
                ("notice_id.run_id", "in", self.ids),
                ("state", "=", "pending"),
                ("channel", "in", POSTAL_CHANNELS),
            ],
            ["notice_id"],
        )
        by_run = waiting.grouped(lambda delivery: delivery.notice_id.run_id)
        for run in self:
            run.post_count = len(by_run.get(run._origin, ()))

    @api.depends("notice_ids.state")
    def _compute_progress(self):
        groups = self.env["dunning.notice"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        )
        counts = {(run.id, state): count for run, state, count in groups}
        states = [
            state for state, _ in self.env["dunning.notice"]._fields["state"].selection
        ]
        for run in self:
            count = {state: counts.get((run._origin.id, state), 0) for state in states}
            for state in states:
                run[f"{state}_count"] = count[state]
            total = run.notice_count = sum(count.values())
            waiting = count["draft"] + count["queued"]
            run.progress = 100 * (total - waiting) // total if total else 100
            run.state = (
                "draft" if count["draft"] else "sending" if count["queued"] else "done"
            )

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        draft = fields.Domain("notice_ids", "any", [("state", "=", "draft")])
        queued = fields.Domain("notice_ids", "any", [("state", "=", "queued")])
        domains = {
            "draft": draft,
            "sending": queued & ~draft,
            "done": ~queued & ~draft,
        }
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self.notice_ids._unlink_except_issued()

    def unlink(self):
        # The letters of a discarded round are proposals and go with it.
        self.notice_ids.unlink()
        return super().unlink()

    # === ACTION METHODS === #

    def action_confirm(self):
        """Approve the proposed letters of the round: the delivery job sends them.

        Letters that cannot go out stay proposed, with the reason.
        """
        drafts = self.notice_ids.filtered(lambda notice: notice.state == "draft")
        if not drafts:
            raise UserError(
                self.env._("There is no proposed letter in this round to confirm.")
            )
        stuck = drafts._queue_sendable()
        return stuck._action_explain_stuck() if stuck else True

    def action_open(self):
        """Open this round."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_discard(self):
        """Throw a proposal away, as long as none of its letters was issued."""
        self.unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_run_action"
        )

    def action_open_notices(self):
        """Open the letters of the round, or those of the state in the context."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_notice_action"
        )
        domain = fields.Domain("run_id", "=", self.id)
        if state := self.env.context.get("notice_state"):
            domain &= fields.Domain("state", "=", state)
        action["domain"] = list(domain)
        action["context"] = {}
        return action

    def action_print_for_post(self):
        """Open one PDF with the letters of the round that have to be posted."""
        return self.notice_ids._action_print_for_post()
