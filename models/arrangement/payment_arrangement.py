from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import format_date

from ...tools.actions import open_dialog, open_form
from ..claim.engine.interest import count_interest
from .engine.instalments import pay_first
from .engine.progress import LIVE_STATES

#: What an arrangement takes over from the wizard.
TERMS = (
    "division",
    "instalment_count",
    "instalment_amount",
    "down_payment",
    "first_date",
    "rhythm",
    "month_day",
    "interest_policy",
    "grace_days",
    "warning_days",
)


#: What stands in the offer, so that what is signed is what was read.
FROZEN_FIELDS = {
    *TERMS,
    "company_id",
    "partner_id",
    "currency_id",
    "date",
    "amount_running",
    "name",
}


class PaymentArrangement(models.Model):
    """An agreement to pay open items in instalments.

    It lies over the items and never changes an entry. What people decide is stored:
    the offer, the signatures, that it lapsed or was cancelled. What follows from the
    ledger is derived, see `_get_progress`; that it was fulfilled is confirmed once.
    """

    _name = "payment.arrangement"
    _inherit = [
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "payment.arrangement.terms",
    ]
    _description = "Payment arrangement"
    _order = "date desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
        index="trigram",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    protection_text = fields.Char(related="partner_id.dunning_protection_text")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("offered", "Offered"),
            ("active", "Running"),
            ("fulfilled", "Fulfilled"),
            ("broken", "Lapsed"),
            ("expired", "Offer expired"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    date = fields.Date(
        string="Claim of", readonly=True, help="The day of the claim that it covers."
    )
    responsible_id = fields.Many2one(
        comodel_name="res.users",
        default=lambda self: self.env.user,
        help="Signs for the company and is told what needs attention.",
    )
    item_ids = fields.One2many(
        comodel_name="payment.arrangement.item",
        inverse_name="arrangement_id",
        string="Items",
        readonly=True,
    )
    line_ids = fields.One2many(
        comodel_name="payment.arrangement.line",
        inverse_name="arrangement_id",
        string="Instalments",
    )
    amount_principal = fields.Monetary(
        string="Open on the items", compute="_compute_amounts", store=True
    )
    amount_interest = fields.Monetary(
        string="Interest", compute="_compute_amounts", store=True
    )
    amount_costs = fields.Monetary(
        string="Collection costs", compute="_compute_amounts", store=True
    )
    amount_running = fields.Monetary(
        string="Interest in advance",
        readonly=True,
        help="Worked out in advance, as if each instalment is paid on its day.",
    )
    amount_total = fields.Monetary(
        string="To be paid in total", compute="_compute_amounts", store=True
    )
    replaces_id = fields.Many2one(
        comodel_name="payment.arrangement",
        string="In the place of",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
    )
    replaced_by_ids = fields.One2many(
        comodel_name="payment.arrangement",
        inverse_name="replaces_id",
        string="Replaced by",
        readonly=True,
    )
    broken_on = fields.Date(string="Lapsed on", readonly=True, copy=False)
    lapse_deadline = fields.Date(
        string="Pay all by",
        readonly=True,
        copy=False,
        help="Last day to pay of the letter that says that it lapsed. Dunning goes on "
        "from there, at the level where it stood.",
    )
    fulfilled_on = fields.Date(readonly=True, copy=False)
    end_reason = fields.Char(string="Reason", readonly=True, copy=False)
    offered_on = fields.Date(readonly=True, copy=False)
    offered_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Offered by",
        readonly=True,
        copy=False,
        help="Who made the offer and by that signed for the company.",
    )
    offer_until = fields.Date(
        string="Offer open until",
        readonly=True,
        copy=False,
        help="Without a signature by this day the offer lapses.",
    )
    pause_until = fields.Date(
        string="No letters until",
        readonly=True,
        copy=False,
        help="Last day on which the open offer keeps letters back.",
    )
    started_on = fields.Date(
        readonly=True, copy=False, help="Day on which the debtor signed."
    )
    ended_on = fields.Date(
        readonly=True, copy=False, help="Day on which it was cancelled or expired."
    )
    forgiven_until = fields.Date(
        readonly=True,
        copy=False,
        help="It does not lapse before this day: an instalment that was too late is "
        "forgiven once.",
    )
    forgiven_reason = fields.Char(readonly=True, copy=False)

    _active_idx = models.Index("(company_id, partner_id) WHERE state = 'active'")

    # === COMPUTE METHODS === #

    @api.depends("item_ids", "amount_running", "currency_id")
    def _compute_amounts(self):
        for arrangement in self:
            items, currency = arrangement.item_ids, arrangement.currency_id
            arrangement.amount_principal = sum(items.mapped("principal"))
            arrangement.amount_interest = sum(items.mapped("interest"))
            arrangement.amount_costs = sum(items.mapped("costs"))
            arrangement.amount_total = currency.round(
                arrangement.amount_principal
                + arrangement.amount_interest
                + arrangement.amount_costs
                + arrangement.amount_running
            )

    def _compute_access_url(self):
        # EXTENDS 'portal'
        result = super()._compute_access_url()
        for arrangement in self:
            arrangement.access_url = f"/my/arrangements/{arrangement.id}"
        return result

    # === CONSTRAINT METHODS === #

    @api.constrains("line_ids", "state")
    def _check_sum(self):
        """The instalments are what has to be paid, to the cent."""
        for arrangement in self:
            difference = arrangement._get_difference()
            if difference:
                raise ValidationError(
                    arrangement.env._(
                        "The instalments of %(arrangement)s must add up to %(total)s. "
                        "Change one of them: %(difference)s is %(direction)s.",
                        arrangement=arrangement.display_name,
                        total=arrangement.currency_id.format(arrangement.amount_total),
                        difference=arrangement.currency_id.format(abs(difference)),
                        direction=arrangement.env._("missing")
                        if difference > 0
                        else arrangement.env._("too much"),
                    )
                )

    @api.constrains("interest_policy", "partner_id")
    def _check_consumer_interest(self):
        paying = self.filtered(lambda a: a.interest_policy != "none")
        consumers = paying.partner_id._get_dunning_consumers()
        for arrangement in paying:
            if arrangement.partner_id.id in consumers:
                raise ValidationError(
                    arrangement.env._(
                        "%s is a consumer and pays no interest for an arrangement. "
                        "Choose “No interest”.",
                        arrangement.partner_id.display_name,
                    )
                )

    def _get_difference(self):
        """Return what the instalments fall short of the total."""
        self.ensure_one()
        amounts = sum(self.line_ids.mapped("amount"))
        return self.currency_id.round(self.amount_total - amounts)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        Sequence = self.env["ir.sequence"]
        for vals in vals_list:
            vals["name"] = Sequence.next_by_code("payment.arrangement")
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if FROZEN_FIELDS.intersection(vals):
            self._check_is_draft()
        if "state" in vals:
            # Items are let go before another arrangement takes them.
            self.item_ids.flush_recordset(["is_live"])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_offered(self):
        if self.filtered(lambda arrangement: arrangement.state != "draft"):
            raise UserError(
                self.env._(
                    "An arrangement that was offered is kept. Cancel it instead."
                )
            )

    # === ACTION METHODS === #

    def action_open(self):
        """Open this arrangement."""
        return open_form(self)

    def action_offer(self):
        """Make the offer: it keeps letters back for some days and can be signed."""
        for arrangement in self:
            arrangement._offer()
        return True

    def action_replace(self):
        """Draw up another arrangement in the place of this one."""
        self.ensure_one()
        return open_dialog(
            "payment.arrangement.wizard",
            self.env._("Draw up a new arrangement"),
            default_replaces_id=self.id,
        )

    # === BUSINESS METHODS === #

    def _lock(self):
        """Keep others out of these arrangements, and read what they did before.

        :raise UserError: when somebody is busy with one of them
        """
        self._lock_records(self)
        self.invalidate_recordset()

    @api.model
    def _lock_records(self, records):
        """Keep others out of some records.

        :raise UserError: when somebody is busy with one of them
        """
        if records.try_lock_for_update(allow_referencing=True) != records:
            raise UserError(
                self.env._(
                    "Somebody else is busy with this arrangement or what it is about. "
                    "Please try again in a minute."
                )
            )

    def _check_state(self, *states):
        """Check that the arrangements are where an action starts from.

        :raise UserError: when somebody else was first
        """
        for arrangement in self:
            if arrangement.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(arrangement)s is not what you saw any more, but: %(state)s. "
                        "Reload the page.",
                        arrangement=arrangement.name,
                        state=labels[arrangement.state],
                    )
                )

    # --- Drawing up: which items, what is claimed of them, in which instalments.

    @api.model
    def _draw_up(self, items, terms, with_interest=True, with_costs=True):
        """Draw up an arrangement over open items.

        :param items: `account.move.line` of one debtor, currency and company
        :param terms: a `payment.arrangement.terms`, whose values are taken over
        :param bool with_interest: whether interest up to today is part of it
        :param bool with_costs: whether collection costs are
        :return: the arrangement, a draft
        :rtype: recordset of `payment.arrangement`
        :raise UserError: saying what does not fit
        """
        self._check_items(items)
        day = items.company_id._get_dunning_today()
        claims = self._prepare_items(items, day, with_interest, with_costs)
        return self.with_company(items.company_id).create(
            self._prepare_arrangement(items, terms, claims)
        )

    @api.model
    def _prepare_arrangement(self, items, terms, claims):
        """Return the values of an arrangement over open items, as for `_draw_up`.

        :param list[dict] claims: what is claimed, see `_prepare_items`
        :rtype: dict
        :raise UserError: when the terms do not fit the total
        """
        company = items.company_id
        day = company._get_dunning_today()
        parts, running = self._get_parts(terms, items, claims, day)
        return {
            **{name: terms[name] for name in TERMS},
            "company_id": company.id,
            "partner_id": items.partner_id.commercial_partner_id.id,
            "currency_id": items.currency_id.id,
            "date": day,
            "amount_running": float(running),
            "item_ids": [Command.create(vals) for vals in claims],
            "line_ids": [
                Command.create({"date": due, "amount": float(amount)})
                for due, amount in parts
            ],
        }

    @api.model
    def _claim_parts(self):
        return ("principal", "interest", "costs")

    @api.model
    def _check_items(self, items):
        """Check that one arrangement can cover these items.

        :raise UserError: saying what does not fit
        """
        if not items:
            raise UserError(
                self.env._("Nothing is open here. Choose items that are not paid.")
            )
        if len(items._group_dunning_by_claim()) > 1:
            raise UserError(
                self.env._(
                    "An arrangement covers items of one customer in one currency and "
                    "company. Draw up one for each."
                )
            )
        closed = items.filtered(
            lambda line: line.reconciled or line.parent_state != "posted"
        )
        if closed:
            raise UserError(
                self.env._(
                    "%s is not open any more. Take it out.",
                    closed[0].move_id.display_name,
                )
            )

    @api.model
    def _prepare_items(self, items, day, with_interest, with_costs):
        """Return the items with the claim on them, which is frozen.

        The principal is what is open in the ledger less the open credits that are set
        off against it; interest and costs are what stands beside it. Together they are
        the claim of the day, whatever payments in part have paid first by law.

        :rtype: list[dict]
        """
        claims = items._get_dunning_item_claims(day)
        numbers = items._get_dunning_numbers()
        return [
            {
                "move_line_id": item.id,
                "move_id": item.move_id.id,
                "move_name": numbers[item.id],
                "invoice_date": item.move_id.invoice_date or item.date,
                "date_maturity": item.date_maturity or item.date,
                "principal": item.amount_residual_currency,
                "set_off": 0,
                "interest": 0,
                "costs": 0,
                **self._prepare_claimed(
                    item, claims.get(item.id), with_interest, with_costs
                ),
            }
            for item in items
        ]

    @api.model
    def _prepare_claimed(self, item, claim, with_interest, with_costs):
        """Return what is claimed of one item, see `_prepare_items`."""
        if claim is None:
            return {}
        set_off = float(claim.credited + claim.unallocated)
        return {
            "principal": item.currency_id.round(
                item.amount_residual_currency - set_off
            ),
            "set_off": set_off,
            "interest": float(claim.interest) if with_interest else 0,
            "costs": float(claim.costs + claim.vat) if with_costs else 0,
        }

    @api.model
    def _get_parts(self, terms, items, claims, day):
        """Return the instalments, and the interest in them that has yet to run.

        Costs and interest bear none: the instalments pay them first (6:44 BW), what
        was charged of them on an invoice of its own included.

        :param items: the items (`account.move.line`)
        :param list[dict] claims: what is claimed of them, see `_prepare_items`
        :param date day: the day of the claims
        :return: pairs of day and amount, and the interest in advance
        :rtype: tuple[list, Decimal]
        :raise UserError: when the terms do not fit the total
        """
        charges = items.filtered("move_id.dunning_charge_notice_id")._ids
        total, bearing = Decimal(), Decimal()
        for claim in claims:
            total += sum(terms._to_decimal(claim[name]) for name in self._claim_parts())
            if claim["move_line_id"] not in charges:
                bearing += terms._to_decimal(claim["principal"])
        parts = terms._get_schedule(total)
        if terms.interest_policy != "running":
            return parts, Decimal()
        running = self._get_running_interest(terms, items, day, bearing, total, parts)
        last_due, last_amount = parts[-1]
        return [*parts[:-1], (last_due, last_amount + running)], running

    @api.model
    def _get_running_interest(self, terms, items, day, bearing, total, parts):
        """Return the interest when each instalment is paid on its day.

        :param Decimal bearing: the principal
        :param Decimal total: what the instalments pay, interest and costs included
        :param list parts: pairs of day and amount
        :rtype: Decimal
        """
        company, partner = items.company_id, items.partner_id.commercial_partner_id
        is_consumer = partner.id in partner._get_dunning_consumers()
        rates = company._get_dunning_rates(partner, is_consumer)
        if not rates or is_consumer:
            return Decimal()
        return count_interest(
            bearing,
            day,
            max(parts[-1][0], day),
            rates,
            digits=terms.currency_id.decimal_places,
            payments=[
                part for part in pay_first(parts, total - bearing) if part[0] > day
            ],
            basis=company.dunning_interest_basis,
            compound=company._compounds_dunning_interest(partner, is_consumer),
        ).total

    # --- What was offered is not changed any more: it is what the debtor signs.

    def _check_is_draft(self):
        """Check that nobody was offered these arrangements yet.

        :raise UserError: when one was
        """
        if self.filtered(lambda arrangement: arrangement.state != "draft"):
            raise UserError(
                self.env._(
                    "The terms of an arrangement that was offered are fixed. "
                    "Draw up a new arrangement in its place."
                )
            )

    # --- From draft to the end: one method a state, each under lock.

    def _offer(self):
        """Make the offer, signed for the company by who makes it."""
        self.ensure_one()
        self._lock()
        self._check_state("draft")
        self._check_sum()
        self._claim_items()
        company = self.company_id
        today = company._get_dunning_today()
        first = self._get_first_date(today)
        until = min(first, today + timedelta(days=company.dunning_arrangement_days))
        pause = timedelta(days=company.dunning_arrangement_pause_days)
        self.write(
            {
                "state": "offered",
                "offered_on": today,
                "offered_by_id": self.env.uid,
                "offer_until": until,
                "pause_until": min(until, today + pause),
            }
        )

    def _get_ordered_lines(self):
        """Return the instalments in order of time."""
        return self.line_ids.sorted(lambda line: (line.date, line.id))

    def _get_first_date(self, today):
        """Return the date of the first instalment.

        :param date today: the day of the offer
        :rtype: date
        :raise UserError: when it is in the past
        """
        first = self._get_ordered_lines()[0].date
        if first < today:
            raise UserError(
                self.env._(
                    "The first instalment is in the past (%s). Change its date.",
                    format_date(self.env, first),
                )
            )
        return first

    def _asks_no_interest(self):
        """Whether its items bear no interest besides over the time that it ran.

        :rtype: bool
        """
        self.ensure_one()
        kept = {"none": True, "frozen": self.state != "broken"}
        is_running = self.state in ("active", "fulfilled")
        return kept.get(self.interest_policy, is_running)

    def _claim_items(self):
        """Make sure that no other arrangement has these items.

        What it replaces is withdrawn when it is only an offer; an agreement that both
        have signed goes on until the new terms are signed.

        :raise UserError: naming the other arrangement
        """
        self.ensure_one()
        self._lock_records(self.item_ids.move_line_id)
        rivals = self.env["payment.arrangement.item"].search(
            [
                ("move_line_id", "in", self.item_ids.move_line_id.ids),
                ("arrangement_id.state", "in", LIVE_STATES),
                ("arrangement_id", "not in", (self | self.replaces_id).ids),
            ]
        )
        if rivals:
            raise UserError(
                self.env._(
                    "%(item)s is in arrangement %(arrangement)s already. Cancel that "
                    "one first, or draw up a new one in its place.",
                    item=rivals[0].move_name,
                    arrangement=rivals[0].arrangement_id.name,
                )
            )
        if self.replaces_id.state == "offered":
            self._end_replaced()

    def _end_replaced(self):
        """End the arrangement in the place of which this one comes."""
        self.replaces_id._end("cancelled", self.env._("Replaced by %s", self.name))

    def _activate(self, **values):
        """Let the arrangement run: both sides have signed.

        :param values: who signed when and how
        :raise UserError: when somebody else was first, or the offer has lapsed
        """
        self.ensure_one()
        if self.replaces_id.state == "active":
            self._end_replaced()
        today = self.company_id._get_dunning_today()
        self.write({"state": "active", "started_on": today, **values})

    def _check_offer_open(self, day):
        """Check that the offer can be signed on a day.

        :raise UserError: when it has lapsed
        """
        self.ensure_one()
        if self.offer_until and self.offer_until < day:
            raise UserError(
                self.env._(
                    "This offer was open until %s. Ask for a new one.",
                    format_date(self.env, self.offer_until),
                )
            )

    def _end(self, state, reason):
        """Let arrangements end, with a note of the reason."""
        self._lock()
        for company, arrangements in self.grouped("company_id").items():
            today = company._get_dunning_today()
            arrangements.write(
                {"state": state, "end_reason": reason, "ended_on": today}
            )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, reason))

    def _cancel(self, reason):
        """Withdraw arrangements that nobody needs any more.

        :param str reason: why
        :raise UserError: when one of them has ended already
        """
        self._lock()
        self._check_state("draft", *LIVE_STATES)
        self._end("cancelled", reason)

    def _expire(self):
        """Let offers lapse that were not signed."""
        for arrangement in self:
            arrangement._end(
                "expired",
                arrangement.env._(
                    "Not signed by %s", format_date(self.env, arrangement.offer_until)
                ),
            )
