import logging
import uuid

import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.gc import disabling_gc

_logger = logging.getLogger(__name__)


class DunningNotice(models.Model):
    """From queue to evidence: the delivery of letters."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _deliver_batch(self):
        """Issue letters together, or one by one when that goes wrong."""
        try:
            # What is made is needed to the end of the batch: nothing to collect yet.
            with self.env.cr.savepoint(), disabling_gc():
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
        company, partners = self.company_id, self.partner_id
        steps = {
            step.item.line_id: step
            for step in MoveLine._plan_dunning(company, today, partners)
        }
        disputed = {
            line_id: step.item.special.disputed for line_id, step in steps.items()
        }
        credits = MoveLine._get_dunning_credits(company, partners)
        numbers = (self.line_ids.move_line_id + credits)._get_dunning_numbers()
        by_debtor = credits._group_by_debtor()
        items = [
            Line._list_items(
                notice.line_ids._get_due_levels(steps),
                notice._get_own_credits(by_debtor),
                numbers,
                # The limitation of what is disputed runs on as well.
                {} if notice.is_limitation else disputed,
            )
            for notice in self
        ]
        self._set_items(items, today)

    def _get_own_credits(self, credits):
        """Return those of some open credits that lower the claim of this letter.

        :param dict credits: the credits, see `_group_by_debtor`
        :rtype: recordset of `account.move.line`
        """
        self.ensure_one()
        nothing = self.env["account.move.line"]
        if self.is_limitation:
            return nothing
        return credits.get((self.partner_id.id, self.currency_id.id), nothing)

    def _has_claim(self):
        """Whether the letter still claims something from the debtor.

        What was charged before is no reason for a letter.
        """
        self.ensure_one()
        charges = self.line_ids.filtered(lambda line: line._is_charge())
        amount = self.amount_total - sum(charges.mapped("amount_residual"))
        return bool(self.line_ids.level_id) and (
            self.currency_id.compare_amounts(amount, 0) > 0
        )

    def _freeze(self, today):
        """Give the letters their references, dates, deadlines and keys."""
        for notice, reference in zip(self, self._draw_references(), strict=True):
            level = notice.level_id
            notice.write(
                {
                    "name": reference,
                    "date": today,
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
                    "channel": channel,
                    "address": notice.email
                    if channel == "email"
                    else notice.postal_address,
                }
                for notice in self
                for channel in notice._get_channels()
            ]
        )
        deliveries.filtered(lambda d: d.channel == "email")._send_by_email(
            letters or self._prepare_letter_values()
        )

    def _message_receive_bounce(self, email, partner):
        """The mail came back: the letter did not arrive."""
        # EXTENDS 'mail'
        result = super()._message_receive_bounce(email, partner)
        self.delivery_ids.filtered(
            lambda delivery: delivery.channel == "email" and delivery.state == "sent"
        )._set_failed(self.env._("The e-mail to %s came back as undeliverable.", email))
        return result
