import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

_logger = logging.getLogger(__name__)


class DunningRun(models.Model):
    """How a round comes about: asked for by somebody, or proposed every day."""

    _inherit = "dunning.run"

    # === BUSINESS METHODS === #

    @api.model
    def propose(self, company, date=None, policies=None, partners=None):
        """Propose a letter for each debtor who has something due.

        Owners of pauses that are over are told first, as the daily job does: what they
        were not told of is left alone today.

        :param company: the `res.company` whose items are dunned
        :param date date: the day of the round, today without one
        :param policies: only items that follow these policies
        :param partners: only these debtors
        :return: the round with its draft letters, and why other items got none
        :rtype: recordset of `dunning.run`
        :raise UserError: when the round cannot be made on this date
        """
        self = self.with_company(company)
        today = company._get_dunning_today()
        date = date or today
        self._check_date(company, date, today)
        if not company.sudo().try_lock_for_update(allow_referencing=True):
            # sudo: a row lock on the company keeps two rounds apart
            raise UserError(
                self.env._(
                    "Another round is being made for %s at this moment. Try again in a "
                    "minute.",
                    company.name,
                )
            )
        self.env["dunning.hold"]._announce_expiry(company)
        steps = self.env["account.move.line"]._plan_dunning(
            company, date, partners.commercial_partner_id if partners else None
        )
        if policies:
            steps = [step for step in steps if step.policy_id in policies._ids]
        return self._create_from_steps(company, date, steps)

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
        self.env["account.move.line"]._remind_limitation(company)
        self.env["dunning.hold"]._announce_expiry(company)
        self.env["dunning.protection"]._announce_expiry(company)
        if company.dunning_propose_daily:
            self._propose_daily(company)

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
