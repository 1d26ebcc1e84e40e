from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, groupby

from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.plain_data import read_day
from ...tools.sql import any_of
from .engine.charge import ZERO, to_decimal
from .engine.claim import Claim, Debt, claim_together
from .engine.set_off import OpenCredit, SetOff, set_off
from .engine.terms import DebtorTerms, get_in_time, make_terms

#: Of more items than these it is not looked what there is: there is some of everything.
FEW = 200


#: Amounts of a claim that the external API returns, of a debtor and of each item.
API_AMOUNTS = (*("principal", "paid", "set_off", "interest", "costs", "vat", "total"),)


#: What a claim is made of, flushed before it is read.
OWED_FIELDS = (
    *("company_id", "partner_id", "currency_id", "move_id", "date", "date_maturity"),
    *("amount_currency", "amount_residual", "amount_residual_currency"),
    *("account_id", "journal_id", "move_name", "no_followup", "parent_state"),
    "reconciled",
)

#: The same, of the entries that they are part of.
OWED_MOVE_FIELDS = (
    *("dunning_charge_notice_id", "move_type", "reversed_entry_id"),
    *("invoice_date", "delivery_date", "origin_payment_id", "statement_line_id"),
    *("dunning_contract_ref", "auto_post_origin_id", "amount_total"),
)


class ClaimKey(NamedTuple):
    """Whose claim it is: ids."""

    company_id: int
    partner_id: int
    currency_id: int


class ClaimCase(NamedTuple):
    """For which claims it is asked what is known of items."""

    day: date  # it bears interest itself
    #: `dunning.level` by id of the item of letters that are being made: they count as
    #: if they were sent on this day.
    levels: dict
    debtors: dict  # `DebtorTerms` by `ClaimKey`
    traces: set  # what there is about the items, see `_find_dunning_traces`


class OwedItem(NamedTuple):
    """What a claim needs to know of an item. A round has thousands of them."""

    id: int
    claim_key: ClaimKey
    move_id: int
    due: date
    amount: float  # of the item in its currency
    residual: float
    is_charge: bool  # it is itself interest and costs that were charged
    is_item: bool  # the plan sees it as an item, excluded or not
    is_entry: bool  # of an entry that is no document of its own
    is_note: bool  # a credit note, or what the creditor wrote off
    corrects: int | None  # the invoice that a credit note corrects
    invoiced: date
    delivered: date | None
    contract: str | None  # that it is an instalment of, see `_dunning_sql_contract`

    def get_in_time(self, debtor):
        """Return the last day on which it is paid in time, see `get_in_time`."""
        return get_in_time(self.due, debtor, self.invoiced, self.delivered)

    @property
    def is_credit(self):
        """Whether something is open that can be set off against other items."""
        return self.amount < 0 and self.residual < 0


