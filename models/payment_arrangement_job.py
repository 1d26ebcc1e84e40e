import logging
from datetime import timedelta

import psycopg2

from odoo import api, models
from odoo.tools import format_date

from ..tools.arrangement import BREACHING, FULFILLED

_logger = logging.getLogger(__name__)


class PaymentArrangement(models.Model):
    """What happens by itself every day: notices, warnings, lapse, fulfilment."""

    _inherit = "payment.arrangement"

    # === CRON METHODS === #

    @api.model
    def _cron_follow(self):
        """Follow the arrangements of every company."""
        groups = self._read_group(
            [("state", "in", ("offered", "active", "fulfilled"))], ["company_id"]
        )
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(groups))
        for [company] in groups:
            self.with_company(company)._follow_company(company)
            if not commit_progress(1):
                break

    # === BUSINESS METHODS === #

    @api.model
    def _follow_company(self, company):
        """Do what is due for the arrangements of a company, each on its own.

        Safe at any frequency: each message leaves its date on the instalment.
        """
        today = company._get_dunning_today()
        mine = [("company_id", "=", company.id)]
        self.search(
            [*mine, ("state", "=", "offered"), ("offer_until", "<", today)]
        )._each("_expire")
        self._get_reopened(company)._each("_reopen")
        active = self.search([*mine, ("state", "=", "active")])._without_protected()
        progress = active._get_progress(today)
        for arrangement in active:
            arrangement._each("_follow", progress[arrangement.id], today)

    def _without_protected(self):
        """Leave out the arrangements of debtors whom the law protects from letters.

        Nothing is asked of them, and nothing lapses, until their status has ended.
        """
        return self.filtered(
            lambda arrangement: (
                not (
                    (protection := arrangement.partner_id.dunning_protection_id)
                    and protection._get_effect().stops
                )
            )
        )

    def _each(self, method, *args):
        """Call a method for each arrangement that is free; an error stops no other."""
        for arrangement in self.try_lock_for_update(allow_referencing=True):
            try:
                with self.env.cr.savepoint():
                    getattr(arrangement, method)(*args)
            except psycopg2.OperationalError:
                raise  # two workers met: the whole job is tried again
            except Exception:
                _logger.exception("Arrangement %s cannot be followed", arrangement.name)

    @api.model
    def _get_reopened(self, company):
        """Return what was fulfilled until a payment was taken back."""
        candidates = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "fulfilled"),
                ("item_ids.move_line_id.reconciled", "=", False),
            ]
        )
        progress = candidates._get_progress()
        return candidates.filtered(
            lambda arrangement: progress[arrangement.id].state != FULFILLED
        )

    def _reopen(self):
        """Let the arrangement run again: a payment was taken back."""
        self.ensure_one()
        self._claim_items()
        self.write({"state": "active", "fulfilled_on": False})
        self._message_log(
            body=self.env._("A payment was taken back: the arrangement runs again.")
        )

    def _follow(self, progress, today):
        """Do what is due for this arrangement: one thing a day.

        :param Progress progress: where it stands
        :param date today: the day
        """
        self.ensure_one()
        if progress.state == FULFILLED:
            self._fulfil(today)
        elif progress.state == BREACHING:
            line = self._get_ordered_lines()[progress.current]
            if not line._is_warning_waiting():
                self._break(today)
        elif not self._chase(progress, today):
            self._announce(progress, today)

    def _chase(self, progress, today):
        """Warn or remind of the oldest instalment, when it is late.

        :return: whether there was anything to say
        :rtype: bool
        """
        line = self._get_ordered_lines()[progress.current]
        if progress.needs_warning:
            forgiven = self.forgiven_until and self.forgiven_until >= today
            # A warning that did not arrive waits for somebody to mend it.
            if not forgiven and not line.warning_error:
                self._warn(line, today)
            return True
        if progress.days_late and not line.reminder_date:
            line.reminder_date = today
            self._mail_reminder(line)
        return bool(progress.days_late)

    def _announce(self, progress, today):
        """Announce the next instalment some days before it is due."""
        days = self.company_id.dunning_arrangement_notice_days
        line = self._get_ordered_lines()[progress.current]
        if not days or line.notice_date or line.date > today + timedelta(days=days):
            return
        line.notice_date = today
        self._mail_notice(line)

    def _fulfil(self, today):
        """Confirm that all is paid."""
        self.ensure_one()
        self.write({"state": "fulfilled", "fulfilled_on": today})
        self._mail_fulfilled()

    def _break(self, today):
        """Let the arrangement lapse: the whole remainder is due.

        Dunning goes on after the term of the letter, at the level where it stood: the
        letters that were sent, also a fourteen-day notice that has lapsed, still count.
        """
        self.ensure_one()
        days = self.company_id.dunning_arrangement_lapse_days
        self.write(
            {
                "state": "broken",
                "broken_on": today,
                "lapse_deadline": today + timedelta(days=days),
            }
        )
        self._attach_lapse_letter()
        if not self._mail_lapse():
            self._extend_lapse()
        self._tell_lapsed()

    def _tell_lapsed(self):
        """Note that it lapsed, and leave it to somebody to decide what follows."""
        self.ensure_one()
        self._message_log(
            body=self.env._("The arrangement has lapsed."),
            attachment_ids=self.lapse_document_id.ids,
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Payment arrangement has lapsed"),
            note=self.env._(
                "Dunning goes on after %s. You can forgive it once, with a reason.",
                format_date(self.env, self.lapse_deadline),
            ),
            user_id=self._get_worker().id,
        )
