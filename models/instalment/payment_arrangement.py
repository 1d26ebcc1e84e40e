from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ..arrangement.engine.progress import (
    BREACHING,
    LATE,
    ON_TIME,
    WARNED,
    Instalment,
    follow,
    since_start,
)
from ..timeline.res_partner import Event


class PaymentArrangement(models.Model):
    """What became of an arrangement: derived from the ledger, never stored."""

    _inherit = "payment.arrangement"

    progress = fields.Selection(
        selection=[
            (ON_TIME, "On time"),
            (LATE, "Late"),
            (WARNED, "Warned"),
            (BREACHING, "About to lapse"),
            ("fulfilled", "Paid"),
        ],
        compute="_compute_progress",
        search="_search_progress",
    )
    amount_paid = fields.Monetary(string="Paid", compute="_compute_progress")
    amount_open = fields.Monetary(string="Still open", compute="_compute_progress")
    next_line_id = fields.Many2one(
        comodel_name="payment.arrangement.line",
        string="Next instalment",
        compute="_compute_progress",
    )
    next_date = fields.Date(string="Due on", compute="_compute_progress")
    next_amount = fields.Monetary(string="Next amount", compute="_compute_progress")
    days_late = fields.Integer(compute="_compute_progress")
    breaks_on = fields.Date(
        string="Lapses on",
        compute="_compute_progress",
        search="_search_breaks_on",
        help="The day on which it lapses when the instalment is not paid.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "line_ids.amount", "line_ids.date", "line_ids.warned_until")
    def _compute_progress(self):
        progress = self._origin._get_progress()
        for arrangement in self:
            followed = progress.get(arrangement._origin.id)
            lines = arrangement._origin._get_ordered_lines()
            is_active = arrangement.state == "active"
            current = followed.current if followed and is_active else None
            line = lines[current] if current is not None else lines.browse()
            is_known = followed and arrangement.state not in ("draft", "offered")
            arrangement.progress = followed.state if is_active and followed else False
            arrangement.amount_paid = float(followed.received) if is_known else 0
            arrangement.amount_open = (
                float(followed.open) if is_known else arrangement.amount_total
            )
            arrangement.next_line_id = line
            arrangement.next_date = line.date
            arrangement.next_amount = (
                float(followed.open_of(current)) if current is not None else 0
            )
            arrangement.days_late = followed.days_late if is_active and followed else 0
            arrangement.breaks_on = is_active and followed and followed.breaks_on

    def _search_progress(self, operator, value):
        if operator != "in":
            return NotImplemented
        # What is late has an instalment past its day, in whatever time zone.
        today = self.env.company._get_dunning_today()
        late = Domain("line_ids.date", "<=", today)
        is_late = {LATE, WARNED, BREACHING}.issuperset(value)
        progress = self._get_active_progress(late if is_late else Domain.TRUE)
        found = [key for key, followed in progress.items() if followed.state in value]
        domain = Domain("id", "in", found)
        return domain | Domain("state", "!=", "active") if False in value else domain

    def _search_breaks_on(self, operator, value):
        """Find what lapses on some days; for the filter “tomorrow”."""
        if operator not in ("in", "<=", "<"):
            return NotImplemented
        if operator == "in":
            wanted = {fields.Date.to_date(day) for day in value if day}
        else:
            last = fields.Date.to_date(value) - timedelta(days=operator == "<")
        # Without a warning it does not lapse.
        warned = Domain("line_ids.warned_until", "!=", False)
        found = [
            key
            for key, followed in self._get_active_progress(warned).items()
            if followed.breaks_on
            and (
                followed.breaks_on in wanted
                if operator == "in"
                else followed.breaks_on <= last
            )
        ]
        return Domain("id", "in", found)

    # === BUSINESS METHODS === #

    @api.model
    def _get_active_progress(self, domain=Domain.TRUE):
        return self.search(Domain("state", "=", "active") & domain)._get_progress()

    def _get_progress(self, today=None):
        """Work out where these arrangements stand: two statements for all.

        What was received is what was paid on the items since the arrangement was drawn
        up, whatever the day of payment, and the open payments of the debtor that are
        not allocated: interest and costs that are not in the ledger can only be paid
        that way. Open payments count for the oldest arrangement of the debtor that
        runs. Credit notes, also those not allocated yet, shorten the arrangement from
        its end.

        :param date today: the day; today for the company without one
        :return: `Progress` by id
        :rtype: dict[int, Progress]
        """
        entries = self.item_ids._get_entries_since_start()
        credits = self._get_open_credits()
        progress = {}
        for arrangement in self:
            received = [
                *(entry for item in arrangement.item_ids for entry in entries[item]),
                *credits.get(arrangement, ()),
            ]
            progress[arrangement.id] = follow(
                arrangement._get_instalments(),
                [(day, amount) for day, amount, is_note in received if not is_note],
                sum((amount for _d, amount, is_note in received if is_note), Decimal()),
                today or arrangement.company_id._get_dunning_today(),
                arrangement.forgiven_until or None,
            )
        return progress

    def _get_instalments(self):
        """Return the instalments as the pure rule sees them."""
        self.ensure_one()
        return [
            Instalment(
                due=line.date,
                amount=self._to_decimal(line.amount),
                grace_days=self.grace_days,
                warned_until=line.warned_until or None,
            )
            for line in self._get_ordered_lines()
        ]

    def _get_open_credits(self):
        """Return what debtors paid and nobody allocated since the start: one statement.

        :return: entries (day, amount, is credit note) by arrangement
        :rtype: dict[payment.arrangement, list[tuple]]
        """
        first = self._get_first_of_debtors()
        arrangements = self.union(*first.values())
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "in", arrangements.company_id.ids),
                ("partner_id.commercial_partner_id", "in", arrangements.partner_id.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", "<", 0),
            ]
        )
        credits = defaultdict(list)
        for line in lines:
            debtor = line.partner_id.commercial_partner_id
            arrangement = first.get((line.company_id, debtor, line.currency_id))
            if arrangement and line.date >= arrangement.date:
                amount = arrangement._to_decimal(-line.amount_residual_currency)
                is_note = line.move_type == "out_refund"
                credits[arrangement].append((line.date, amount, is_note))
        return {
            arrangement: arrangement._leave_out_set_off(sorted(found), lines)
            for arrangement, found in credits.items()
        }

    def _leave_out_set_off(self, entries, lines):
        """Leave out open credits of the first day that were taken off the total.

        :param list entries: open credits since that day, see `_get_open_credits`
        :param lines: all open credits, also those from before that day
        :rtype: list[tuple]
        """
        self.ensure_one()
        before = lines.filtered(
            lambda line: (
                (
                    line.company_id,
                    line.partner_id.commercial_partner_id,
                    line.currency_id,
                )
                == self._get_claim_key()
                and line.date < self.date
            )
        )
        earlier = -sum(before.mapped("amount_residual_currency"))
        set_off = sum(self.item_ids.mapped("set_off")) - earlier
        same_day = [entry for entry in entries if entry[0] == self.date]
        later = [entry for entry in entries if entry[0] != self.date]
        return since_start(same_day, self._to_decimal(max(set_off, 0))) + later

    def _get_first_of_debtors(self):
        """Return for which arrangement of each debtor his open payments count.

        That is the oldest one that runs, else the oldest of these that ended.

        :return: arrangements by company, debtor and currency
        :rtype: dict[tuple, payment.arrangement]
        """
        rivals = self.filtered(lambda a: a.state in ("fulfilled", "broken"))
        rivals |= self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("partner_id", "in", self.partner_id.ids),
                ("state", "=", "active"),
            ]
        )
        first = {}
        for arrangement in rivals.sorted(lambda a: (a.state != "active", a.id)):
            first.setdefault(arrangement._get_claim_key(), arrangement)
        return first

    def _get_claim_key(self):
        self.ensure_one()
        return self.company_id, self.partner_id, self.currency_id

    # --- The time line of the debtor.

    def _get_events(self):
        """Return what the time line tells of this arrangement.

        :rtype: list[Event]
        """
        self.ensure_one()
        steps = (
            (self.offered_on, self.env._("Arrangement offered"), ""),
            (self.started_on, self.env._("Arrangement signed"), "success"),
            (self.fulfilled_on, self.env._("Arrangement fulfilled"), "success"),
            (self.broken_on, self.env._("Arrangement lapsed"), "danger"),
            (self.ended_on, self.env._("Arrangement ended"), "warning"),
        )
        return [
            Event(
                day=day,
                kind="arrangement",
                title=title,
                detail=" · ".join(filter(None, (self.name, self.end_reason)))
                if day == self.ended_on
                else self.name,
                amount=self.currency_id.format(self.amount_total),
                model=self._name,
                record_id=self.id,
                tone=tone,
            )
            for day, title, tone in steps
            if day
        ]
