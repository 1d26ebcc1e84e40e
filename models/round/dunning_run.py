import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.actions import open_form
from ...tools.plain_data import read_day, read_records

_logger = logging.getLogger(__name__)


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
                ("channel", "in", self.env["dunning.notice"]._get_posted_channels()),
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
            leaving = count["queued"] + count["pending"]
            run.state = "draft" if count["draft"] else "sending" if leaving else "done"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        draft = fields.Domain("notice_ids", "any", [("state", "=", "draft")])
        leaving = fields.Domain(
            "notice_ids", "any", [("state", "in", ("queued", "pending"))]
        )
        domains = {
            "draft": draft,
            "sending": leaving & ~draft,
            "done": ~leaving & ~draft,
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
        return open_form(self)

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

    def action_open_post(self):
        """Open what is still to be posted of this round."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_delivery_action_post"
        )
        channels = self.env["dunning.notice"]._get_posted_channels()
        postal = fields.Domain("channel", "in", channels)
        action["domain"] = list(
            postal & fields.Domain("notice_id.run_id", "=", self.id)
        )
        return action

    def action_print_for_post(self):
        """Open one PDF with the letters of the round that have to be posted."""
        return self.notice_ids._action_print_for_post()

    # === BUSINESS METHODS === #

    @api.model
    def propose(self, company, date=None, policies=None, partners=None):
        """Propose a letter for each debtor who has something due.

        Owners of pauses that are over are told first, as the daily job does: what they
        were not told of is left alone today.

        The external API passes ids and days as text, and gets the id of the round.

        :param company: the `res.company` whose items are dunned, or its id
        :param date date: the day of the round, today without one
        :param policies: only items that follow these policies, or their ids
        :param partners: only these debtors, or their ids
        :return: the round with its draft letters, and why other items got none
        :rtype: recordset of `dunning.run`
        :raise UserError: when the round cannot be made on this date, or for what was
            passed
        """
        self.check_access("create")
        company = self._read_company(company)
        self = self.with_company(company)
        policies = read_records(self.env["dunning.policy"], policies, "policies")
        partners = read_records(self.env["res.partner"], partners, "partners")
        today = company._get_dunning_today()
        date = read_day(self.env, date) or today
        self._check_date(company, date, today)
        self._lock_rounds(company)
        self._prepare_round(company)
        steps = self.env["account.move.line"]._plan_dunning(
            company, date, partners.commercial_partner_id if partners else None
        )
        if policies:
            steps = [step for step in steps if step.policy_id in policies._ids]
        return self._create_from_steps(company, date, steps)

    @api.model
    def _prepare_round(self, company):
        """Do what comes before the plan of a round, by hand or by the daily job.

        To be extended by rooms in which something ends on a day.

        :param company: the `res.company`
        """

    @api.model
    def _lock_rounds(self, company):
        """Keep other rounds of a company away until the transaction ends.

        :raise UserError: when one is being made at this moment
        """
        # sudo: a row lock on the company, which the user need not be able to write
        if not company.sudo().try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "Another round is being made for %s at this moment. Try again in a "
                    "minute.",
                    company.name,
                )
            )

    @api.model
    def _read_company(self, company):
        """Return the company that is meant.

        :param company: the `res.company`, or the id of one of those of the user
        :raise UserError: when there is not exactly one
        :raise AccessError: when the id is not one of the user's
        """
        found = read_records(self.env["res.company"], company, "company")
        if len(found) != 1:
            raise UserError(
                self.env._("Pass one company, whose items are to be dunned.")
            )
        return found if company is found else self.with_company(found).env.company

    @api.model
    def _check_date(self, company, date, today):
        """Check that a round may be dated on a day.

        :raise UserError: saying what to do
        """
        if date > today:
            raise UserError(
                self.env._(
                    "The round cannot be dated in the future (%s). Choose today or an "
                    "earlier date.",
                    format_date(self.env, date),
                )
            )
        locks = company._get_violated_lock_dates(
            date, False, self.env["account.journal"]
        )
        if locks:
            raise UserError(
                self.env._(
                    "The round cannot be dated %(date)s, because the books are locked "
                    "up to %(lock)s. Choose a later date.",
                    date=format_date(self.env, date),
                    lock=format_date(self.env, locks[-1][0]),
                )
            )

    @api.model
    def _create_from_steps(self, company, date, steps):
        """Record a plan: letters for what is due, a count of what is not."""
        run = self.create(
            {
                "name": self.env["ir.sequence"].next_by_code("dunning.run"),
                "company_id": company.id,
                "date": date,
                "is_automatic": bool(self.env.context.get("dunning_daily")),
            }
        )
        self.env["dunning.notice"]._propose(
            run, [step for step in steps if not step.obstacle]
        )
        self.env["dunning.run.obstacle"]._record(
            run, [step for step in steps if step.obstacle]
        )
        return run

    # === CRON METHODS === #

    @api.model
    def _cron_propose(self):
        """Warn of claims about to lapse and propose letters, company by company."""
        companies = self.env["res.company"].search(
            Domain("dunning_propose_daily", "=", True)
            | Domain("account_fiscal_country_id.code", "=", "NL")
        )
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(companies))
        self.env["dunning.interest.rate"]._remind(fields.Date.context_today(self))
        for company in companies:
            try:
                with self.env.cr.savepoint():
                    self._work_daily(company)
            except psycopg2.OperationalError:
                raise  # two workers met: the whole job is tried again
            except Exception:
                # One company with an error does not stop the others.
                _logger.exception("No dunning letters proposed for %s", company.name)
            if not commit_progress(1):
                break

    @api.model
    def _work_daily(self, company):
        """Tell what needs attention and, if wanted, propose letters."""
        self._remind(company)
        self._prepare_round(company)
        if company.dunning_propose_daily:
            self._propose_daily(company)

    @api.model
    def _remind(self, company):
        """Tell, once a day, what needs somebody's attention: see `_prepare_round`.

        :param company: the `res.company`
        """

    @api.model
    def _propose_daily(self, company):
        """Propose the letters of the day and queue those that need no approval.

        Safe at any frequency: what was proposed already is not proposed again, and a
        round without letters leaves no trace.

        :return: the round, empty when there is nothing to propose
        :rtype: recordset of `dunning.run`
        """
        run = self.with_context(dunning_daily=True).propose(company)
        if not run.notice_ids:
            run.unlink()
            return self.browse()
        automatic = run.notice_ids.filtered(
            lambda notice: all(notice.line_ids.level_id.mapped("is_automatic"))
        )
        automatic._set_queued()
        return run
