from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL

from ..tools.claim import Debt

#: Letters that put a debtor in default when their term has passed (6:82 BW).
DEMAND_KINDS = ("demand", "default_notice", "fourteen_day", "final_demand")


class SentLetter(NamedTuple):
    """What a letter that reached the debtor said about an item."""

    kind: str
    claims_costs: bool
    date: date
    deadline: date | None
    amount: float  # what it asked for


class AccountMoveLine(models.Model):
    """Open items as the pure claim sees them: what is owed, and since when."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _get_dunning_debts(self, day, levels):
        """Return these items as the pure claim sees them.

        :param date day: the day of the claim
        :param dict levels: levels of letters that are being made, by item
        :rtype: dict[account.move.line, Debt]
        """
        payments, credited = self._get_dunning_payments()
        disputes = self._get_dunning_disputes(day)
        charges = self._get_dunning_charges()
        terms = self._get_waived_terms(self._get_dunning_terms(day, levels))
        return {
            line: line._prepare_dunning_debt(
                payments.get(line.id, ()),
                credited.get(line.id, Decimal(0)),
                terms[line]
                | disputes.get(line.id, {})
                | {"charges": charges.get(line.id, ())},
            )
            for line in self
        }

    def _prepare_dunning_debt(self, payments, credited, terms):
        """Return one item as the pure claim sees it.

        What is left of a credit counts in full and bears nothing.

        :param list payments: pairs of day and amount
        :param Decimal credited: what was credited of it
        :param dict terms: from when it bears interest and costs
        :rtype: Debt
        """
        self.ensure_one()
        due = self.date_maturity or self.date
        contract = self.move_id.id
        amount = self.amount_currency
        if amount <= 0:
            residual = _to_decimal(self.amount_residual_currency)
            return Debt(self, residual, due, contract=contract)
        owed = max(_to_decimal(amount) - credited, Decimal(0))
        return Debt(self, owed, due, tuple(payments), contract=contract, **terms)

    def _get_dunning_terms(self, day, levels):
        """Return from when items bear interest and costs, and at which rates.

        No interest is claimed over days before the first known rate; interest and
        costs that were charged bear nothing themselves.

        :param date day: the day of the claim
        :param dict levels: levels of letters that are being made, by item
        :return: values of a `Debt` by item
        :rtype: dict
        """
        letters = self._get_dunning_letters_sent()
        consumers = self.partner_id._get_dunning_consumers()
        charges = self.move_id.filtered("dunning_charge_notice_id").line_ids & self
        terms = {charge: {} for charge in charges}
        for (company, partner), lines in (self - charges)._group_by_debtor().items():
            is_consumer = partner.id in consumers
            rates = company._get_dunning_rates(partner, is_consumer)
            for line in lines:
                sent = letters.get(line.id, ())
                costs_from = _get_costs_from(is_consumer, sent, levels.get(line), day)
                terms[line] = {
                    "rates": rates,
                    "in_time_until": line._get_in_time_until(is_consumer, sent, rates),
                    "costs_from": costs_from,
                    "costs_over": _get_costs_over(is_consumer, sent, day),
                }
        return terms

    def _group_by_debtor(self):
        return self.grouped(lambda line: (line.company_id, line.partner_id))

    def _get_in_time_until(self, is_consumer, letters, rates):
        """Return the last day on which payment was in time, if default can begin.

        In trade the agreed term is enough (6:119a BW). A term that only stands on the
        invoice does not put a consumer in default: that takes a written demand (6:82).

        :param list[SentLetter] letters: the letters about this item
        :param tuple rates: pairs of first day and percent a year
        :rtype: date or None
        """
        self.ensure_one()
        if not rates:
            return None
        if not is_consumer or self.company_id.dunning_fatal_term:
            in_time_until = self.date_maturity or self.date
        else:
            in_time_until = _get_first_deadline(letters, DEMAND_KINDS)
        return in_time_until and max(in_time_until, rates[0][0] - timedelta(days=1))

    def _get_dunning_letters_sent(self):
        """Return the letters about these items that reached the debtor: one statement.

        :return: letters by id of the item
        :rtype: dict[int, list[SentLetter]]
        """
        self.env["dunning.notice"].flush_model(["date"])
        self.env["dunning.notice.line"].flush_model(
            ["state", "deadline", "amount_residual"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, line.level_id, notice.date, line.deadline,
                       line.amount_residual
                  FROM dunning_notice_line line
                  JOIN dunning_notice notice ON notice.id = line.notice_id
                 WHERE line.move_line_id IN %s
                   AND line.level_id IS NOT NULL
                   AND line.state = 'sent'
                """,
                self._ids or (0,),
            )
        )
        levels = self.env["dunning.level"].browse(
            {level_id for _, level_id, *_ in rows}
        )
        kinds = {level.id: (level.kind, level._claims_costs()) for level in levels}
        letters = defaultdict(list)
        for line_id, level_id, *terms in rows:
            letters[line_id].append(SentLetter(*kinds[level_id], *terms))
        return letters

    def _get_dunning_payments(self):
        """Return what was paid on these items, and what was credited: one statement.

        A credit note lowers the principal itself: what was wrongly invoiced was never
        late.

        :return: pairs of day and amount by item, and credited amounts by item
        :rtype: tuple[dict, dict]
        """
        payments, credited = defaultdict(list), defaultdict(Decimal)
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
                 WHERE partial.debit_move_id IN %s
              GROUP BY 1, 2, 3
                """,
                self._ids or (0,),
            )
        ):
            if is_credit_note:
                credited[line_id] += _to_decimal(amount)
            else:
                payments[line_id].append((day, _to_decimal(amount)))
        return payments, credited


def _get_costs_from(is_consumer, letters, level, day):
    """Return the first day on which collection costs are due, if they are.

    A consumer owes them when the term of a fourteen-day notice has passed (6:96(6)
    BW); a business from the letter that claims them.

    :param list[SentLetter] letters: the letters about the item
    :param level: the level of a letter that is being made, or None
    :param date day: the day of that letter
    :rtype: date or None
    """
    if is_consumer:
        last_day = _get_first_deadline(letters, ("fourteen_day",))
        return last_day and last_day + timedelta(days=1)
    days = [letter.date for letter in letters if letter.claims_costs]
    if level and level._claims_costs():
        days.append(day)
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
    return _to_decimal(max(notice.amount for notice in lapsed))


def _get_first_deadline(letters, kinds):
    """Return the first last day to pay that letters of some kinds gave, if any."""
    deadlines = (letter.deadline for letter in letters if letter.kind in kinds)
    return min(filter(None, deadlines), default=None)


def _to_decimal(amount):
    return Decimal(f"{amount:.2f}")
