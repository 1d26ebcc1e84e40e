import logging
import uuid
from datetime import timedelta

import psycopg2
import psycopg2.errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, split_every

from ...tools.plain_data import read_count
from ..notice.dunning_notice import MAKING_AGAIN

_logger = logging.getLogger(__name__)


#: Letters per engine call: large enough to be fast, small enough to keep memory flat.
BATCH_SIZE = 50


QUEUED = Domain("state", "=", "queued")


#: The setting, for the whole database: all companies share one queue.
PARAMETER = "l10n_nl_dunning.deliver_as_jobs"


#: After how many seconds a job tries again what somebody else had locked.
RETRY_SECONDS = 60


#: After how many minutes a letter is tried again that waits for copies of invoices.
RETRY_MINUTES = 15


#: How often; after that the job fails, and the scheduled action makes another one.
MAX_RETRIES = 10


#: A mail that the server takes within an hour after midnight keeps the day before.
MIDNIGHT_HOURS = 1


class NothingDueError(Exception):
    """Nothing is left to claim of letters that were to be made again."""


class DunningNotice(models.Model):
    """From queue to evidence: the delivery of letters."""

    _inherit = "dunning.notice"

    retry_at = fields.Datetime(
        string="Tried again at",
        readonly=True,
        copy=False,
        help="Of a letter in the queue whose copies of invoices could not be printed.",
    )

    _queue_idx = models.Index("(id) WHERE state = 'queued'")

    # === BUSINESS METHODS === #

    def _deliver_batch(self):
        """Issue letters together, or one by one when that goes wrong."""
        try:
            with self.env.cr.savepoint():
                for notices in self.grouped("company_id").values():
                    notices.with_company(notices.company_id)._issue()
        except psycopg2.OperationalError:
            raise  # two workers met: the whole job is tried again
        except Exception as error:
            if len(self) > 1:
                for notice in self:
                    notice._deliver_batch()
            else:
                self._set_failed(self._explain(error))

    def _explain(self, error):
        """Return an exception in plain words."""
        if isinstance(error, UserError):
            return str(error)
        _logger.error("Dunning letter %s cannot be issued", self.id, exc_info=error)
        return self.env._(
            "The letter could not be made because of an unexpected error: %s. Ask your "
            "administrator; the details are in the server log.",
            error,
        )

    def _issue(self):
        """Turn queued letters of one company into evidence and send them.

        Residuals are read again under lock: what was paid meanwhile drops out, and a
        letter with nothing left to claim is cancelled.
        """
        today = self.company_id._get_dunning_today()
        notices = self._lock_items()
        notices._refresh_lines(today)
        settled = notices.filtered(lambda notice: not notice._has_claim())
        for notice in settled:
            notice._cancel(self.env._("Nothing was due any more on the day of sending"))
        (notices - settled)._issue_claims(today)

    def _issue_claims(self, today):
        """Freeze, print and send letters whose claim was just read."""
        # The claim of the day is worked out before the state freezes it.
        self.flush_recordset(["amount_claim"])
        for notice in self:
            notice._check_sendable()
        self._freeze(today)
        letters = self._prepare_letter_values()
        self._attach_letters(letters)
        self._set_pending()
        self._send(letters)

    def _lock_items(self):
        """Lock the items of the letters and return the letters that were free.

        An item that somebody is paying at this moment leaves its letter in the queue.
        """
        items = self.line_ids.move_line_id
        items.invalidate_recordset(flush=True)
        locked = items.try_lock_for_update(allow_referencing=True)
        return self.filtered(lambda notice: notice.line_ids.move_line_id <= locked)

    def _refresh_lines(self, today):
        """Read the claim of today again: amounts, days late, deadlines and credits."""
        MoveLine = self.env["account.move.line"]
        Line = self.env["dunning.notice.line"]
        company, partners = self.company_id, self.partner_id.commercial_partner_id
        steps = {
            step.item.line_id: step
            for step in MoveLine._plan_dunning(company, today, partners)
        }
        self._leave_archived(steps)
        disputed = {
            line_id: step.item.special.disputed for line_id, step in steps.items()
        }
        credits = MoveLine._get_dunning_credits(company, partners)
        paid_out = credits._get_dunning_paid_out()
        numbers = (self.line_ids.move_line_id + credits)._get_dunning_numbers()
        by_debtor = credits._group_dunning_by_debtor()
        items = [
            Line._list_items(
                notice.line_ids._get_due_levels(steps),
                notice._get_own_credits(by_debtor),
                numbers,
                # The limitation of what is disputed runs on as well.
                {} if notice.is_limitation else disputed,
                paid_out,
            )
            for notice in self
        ]
        self._set_items(items, today)

    def _leave_archived(self, steps):
        """Address letters anew whose contact was archived since they were proposed.

        :param dict steps: the plan of today by item
        """
        recipients = {
            step.item.partner_id: step.item.debtor.recipient_id
            for step in steps.values()
        }
        for notice in self.filtered(lambda notice: not notice.recipient_id.active):
            debtor = notice.partner_id.commercial_partner_id
            notice.recipient_id = recipients.get(debtor.id, notice.recipient_id.id)

    def _freeze(self, today):
        """Give the letters their references, dates, deadlines and keys."""
        for notice, reference in zip(self, self._draw_references(), strict=True):
            level = notice.level_id
            notice.write(
                {
                    "name": reference,
                    "date": today,
                    "error": False,
                    "retry_at": False,
                    "deadline": level._get_deadline(today),
                    "lang": notice._get_lang(),
                    # Its page on the portal would draw one, in a write of its own.
                    "access_token": notice.access_token or str(uuid.uuid4()),
                    "responsible_id": (
                        level.responsible_id or notice.responsible_id
                    ).id,
                }
            )

    def _draw_references(self):
        """Draw a reference for each letter, in their order: the next ones in a row.

        :rtype: list[str]
        """
        Sequence = self.env["ir.sequence"]
        sequence = Sequence.search(
            [
                ("code", "=", "dunning.notice"),
                ("company_id", "in", [self.env.company.id, False]),
            ],
            order="company_id",
            limit=1,
        )
        if sequence.implementation != "standard" or sequence.use_date_range:
            return [Sequence.next_by_code("dunning.notice") for _notice in self]
        numbers = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                len(self),
            )
        )
        return [sequence.get_next_char(number) for [number] in numbers]

    def _attach_letters(self, values=None):
        """Print the letters and keep them as they were sent.

        :param dict values: what the letters say, where it is known already
        """
        letters = self._render_letters(values)
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": notice._get_letter_filename(),
                    "raw": letters[notice.id],
                    "mimetype": "application/pdf",
                    "res_model": notice._name,
                    "res_id": notice.id,
                }
                for notice in self
            ]
        )
        for notice, attachment in zip(self, attachments, strict=True):
            notice.letter_id = attachment

    def _send(self, letters=None):
        """Start a delivery for each letter and channel.

        :param dict letters: what the letters say by id, where it is known already
        """
        deliveries = self.env["dunning.delivery"].create(
            [
                {
                    "notice_id": notice.id,
                    "channel": channel.code,
                    "address": notice._get_channel_address(channel),
                    "address_cc": channel.needs == "email" and notice.email_cc,
                }
                for notice in self
                for channel in notice._get_chosen_channels()
            ]
        )
        deliveries._send(letters or self._prepare_letter_values())

    # --- A letter bears the day on which it leaves: its terms are counted from there.

    def _make_again(self, today):
        """Make letters again that leave later than on the day that they bear.

        What is claimed is read again too. The paper of before stays with the letter.

        :param date today: the day on which they leave
        :return: the letters of which nothing is due any more, left as they were
        :rtype: recordset of `dunning.notice`
        """
        settled = self.browse()
        late = self.filtered(
            lambda notice: notice.date and notice.date < today and notice._may_change()
        )
        making_again = late.with_context(dunning_making_again=MAKING_AGAIN)
        for company, notices in making_again.grouped("company_id").items():
            settled |= notices.with_company(company)._make_again_together(today)
        return settled.with_context(dunning_making_again=None)

    def _make_again_together(self, today):
        """Make letters of one company again, or one by one where one is settled.

        :return: the letters of which nothing is due any more
        """
        try:
            with self.env.cr.savepoint():
                self._refresh_lines(today)
                if not all(notice._has_claim() for notice in self):
                    raise NothingDueError
                self._work_out_claims(today)
        except NothingDueError:
            if len(self) == 1:
                return self
            return self.concat(*(n._make_again_together(today) for n in self))
        for notice in self:
            notice.write(
                {"date": today, "deadline": notice.level_id._get_deadline(today)}
            )
        self._attach_letters()
        self._message_log_batch(
            bodies={
                notice.id: self.env._(
                    "Made again: it leaves on %s, and bears that day with its terms.",
                    format_date(self.env, today),
                )
                for notice in self
            }
        )
        return self.browse()

    def _may_change(self):
        """Whether the letter may be made again before it leaves.

        To be extended by what has followed from it already.
        """
        self.ensure_one()
        return True

    def _refuse_to_post(self):
        """Refuse to post letters of which nothing is due any more.

        :raise UserError: for the first of them
        """
        if self:
            raise UserError(
                self.env._(
                    "Nothing is due any more of letter %s: do not post it, but cancel "
                    "it.",
                    self[0].display_name,
                )
            )

    def _withdraw_settled(self):
        """Withdraw letters of which nothing is due any more before their mails went."""
        reason = self.env._("Nothing was due any more on the day of sending")
        for notice in self:
            if notice.state == "pending":
                notice._cancel(reason)
            else:
                # Another channel got through before: that letter stands.
                notice.delivery_ids._cancel()

    def _is_just_past_midnight(self):
        """Whether the day of the letter was over less than an hour ago."""
        self.ensure_one()
        zone = self.with_context(tz=self.company_id._get_dunning_tz())
        now = fields.Datetime.context_timestamp(zone, fields.Datetime.now())
        return now.hour < MIDNIGHT_HOURS and self.date == now.date() - timedelta(days=1)

    def _message_receive_bounce(self, email, partner):
        """The mail came back: the letter did not arrive."""
        # EXTENDS 'mail'
        result = super()._message_receive_bounce(email, partner)
        self.delivery_ids.filtered(
            lambda delivery: delivery.channel == "email" and delivery.state == "sent"
        )._set_failed(self.env._("The e-mail to %s came back as undeliverable.", email))
        return result

    # --- The queue of letters, and how workers take their part of it.

    @api.model
    def deliver(self, limit=None):
        """Issue queued letters, without committing.

        Letters that another worker is busy with are left to it. A letter that cannot
        be issued fails with its reason and does not stop the others.

        :param int limit: how many letters at most, all of them without
        :return: the letters that left the queue
        :rtype: recordset of `dunning.notice`
        :raise UserError: when the limit is no number
        """
        return self._deliver_free(QUEUED, read_count(self.env, limit, "limit"))

    @api.model
    def _deliver_free(self, domain, limit=None):
        """Issue the letters of a domain that no other worker is busy with.

        :param Domain domain: which letters
        :param int limit: how many letters at most, all of them without
        :return: the letters that left the queue
        :rtype: recordset of `dunning.notice`
        """
        now = fields.Datetime.now()
        tried = Domain("retry_at", "=", False) | Domain("retry_at", "<=", now)
        letters = self._lock_free(domain & tried, limit)
        ready = letters._leave_to_others()._keep_copies(now)
        for ids in split_every(BATCH_SIZE, ready.ids):
            self.browse(ids)._deliver_batch()
        return letters.filtered(lambda notice: notice.state != "queued")

    def _keep_copies(self, now):
        """Print the copies of invoices that go with these letters, before the locks.

        A letter without them stays in the queue, with the reason.

        :param datetime now: the moment
        :return: the letters that can go out
        :rtype: recordset of `dunning.notice`
        """
        invoices = {notice: notice._get_invoices_to_attach() for notice in self}
        errors = self.env["account.move"].union(*invoices.values())
        errors = errors._keep_dunning_copies()
        ready = self.browse()
        for notice, moves in invoices.items():
            if reason := next((errors[move] for move in moves if move in errors), None):
                retry_at = now + timedelta(minutes=RETRY_MINUTES)
                notice.write({"error": reason, "retry_at": retry_at})
            else:
                ready |= notice
        return ready

    @api.model
    def _lock_free(self, domain, limit=None):
        """Lock the letters of a domain that no other worker has locked, oldest first.

        One statement, so that the limit counts what is free: workers side by side each
        get letters, and a batch of a long queue costs what one of a short queue does.
        """
        query = self._search(domain, order="id", limit=limit)
        table = SQL.identifier(self._table)
        locked = self.env.execute_query(
            SQL("%s FOR NO KEY UPDATE OF %s SKIP LOCKED", query.select(), table)
        )
        return self.browse([notice_id for [notice_id] in locked])

    def _leave_to_others(self):
        """Return those of these letters whose debtor no other worker writes to.

        The costs of a letter depend on what others announced, over all currencies and
        branches: of two at the same moment each would claim the minimum. So the letters
        of a debtor go out one after the other, the oldest first. Who locks one that was
        issued since the transaction began gets a serialization error, and tries again.

        :rtype: recordset of `dunning.notice`
        """
        first = {}
        for notice_id, debtor_id in self._find_elsewhere():
            first[debtor_id] = min(first.get(debtor_id, notice_id), notice_id)
        return self.filtered(
            lambda notice: (
                notice.id
                < first.get(notice.partner_id.commercial_partner_id.id, notice.id + 1)
            )
        )

    def _find_elsewhere(self):
        """Lock the queued letters to these debtors that no other worker has locked.

        :return: letter and debtor of those that another one has, as ids
        :rtype: list[tuple]
        """
        debtors = self.partner_id.commercial_partner_id
        queue = SQL(
            """
            SELECT notice.id, partner.commercial_partner_id AS debtor_id
              FROM dunning_notice notice
              JOIN res_partner partner ON partner.id = notice.partner_id
             WHERE notice.state = 'queued' AND partner.commercial_partner_id IN %s
            """,
            debtors._ids or (0,),
        )
        return self.env.execute_query(
            SQL(
                """
                WITH waiting AS (%(queue)s),
                     locked AS (%(queue)s FOR NO KEY UPDATE OF notice SKIP LOCKED)
                SELECT id, debtor_id FROM waiting
                 WHERE id NOT IN (SELECT id FROM locked)
                """,
                queue=queue,
            )
        )

    # --- Delivery as jobs, where the module `queue_job` is installed.

    @api.model
    def _delivers_as_jobs(self):
        return "queue.job" in self.env and bool(
            # sudo: whoever confirms letters may not read parameters
            self.env["ir.config_parameter"].sudo().get_param(PARAMETER)
        )

    @api.model
    def _enqueue_deliveries(self):
        """Have a job for each part of the queue; one that waits already will do."""
        numbers = {
            (notice_id - 1) // BATCH_SIZE for notice_id in self.search(QUEUED).ids
        }
        for number in sorted(numbers):
            self._get_part(number)._enqueue_delivery()

    @api.model
    def _get_part(self, number):
        """Return all letters that one job looks after, in whatever state they are.

        The parts of the queue are fixed, so that a job that waits is the job of a
        letter that comes later too: it never has to be enqueued twice.
        """
        return self.browse(
            range(number * BATCH_SIZE + 1, (number + 1) * BATCH_SIZE + 1)
        )

    def _enqueue_delivery(self, seconds=None):
        """Have a job that delivers this part of the queue.

        :param int seconds: how long it waits at least
        """
        number = self.ids[0] // BATCH_SIZE
        self.with_delay(
            identity_key=f"l10n_nl_dunning.deliver.{number}",
            description=self.env._("Deliver dunning letters, part %s", number),
            max_retries=MAX_RETRIES,
            eta=seconds,
        )._deliver_as_job()

    def _deliver_as_job(self):
        """Deliver those of these letters that are in the queue now.

        A letter that cannot be issued fails by itself, as it does without jobs.

        :return: the letters that left the queue
        :rtype: recordset of `dunning.notice`
        :raise RetryableJobError: when somebody else has locked what it needs
        """
        # Only a job calls this, so the module is there.
        from odoo.addons.queue_job.exception import RetryableJobError

        mine = QUEUED & Domain("id", "in", self.ids)
        try:
            done = self._deliver_free(mine)
        except psycopg2.OperationalError as error:
            raise RetryableJobError(str(error), seconds=RETRY_SECONDS) from error
        if left := self.search(mine):
            if not done:
                raise RetryableJobError(
                    self.env._("Other workers hold the letters %s.", left.ids),
                    seconds=RETRY_SECONDS,
                )
            # What was done counts; the rest is for another job.
            self._enqueue_delivery(RETRY_SECONDS)
        return done

    # === CRON METHODS === #

    def _set_queued(self):
        """Wake the job that delivers them."""
        # EXTENDS 'l10n_nl_dunning'
        result = super()._set_queued()
        if self:
            self._wake_delivery()
        return result

    @api.model
    def _wake_delivery(self):
        """Have the delivery job run soon, with the copies that were made of it.

        Odoo runs a scheduled action in one worker at a time, so an administrator who
        wants several workers at the queue duplicates it.
        """
        jobs = (
            self.env["ir.cron"]
            .sudo()  # clerks confirm letters, but may not read scheduled actions
            .search(
                [
                    ("model_id.model", "=", self._name),
                    ("code", "like", "model._cron_deliver()"),
                ]
            )
        )
        for job in jobs:
            job._trigger()

    @api.model
    def _cron_deliver(self):
        """Work the queue batch by batch, or hand it to jobs where that was chosen.

        What is left is done in the next call. Copies of the job may run at the same
        time, each in a worker of its own.
        """
        if self._delivers_as_jobs():
            self._enqueue_deliveries()
            return
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=self.search_count(QUEUED))
        while done := self._deliver_next():
            if not commit_progress(len(done)):
                break

    @api.model
    def _deliver_next(self):
        """Issue the next batch; when another worker was faster, the one after it."""
        while True:
            try:
                return self.deliver(limit=BATCH_SIZE)
            except psycopg2.errors.SerializationFailure:
                self.env.cr.rollback()
