from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools.claim import Debt
from ..tools.claim_charge import ZERO, to_decimal
from ..tools.sql import any_of

#: Letters that put a debtor in default when their term has passed (6:82 BW).
DEMAND_KINDS = ("demand", "default_notice", "fourteen_day", "final_demand")


class SentLetter(NamedTuple):
    """What a letter that reached the debtor said about an item."""

    kind: str
    claims_costs: bool
    date: date
    deadline: date | None
    amount: float  # what it asked for


class DebtorTerms(NamedTuple):
    """What a debtor agreed to, or the law says of him."""

    is_consumer: bool
    is_fatal: bool  # the due date itself puts him in default
    rates: tuple  # pairs of first day and percent a year


class AccountMoveLine(models.Model):
    """Open items as the pure claim sees them: what is owed, and since when."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _get_dunning_debts(self, owed, day, levels, traces):
        """Return these items as the pure claim sees them.

        :param list[OwedItem] owed: the same items, as they were read
        :param date day: the day of the claim
        :param dict levels: levels of letters that are being made, by id of the item
        :param set traces: what there is about the items, see `_find_dunning_traces`
        :return: by id of the item, in the order of `owed`
        :rtype: dict[int, Debt]
        """

        def among(name):
            return self if name in traces else self.browse()

        payments, credited = among("payments")._get_dunning_payments()
        disputes = among("disputes")._get_dunning_disputes(day)
        charges = among("charges")._get_dunning_charges()
        letters = among("letters")._get_dunning_letters_sent()
        terms = self._get_dunning_terms(owed, day, levels, letters)
        terms = among("waivers")._get_waived_terms(terms)
        return {
            item.id: _make_debt(
                item,
                payments.get(item.id, ()),
                credited.get(item.id, ZERO),
                {
                    **terms[item.id],
                    **disputes.get(item.id, {}),
                    "charges": charges.get(item.id, ()),
                },
            )
            for item in owed
        }

    def _get_dunning_terms(self, owed, day, levels, letters):
        """Return from when items bear interest and costs, and at which rates.

        Interest and costs that were charged bear nothing themselves.

        :param list[OwedItem] owed: these items
        :param date day: the day of the claim
        :param dict levels: levels of letters that are being made, by id of the item
        :param dict letters: letters that reached the debtor, by id of the item
        :return: values of a `Debt` by id of the item
        :rtype: dict[int, dict]
        """
        debtors = self._get_dunning_debtor_terms(owed)
        claiming = {level.id for level in set(levels.values()) if level._claims_costs()}
        terms = {}
        for item in owed:
            sent = letters.get(item.id, ())
            level = levels.get(item.id)
            claimed_on = day if level and level.id in claiming else None
            terms[item.id] = (
                {}
                if item.is_charge
                else _make_terms(item, debtors[item.claim_key], sent, claimed_on, day)
            )
        return terms

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
        companies = self.env["res.company"]
        terms = {}
        for key in keys:
            is_consumer = key.partner_id in consumers
            company = companies.browse(key.company_id)
            partner = by_id.get(key.partner_id, partners.browse())
            terms[key] = DebtorTerms(
                is_consumer,
                not is_consumer or company.dunning_fatal_term,
                company._get_dunning_rates(partner, is_consumer),
            )
        return terms

    def _get_dunning_letters_sent(self):
        """Return the letters about these items that reached the debtor: one statement.

        :return: letters by id of the item
        :rtype: dict[int, list[SentLetter]]
        """
        rows = self._select_dunning_letters_sent() if self else []
        levels = self.env["dunning.level"].browse(
            {level_id for _, level_id, *_ in rows}
        )
        kinds = {level.id: (level.kind, level._claims_costs()) for level in levels}
        letters = defaultdict(list)
        for line_id, level_id, *terms in rows:
            letters[line_id].append(SentLetter(*kinds[level_id], *terms))
        return letters

    def _select_dunning_letters_sent(self):
        """Read what each letter that reached the debtor said about these items.

        :return: item, level, date, deadline and open amount
        :rtype: list[tuple]
        """
        self.env["dunning.notice"].flush_model(["date"])
        self.env["dunning.notice.line"].flush_model(
            ["state", "deadline", "amount_residual"]
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, line.level_id, notice.date, line.deadline,
                       line.amount_residual
                  FROM dunning_notice_line line
                  JOIN dunning_notice notice ON notice.id = line.notice_id
                 WHERE line.move_line_id = %s
                   AND line.level_id IS NOT NULL
                   AND line.state = 'sent'
                """,
                any_of(self._ids),
            )
        )

    def _get_dunning_payments(self):
        """Return what was paid on these items, and what was credited: one statement.

        A credit note lowers the principal itself: what was wrongly invoiced was never
        late.

        :return: pairs of day and amount by item, and credited amounts by item
        :rtype: tuple[dict, dict]
        """
        payments, credited = defaultdict(list), defaultdict(Decimal)
        if not self:
            return payments, credited
        self.env["account.partial.reconcile"].flush_model()
        for line_id, day, is_credit_note, amount in self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, credit.date,
                       move.move_type = 'out_refund',
                       SUM(partial.debit_amount_currency)
                  FROM account_partial_reconcile partial
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_move move ON move.id = credit.move_id
                 WHERE partial.debit_move_id = %s
              GROUP BY 1, 2, 3
                """,
                any_of(self._ids),
            )
        ):
            if is_credit_note:
                credited[line_id] += to_decimal(amount)
            else:
                payments[line_id].append((day, to_decimal(amount)))
        return payments, credited


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
        item.id, principal, item.due, tuple(payments), contract=item.move_id, **terms
    )


def _make_terms(item, debtor, letters, claimed_on, day):
    """Return from when an item bears interest and costs, as values of a `Debt`.

    :param OwedItem item: the item
    :param DebtorTerms debtor: who owes it
    :param list[SentLetter] letters: the letters about the item
    :param date claimed_on: day of a letter that is being made and claims costs, or None
    :param date day: the day of the claim
    :rtype: dict
    """
    return {
        "rates": debtor.rates,
        "in_time_until": _get_in_time_until(item, debtor, letters),
        "costs_from": _get_costs_from(debtor.is_consumer, letters, claimed_on),
        "costs_over": _get_costs_over(debtor.is_consumer, letters, day),
    }


def _get_in_time_until(item, debtor, letters):
    """Return the last day on which payment was in time, if default can begin.

    In trade the agreed term is enough (6:119a BW). A term that only stands on the
    invoice does not put a consumer in default: that takes a written demand (6:82). No
    interest is claimed over days before the first known rate.

    :rtype: date or None
    """
    if not debtor.rates:
        return None
    if debtor.is_fatal:
        in_time_until = item.due
    else:
        in_time_until = _get_first_deadline(letters, DEMAND_KINDS)
    return in_time_until and max(in_time_until, debtor.rates[0][0] - timedelta(days=1))


def _get_costs_from(is_consumer, letters, claimed_on):
    """Return the first day on which collection costs are due, if they are.

    A consumer owes them when the term of a fourteen-day notice has passed (6:96(6)
    BW); a business from the letter that claims them.

    :param list[SentLetter] letters: the letters about the item
    :param date claimed_on: day of a letter that is being made and claims costs, or None
    :rtype: date or None
    """
    if is_consumer:
        last_day = _get_first_deadline(letters, ("fourteen_day",))
        return last_day and last_day + timedelta(days=1)
    days = [letter.date for letter in letters if letter.claims_costs]
    if claimed_on:
        days.append(claimed_on)
    return min(days, default=None)


def _get_costs_over(is_consumer, letters, day):
    """Return the amount over which a consumer was told that costs become due.

    :param list[SentLetter] letters: the letters about the item
    :param date day: the day of the claim; notices that lapsed by then go first
    :rtype: Decimal or None
    """
    notices = [letter for letter in letters if letter.kind == "fourteen_day"]
    if not is_consumer or not notices:
        return None
    lapsed = [n for n in notices if n.deadline and n.deadline < day] or notices
    return to_decimal(max(notice.amount for notice in lapsed))


def _get_first_deadline(letters, kinds):
    """Return the first last day to pay that letters of some kinds gave, if any."""
    deadlines = (letter.deadline for letter in letters if letter.kind in kinds)
    return min(filter(None, deadlines), default=None)