class AccountMoveLine(models.Model):
    """What may be claimed for open items: principal, interest, collection costs."""

    _inherit = "account.move.line"

    dunning_interest = fields.Monetary(
        string="Interest up to today",
        compute="_compute_dunning_amounts",
        groups=ACCOUNTING_GROUPS,
        help="Interest up to today that was not paid.",
    )
    dunning_costs = fields.Monetary(
        string="Collection costs",
        compute="_compute_dunning_amounts",
        groups=ACCOUNTING_GROUPS,
        help="Collection costs that are due, VAT included, and were not paid.",
    )
    dunning_total = fields.Monetary(
        string="To be paid today",
        compute="_compute_dunning_amounts",
        groups=ACCOUNTING_GROUPS,
        help="What must be paid today for this item to be done with: what is open, "
        "with interest and collection costs.",
    )

    # === COMPUTE METHODS === #

    @api.depends("amount_residual_currency", "date_maturity", "parent_state")
    def _compute_dunning_amounts(self):
        """Work out the claims on all these items together."""
        for line in self:
            line.dunning_interest = line.dunning_costs = 0
            line.dunning_total = line.amount_residual_currency
        receivable = self._origin.filtered(
            lambda line: line.account_type == "asset_receivable" and line.company_id
        )
        for company, lines in receivable.grouped("company_id").items():
            claims = lines._get_dunning_item_claims(company._get_dunning_today())
            for line in lines:
                if not (claim := claims.get(line.id)):
                    continue
                line.dunning_interest = float(claim.open_interest)
                line.dunning_costs = float(claim.open_costs)
                line.dunning_total = float(claim.total)

    # === BUSINESS METHODS === #

    def _find_dunning_traces(self, partner_ids):
        """Return what there is about these items: one statement.

        Most debtors have neither disputes nor waivers, and to look whether there are
        any takes a small part of what it takes to read each of them.

        :param partner_ids: ids of the debtors
        :return: keys of `_dunning_sql_traces`
        :rtype: set[str]
        """
        traces = self._dunning_sql_traces(partner_ids)
        if not self or len(self) > FEW:
            return set(traces)
        self.env.flush_all()
        [row] = self.env.execute_query(
            SQL(
                "SELECT %s",
                SQL(", ").join(SQL("EXISTS (%s)", query) for query in traces.values()),
            )
        )
        return {name for name, found in zip(traces, row, strict=True) if found}

    def _dunning_sql_traces(self, partner_ids):
        """Where to look for each kind of thing that a claim depends on.

        To be extended by whatever has something to say about it, with a key of its own:
        `_get_dunning_debts` need not read what is not there.

        :param partner_ids: ids of the debtors
        :rtype: dict[str, SQL]
        """
        return {
            "payments": SQL(
                "SELECT FROM account_partial_reconcile WHERE debit_move_id = %s",
                any_of(self._ids),
            )
        }

    def get_dunning_claim(self, date=None):
        """Return what must be paid for these items to be done, for the external API.

        :param date date: the day; today without one
        :return: a claim per debtor, currency and company, with what it is made of
        :rtype: list[dict]
        :raise UserError: when the day is none
        """
        self.check_access("read")
        company = self.company_id[:1] or self.env.company
        day = read_day(self.env, date) or company._get_dunning_today()
        return [
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "currency_id": currency.id,
                **_tell_amounts(claim),
                "items": [
                    {"item_id": item.debt.key} | _tell_amounts(Claim(day, (item,)))
                    for item in claim.items
                ],
            }
            for (company, partner, currency), claim in self._get_dunning_claims(
                day
            ).items()
        ]

    def _get_dunning_claims(self, day, levels=None):
        """Work out the claims on the debtors of these items: a few statements for all.

        :param date day: the day, which bears interest itself
        :param dict levels: `dunning.level` by id of the item of letters that are being
            made: they count as if they were sent on this day
        :return: claims by company, debtor and currency; keys of the debts are ids of
            the items
        :rtype: dict[tuple, Claim]
        """
        wanted = set(self._ids)
        claims = self._claim_dunning_with_others(day, levels or {})
        return {
            (
                self.env["res.company"].browse(key.company_id),
                self.env["res.partner"].browse(key.partner_id),
                self.env["res.currency"].browse(key.currency_id),
            ): Claim(day, items)
            for key, claim in claims.items()
            if (items := tuple(i for i in claim.items if i.debt.key in wanted))
        }

    def _claim_dunning_with_others(self, day, levels):
        """Work out the claims on the debtors of these items, open or not.

        All else that is open of the debtors takes part, credits too.

        :param date day: the day, which bears interest itself
        :param dict levels: levels of letters that are being made, by id of the item
        :rtype: dict[ClaimKey, Claim]
        """
        owed = self._select_dunning_owed()
        wanted = set(self._ids)
        whose = {item.claim_key[:2] for item in owed if item.claim_key.partner_id}
        companies = self.env["res.company"].browse({c for c, _partner in whose})
        besides = self._select_dunning_owed_together(
            companies._get_dunning_branches().ids, {partner for _c, partner in whose}
        )
        owed += [item for item in besides if item.id not in wanted]
        return self._claim_dunning_owed(owed, day, levels)

    def _get_dunning_settled_claims(self, day):
        """Return the claims on those of these items of which the principal is settled.

        Payments pay costs and interest first (6:44), so a part of the claim may be left
        when nothing is open in the ledger. What is left of open credits pays that too.

        :param date day: the day, which bears interest itself
        :return: the claims on them, and what is left of credits, by debtor
        :rtype: dict[ClaimKey, tuple[list[DebtClaim], Decimal]]
        """
        settled = self.filtered("reconciled")
        if not settled:
            return {}
        wanted = set(settled._ids)
        return {
            key: (
                [item for item in claim.items if item.debt.key in wanted],
                -sum(
                    (item.total for item in claim.items if item.debt.principal < 0),
                    ZERO,
                ),
            )
            for key, claim in settled._claim_dunning_with_others(day, {}).items()
        }

    @api.model
    def _claim_dunning_owed(self, owed, day, levels):
        """Work out the claims on the debtors of some items.

        :param list[OwedItem] owed: the items
        :param date day: the day, which bears interest itself
        :param dict levels: levels of letters that are being made, by id of the item
        :rtype: dict[ClaimKey, Claim]
        """
        # sudo: a branch of the company may be one that the user does not work for
        items = self.sudo().browse(item.id for item in owed)
        debtors = {item.claim_key.partner_id for item in owed}
        traces = items._find_dunning_traces(debtors)
        case = ClaimCase(day, levels, self._get_dunning_debtor_terms(owed), traces)
        debts = items._get_dunning_debts(owed, case)
        grouped = dict(groupby(owed, lambda item: item.claim_key))
        rules = self._get_dunning_claim_rules(list(grouped), day)
        claims = {}
        for keys in self._group_dunning_claim_keys(grouped):
            accounts = [
                (_set_off(grouped[key], debts, case), *rules[key]) for key in keys
            ]
            claims |= zip(keys, claim_together(accounts, day), strict=True)
        return claims

    @api.model
    def _group_dunning_claim_keys(self, keys):
        """Group claims on one debtor by one creditor, whatever company or currency.

        Collection costs are worked out over all of them, the claim in the currency of
        the company first.

        :param keys: the claims (`ClaimKey`)
        :rtype: list[list[ClaimKey]]
        """
        companies = self.env["res.company"].sudo().browse({k.company_id for k in keys})
        creditors = {c.id: c._get_dunning_creditor().id for c in companies}
        currencies = {c.id: c.currency_id.id for c in companies}
        grouped = groupby(
            sorted(
                keys,
                key=lambda key: (
                    key.company_id,
                    key.currency_id != currencies[key.company_id],
                    key.currency_id,
                ),
            ),
            # Items without a debtor have nothing to do with each other.
            lambda key: (creditors[key.company_id], key.partner_id or key),
        )
        return [group for _creditor, group in grouped]

    @api.model
    def _get_dunning_claim_rules(self, keys, day):
        """Return how costs and interest of debtors are worked out.

        :param list[ClaimKey] keys: the claims
        :param date day: the day of the claims
        :return: rule of the costs and basis of the interest
        :rtype: dict[ClaimKey, tuple[CostRule, str]]
        """
        partners = self.env["res.partner"].browse(
            filter(None, {key.partner_id for key in keys})
        )
        consumers = partners._get_dunning_consumers()
        rules, found = {}, {}
        for key in keys:
            is_consumer = key.partner_id in consumers
            kind = (key.company_id, key.currency_id, is_consumer)
            if kind not in found:
                company = self.env["res.company"].sudo().browse(key.company_id)
                currency = self.env["res.currency"].browse(key.currency_id)
                found[kind] = (
                    company._get_dunning_cost_rule(currency, is_consumer, day),
                    company.dunning_interest_basis,
                )
            rules[key] = found[kind]
        return rules

    def _get_dunning_item_claims(self, day, levels=None):
        """Work out what may be claimed for each of these items that is open.

        Costs are worked out over all that a debtor owes, and his open credits are set
        off against it, so the other open items of the debtors take part.

        :param date day: the day, which bears interest itself
        :param dict levels: levels of letters that are being made, by id of the item
        :return: `DebtClaim` by id of the item; items that are not open are left out
        :rtype: dict[int, DebtClaim]
        """
        # Left to itself, the ORM reads all columns, a thousand items at a time.
        self.fetch(["company_id", "partner_id", "reconciled"])
        items = self.filtered(lambda line: not line.reconciled)
        debtors = items.partner_id.commercial_partner_id
        return items._claim_dunning_items(
            items.company_id.ids, debtors.ids, day, levels or {}
        )

    def _claim_dunning_items(self, company_ids, partner_ids, day, levels):
        """Work out what may be claimed for each of these items, all of them open.

        :param list company_ids: ids of their companies
        :param list partner_ids: ids of their debtors
        :param date day: the day, which bears interest itself
        :param dict levels: levels of letters that are being made, by id of the item
        :rtype: dict[int, DebtClaim]
        """
        if not partner_ids:
            return {}
        wanted = set(self._ids)
        companies = self.env["res.company"].browse(set(company_ids))
        owed = self._select_dunning_owed_together(
            companies._get_dunning_branches().ids, partner_ids
        )
        return {
            item.debt.key: item
            for claim in self._claim_dunning_owed(owed, day, levels).values()
            for item in claim.items
            if item.debt.key in wanted
        }

    def _group_dunning_by_debtor(self):
        """Return these items by the ids of debtor and currency."""
        return self.grouped(
            lambda line: (line.partner_id.commercial_partner_id.id, line.currency_id.id)
        )

    def _group_dunning_by_claim(self):
        return self.grouped(
            lambda line: (
                line.company_id,
                line.partner_id.commercial_partner_id,
                line.currency_id,
            )
        )

    # --- Open items as the pure claim sees them: what is owed, and since when.

    def _get_dunning_debts(self, owed, case):
        """Return these items as the pure claim sees them.

        This tells what the ledger and the debtor do: what was paid, when the item was
        due, at which rates it bears interest. Letters, disputes, charges, waivers,
        arrangements and protections each extend it in their own room, and change the
        values of the debts that they are about. Interest and costs that were charged
        bear nothing themselves.

        :param list[OwedItem] owed: the same items, as they were read
        :param ClaimCase case: for which claims it is asked
        :return: by id of the item, in the order of `owed`
        :rtype: dict[int, Debt]
        """
        paid = self if "payments" in case.traces else self.browse()
        payments, credited = paid._get_dunning_payments()
        return {
            item.id: _make_debt(
                item,
                payments.get(item.id, ()),
                credited.get(item.id, ZERO),
                {} if item.is_charge else _make_terms(item, case),
            )
            for item in owed
        }

    @api.model
    def _get_dunning_debtor_terms(self, owed):
        """Return what debtors agreed to, or the law says of them.

        :param list[OwedItem] owed: items of the debtors
        :rtype: dict[ClaimKey, DebtorTerms]
        """
        keys = {item.claim_key for item in owed}
        partners = self.env["res.partner"].browse(
            filter(None, {key.partner_id for key in keys})
        )
        consumers = partners._get_dunning_consumers()
        by_id = dict(zip(partners.ids, partners, strict=True))
        companies = self.env["res.company"].sudo()
        terms = {}
        for key in keys:
            is_consumer = key.partner_id in consumers
            company = companies.browse(key.company_id)
            partner = by_id.get(key.partner_id, partners.browse())
            terms[key] = DebtorTerms(
                is_consumer,
                not is_consumer or company._has_dunning_agreed_term(partner, True),
                company._get_dunning_rates(partner, is_consumer),
                company._compounds_dunning_interest(partner, is_consumer),
                company._has_dunning_agreed_term(partner, is_consumer),
                is_consumer and partner._is_dunning_abroad(),
            )
        return terms

    def _get_dunning_payments(self):
        """Return what was paid on these items, and what was credited: one statement.

        A credit note lowers the principal itself: what was wrongly invoiced was never
        late. So does what the creditor lets off: 6:44 BW divides what is paid.

        :return: pairs of day and amount by item, and credited amounts by item
        :rtype: tuple[dict, dict]
        """
        payments, credited = defaultdict(list), defaultdict(Decimal)
        for line_id, day, paid, lowered in self._select_dunning_payments():
            if lowered:
                credited[line_id] += to_decimal(lowered)
            if paid:
                payments[line_id].append((day, to_decimal(paid)))
        return payments, credited

    # --- Open items as they are read for claims.

    def _select_dunning_owed(self):
        """Select what claims need to know of these items: one statement.

        :return: in the order of the items
        :rtype: list[OwedItem]
        """
        owed = {
            item.id: item
            for item in self._read_dunning_owed(SQL("line.id = %s", any_of(self._ids)))
        }
        return [owed[item_id] for item_id in self._ids if item_id in owed]

    @api.model
    def _select_dunning_owed_together(self, company_ids, partner_ids):
        """Return what debtors owe, and their open credits: one statement.

        The claim is the same for whoever looks, so all items count, as in the plan.
        Which entries are items is read, not searched for: of an alternative about two
        tables PostgreSQL takes longer to make a plan than to do all the rest.

        :param list company_ids: ids of the companies
        :param list partner_ids: ids of the debtors
        :rtype: list[OwedItem]
        """
        owed = self._read_dunning_owed(
            SQL(
                "line.company_id = %s AND %s = %s AND %s",
                any_of(company_ids),
                self._dunning_sql_debtor(),
                any_of(partner_ids),
                self._dunning_sql_is_open(),
            )
        )
        return [item for item in owed if item.is_item or item.is_credit]

    @api.model
    def _read_dunning_owed(self, condition):
        """Read what claims need to know of items.

        :param SQL condition: about `line`
        :return: in the order of the model
        :rtype: list[OwedItem]
        """
        rows = self._select_dunning_owed_rows(condition)
        owed = [OwedItem(row[0], ClaimKey(*row[1:4]), *row[4:]) for row in rows]
        paid_out = self._get_dunning_credits_paid_out(owed)
        return [
            item._replace(residual=item.residual + paid_out[item.id])
            if item.id in paid_out
            else item
            for item in owed
        ]

    @api.model
    def _select_dunning_owed_rows(self, condition):
        """Select the values of `OwedItem`, see `_read_dunning_owed`."""
        self.flush_model(OWED_FIELDS)
        self.env["account.move"].flush_model(OWED_MOVE_FIELDS)
        return self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.company_id, %(debtor)s, line.currency_id,
                       line.move_id, COALESCE(line.date_maturity, line.date),
                       line.amount_currency::float,
                       line.amount_residual_currency::float,
                       move.dunning_charge_notice_id IS NOT NULL, %(is_item)s,
                       move.move_type = 'entry',
                       line.amount_residual < 0 AND %(let_off)s = 1,
                       move.reversed_entry_id,
                       COALESCE(move.invoice_date, line.date), move.delivery_date,
                       %(contract)s
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
             LEFT JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE %(condition)s
              ORDER BY line.date DESC, line.move_name DESC, line.id
                """,
                debtor=self._dunning_sql_debtor(),
                is_item=self._dunning_sql_is_item(),
                let_off=self._dunning_sql_let_off(),
                contract=self._dunning_sql_contract(),
                condition=condition,
            )
        )

    @api.model
    def _dunning_sql_contract(self):
        """What tells the contract that `line` of `move` is an instalment of, if it is.

        That is the contract that was entered, the series of a recurring invoice, or the
        invoice that is paid in parts.
        """
        return SQL(
            """
            CASE WHEN move.move_type = 'entry' THEN NULL
                 WHEN TRIM(move.dunning_contract_ref) != ''
                 THEN 'ref ' || TRIM(move.dunning_contract_ref)
                 WHEN move.auto_post_origin_id IS NOT NULL
                 THEN 'series ' || move.auto_post_origin_id
                 WHEN line.amount_currency != move.amount_total
                 THEN 'invoice ' || move.id
            END
            """
        )

    @api.model
    def _get_dunning_credits_paid_out(self, owed):
        """Return what was paid out of the credits among some items.

        :param list[OwedItem] owed: the items
        :return: see `_get_dunning_paid_out`
        """
        credits = self.browse(item.id for item in owed if item.is_credit)
        return credits._get_dunning_paid_out()


def _tell_amounts(claim):
    """Return the amounts of a claim for the external API."""
    return {name: float(getattr(claim, name)) for name in API_AMOUNTS}


def _make_terms(item, case):
    debtor = case.debtors[item.claim_key]
    return make_terms(item.get_in_time(debtor), debtor)


def _make_debt(item, payments, credited, terms):
    """Return one item as the pure claim sees it.

    What is left of a credit counts in full and bears nothing.

    :param OwedItem item: the item
    :param list payments: pairs of day and amount
    :param Decimal credited: what was credited of it
    :param dict terms: from when it bears interest and costs
    :rtype: Debt
    """
    if item.amount <= 0:
        residual = to_decimal(item.residual)
        return Debt(item.id, residual, item.due, contract=item.move_id)
    principal = max(to_decimal(item.amount) - credited, ZERO)
    return Debt(
        item.id,
        principal,
        item.due,
        tuple(payments),
        # Opening balances share an entry, and nothing else.
        contract=None if item.is_entry else item.move_id,
        is_charge=item.is_charge,
        **terms,
    )


def _set_off(group, debts, case):
    """Return what one debtor owes in one currency, after his open credits.

    :param list[OwedItem] group: his items and credits
    :param dict debts: these as the pure claim sees them
    :param ClaimCase case: for which claims it is asked
    :rtype: list[Debt]
    """
    credits = [
        OpenCredit(
            item.id,
            item.due,
            -to_decimal(item.residual),
            is_payment=not item.is_note,
            corrects=item.corrects,
        )
        for item in group
        if item.is_credit and (item.is_note or item.due <= case.day)
    ]
    own = [debts[item.id] for item in group]
    if not credits:
        return own
    owed = [debt for debt in own if debt.principal > 0]
    lowered, used = set_off(owed, credits, case.levels)
    lowered |= {
        key: debts[key]._replace(set_off=(SetOff(debts[key].due, -amount),))
        for key, amount in used.items()
    }
    return [lowered.get(debt.key, debt) for debt in own]
