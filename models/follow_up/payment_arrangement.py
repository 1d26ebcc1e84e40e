import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date

from ...law import notice_term
from ...tools.actions import open_dialog, open_file
from ..arrangement.engine.progress import BREACHING, FULFILLED
from ..signature.payment_arrangement import WARNING_TEMPLATE

_logger = logging.getLogger(__name__)


ACTIVITY = "mail.mail_activity_data_todo"


class PaymentArrangement(models.Model):
    """What happens by itself every day: notices, warnings, lapse, fulfilment."""

    _inherit = "payment.arrangement"

    warning_error = fields.Text(
        string="Why the warning did not arrive", compute="_compute_warning_error"
    )
    lapse_document_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Letter that it lapsed",
        readonly=True,
        copy=False,
    )
    can_forgive = fields.Boolean(compute="_compute_can_forgive")

    # === COMPUTE METHODS === #

    @api.depends("line_ids.warning_error", "state")
    def _compute_warning_error(self):
        for arrangement in self:
            arrangement.warning_error = arrangement.next_line_id.warning_error

    def _compute_can_forgive(self):
        for arrangement in self:
            arrangement.can_forgive = not arrangement.forgiven_until and (
                arrangement.state == "broken" or arrangement.days_late > 0
            )

    # === ACTION METHODS === #

    def action_warn_again(self):
        """Send the warning that did not arrive once more, with a new term."""
        self.ensure_one()
        line = self._get_line_to_warn()
        self.activity_unlink([ACTIVITY])
        self._warn(line, self.company_id._get_dunning_today())

    def action_print_warning(self):
        """Print the warning for the post; its term allows for the delivery.

        :return: the action that shows the PDF
        :rtype: dict
        """
        self.ensure_one()
        line = self._get_line_to_warn()
        today = self.company_id._get_dunning_today()
        line._set_warned(today, notice_term(today, self.warning_days).last_day)
        line.warning_mail_id = False
        document = self._attach_warning_letter(line, today)
        self._message_log(
            body=self.env._("Warning printed for the post"),
            attachment_ids=document.ids,
        )
        self.activity_unlink([ACTIVITY])
        return open_file(document)

    def action_forgive(self):
        """Ask why and until when it is forgiven."""
        self.ensure_one()
        return open_dialog(
            "payment.arrangement.forgive",
            self.env._("Forgive once"),
            default_arrangement_id=self.id,
        )

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

    # --- The e-mails of the daily job.

    def _mail_notice(self, line):
        """Announce an instalment."""
        values = self._prepare_letter_values()
        env, fmt = values["arrangement"].env, values["fmt"]
        terms = {"amount": fmt.amount(line.amount_open), "day": fmt.date(line.date)}
        self._mail(
            values,
            env._("Instalment of %(amount)s by %(day)s", **terms),
            [
                env._(
                    "The next instalment of arrangement %s is due soon. Have you paid "
                    "already? Then disregard this message.",
                    self.name,
                )
            ],
            button=env._("View the arrangement"),
            line=line,
        )

    def _mail_reminder(self, line):
        """Remind of an instalment that was not received."""
        values = self._prepare_letter_values()
        env, fmt = values["arrangement"].env, values["fmt"]
        self._mail(
            values,
            env._("We have not received an instalment (%s)", self.name),
            [
                env._(
                    "The instalment of %(day)s has not arrived yet: %(amount)s is "
                    "open. Please pay it today. Is something the matter? Tell us.",
                    day=fmt.date(line.date),
                    amount=fmt.amount(line.amount_open),
                )
            ],
            button=env._("View the arrangement"),
            line=line,
        )

    def _mail_warning(self, line):
        """Warn that the arrangement is about to lapse.

        :return: the mail, if there is an address for it
        """
        values = self._prepare_letter_values()
        return self._mail(
            values,
            *self._get_warning(values, line),
            button=values["arrangement"].env._("View the arrangement"),
            line=line,
        )

    def _get_warning(self, values, line):
        """Return the subject and the text of the warning, in the language of a letter.

        :param dict values: the values of the letter
        :param line: the instalment that is late
        :rtype: tuple[str, list[str]]
        """
        env, fmt = values["arrangement"].env, values["fmt"]
        return env._("Warning: payment arrangement %s lapses", self.name), [
            env._(
                "The instalment of %(date)s is still not paid: %(amount)s is open.",
                date=fmt.date(line.date),
                amount=fmt.amount(line.amount_open),
            ),
            values["notice"]._say(
                "arrangement_warned",
                day=fmt.date(line.warned_until),
                open=fmt.amount(self.amount_open),
            ),
        ]

    def _mail_lapse(self):
        """Send the letter that the arrangement has lapsed.

        :return: the mail, if there is an address for it
        """
        values = self._prepare_letter_values()
        env = values["arrangement"].env
        return self._mail(
            values,
            env._("Payment arrangement %s has lapsed", self.name),
            [
                env._(
                    "The arrangement has lapsed, because an instalment was not paid "
                    "after our warning. See the letter enclosed."
                ),
                self._say_remainder(values["notice"]),
            ],
            documents=self.lapse_document_id,
        )

    def _mail_fulfilled(self):
        """Confirm that all is paid."""
        values = self._prepare_letter_values()
        env = values["arrangement"].env
        self._mail(
            values,
            env._("Payment arrangement %s: all is paid", self.name),
            [
                env._(
                    "We have received all instalments of the arrangement. With this it "
                    "is done. Thank you for keeping to it."
                )
            ],
        )

    # --- E-mails that do not arrive: they do not count, and somebody gets to know.

    def _attach_warning_letter(self, line, today):
        """Print the warning, with the code to pay the instalment, and keep it.

        :param line: the instalment that is late
        :param date today: the day
        :return: the `ir.attachment`
        """
        self.ensure_one()
        values = self._prepare_letter_values()
        letter = values["notice"]
        subject, paragraphs = self._get_warning(values, line)
        return self._attach_letter(
            WARNING_TEMPLATE,
            letter.env._("Warning"),
            subject=subject,
            paragraphs=paragraphs,
            date=today,
            line=line,
            payment=letter._prepare_transfer(self.item_ids.move_id, line.amount_open),
            density="",
        )

    def _get_line_to_warn(self):
        """Return the instalment of which the warning did not arrive, under lock.

        :raise UserError: when there is none any more
        """
        self._lock()
        self._check_state("active")
        if not self.warning_error:
            raise UserError(
                self.env._("There is nothing to warn about any more. Reload the page.")
            )
        return self.next_line_id

    def _warn(self, line, today):
        """Warn by e-mail; a warning that cannot be mailed starts no term.

        :param line: the instalment that is late
        :param date today: the day
        """
        self.ensure_one()
        line._set_warned(today, fields.Date.add(today, days=self.warning_days))
        mail = self._mail_warning(line)
        line.warning_mail_id = mail
        if not mail:
            _address, error = self._get_mail_address(self._get_letter())
            line._set_warning_failed(error)

    def _set_mail_sent(self, mail):
        """The mail server accepted an e-mail; the term of a warning runs from now."""
        self.ensure_one()
        line = self.line_ids.filtered(lambda line: line.warning_mail_id == mail)
        if line and self.state == "active":
            today = self.company_id._get_dunning_today()
            term = fields.Date.add(today, days=self.warning_days)
            line._set_warned(today, max(term, line.warned_until or term))

    def _set_mail_failed(self, mail, error):
        """An e-mail did not go out.

        :param mail: the `mail.mail`
        :param str error: what went wrong, in plain words
        """
        self.ensure_one()
        line = self.line_ids.filtered(lambda line: line.warning_mail_id == mail)
        line._set_warning_failed(error)
        if self.state == "broken" and self.lapse_document_id in mail.attachment_ids:
            self._extend_lapse()
        self._set_undelivered(error, mail.subject)

    def _message_receive_bounce(self, email, partner):
        """An e-mail came back; nobody says which, so what depends on one rests."""
        # EXTENDS 'mail'
        result = super()._message_receive_bounce(email, partner)
        error = self.env._("The e-mail to %s came back as undeliverable.", email)
        for arrangement in self:
            signer = arrangement.offered_by_id or arrangement.responsible_id
            if email_normalize(email) != signer.email_normalized:
                arrangement._set_bounced(error)
            arrangement._set_undelivered(error)
        return result

    def _set_bounced(self, error):
        """Let no term run that a letter to the debtor started by e-mail."""
        self.ensure_one()
        line = self.next_line_id
        # sudo: the queue belongs to the system
        if line.sudo().warning_mail_id and line.warned_until:
            line._set_warning_failed(error)
        if self.state == "broken":
            self._extend_lapse()

    def _extend_lapse(self):
        """Print the letter that it lapsed again, with a term for the post."""
        self.ensure_one()
        days = self.company_id.dunning_arrangement_lapse_days
        today = self.company_id._get_dunning_today()
        last_day = notice_term(today, days).last_day
        self.lapse_deadline = max(last_day, self.lapse_deadline or last_day)
        self._attach_lapse_letter()

    # --- Once, somebody may look through the fingers.

    def _forgive(self, reason, until):
        """Forgive once that an instalment is late; what has lapsed runs again.

        :param str reason: why
        :param date until: last day to pay what is late
        :raise UserError: when it was forgiven before, or there is nothing to forgive
        """
        self.ensure_one()
        self._lock()
        self._check_forgivable(until)
        if self.state == "broken":
            self._claim_items()
        self.write(
            {
                "state": "active",
                "broken_on": False,
                "lapse_deadline": False,
                "forgiven_until": until,
                "forgiven_reason": reason,
            }
        )
        self._message_log(
            body=self.env._(
                "Forgiven once, up to and including %(day)s: %(reason)s",
                day=format_date(self.env, until),
                reason=reason,
            )
        )

    def _check_forgivable(self, until):
        """Check that it can be forgiven.

        :param date until: last day to pay what is late
        :raise UserError: saying why it cannot
        """
        self._check_state("active", "broken")
        if self.forgiven_until:
            raise UserError(
                self.env._(
                    "This arrangement was forgiven before. Draw up a new one in its "
                    "place."
                )
            )
        if until < self.company_id._get_dunning_today():
            raise UserError(self.env._("Choose a last day that is not in the past."))

    # --- Offers that expired, though the debtor had signed them on paper in time.

    def _prepare_signing(self, day):
        # EXTENDS 'l10n_nl_dunning'
        if self.state == "expired":
            self._revive(day)
        return super()._prepare_signing(day)

    def _revive(self, day):
        """Open an expired offer again, because it was signed in time.

        What the offer asks, and until when, stays as it was signed. Instalments whose
        day has passed meanwhile are late from the start.

        :param date day: when the debtor signed
        :raise UserError: when it was offered anew or paid, or its items are in another
            arrangement
        """
        self.ensure_one()
        self._check_not_offered_anew()
        self._claim_items()
        self._check_items_open()
        self.write({"ended_on": False, "end_reason": False})
        self._message_log(
            body=self.env._(
                "Signed on %(day)s, while the offer was open until %(until)s: it is "
                "valid after all.",
                day=format_date(self.env, day),
                until=format_date(self.env, self.offer_until),
            )
        )

    def _check_not_offered_anew(self):
        """Check that the debtor got no other offer in the place of this one.

        :raise UserError: naming the other offer
        """
        self.ensure_one()
        newer = self.replaced_by_ids.filtered("offered_on")
        if newer:
            raise UserError(
                self.env._(
                    "%(newer)s was offered in the place of %(arrangement)s. Let the "
                    "customer sign that one, or draw up a new arrangement.",
                    newer=newer[0].name,
                    arrangement=self.name,
                )
            )

    def _check_items_open(self):
        """Check that there is something left to pay in instalments.

        :raise UserError: when all items are paid or withdrawn
        """
        self.ensure_one()
        items = self.item_ids.move_line_id
        if not items.filtered(
            lambda line: line.parent_state == "posted" and not line.reconciled
        ):
            raise UserError(
                self.env._(
                    "Nothing is open any more on the items of %s. There is nothing to "
                    "pay in instalments.",
                    self.name,
                )
            )

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
