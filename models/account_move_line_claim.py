from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ..tools.claim import Debt, claim_debts

#: Letters that put a debtor in default when their term has passed (6:82 BW).
DEMAND_KINDS = ("demand", "default_notice", "fourteen_day", "final_demand")


class AccountMoveLine(models.Model):
    """What may be claimed for open items: principal, interest, collection costs."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def get_dunning_claim(self, date=None):
        """Return what must be paid for these items to be done, for the external API.

        :param date date: the day; today without one
        :return: a claim per debtor, currency and company
        :rtype: list[dict]
        """
        self.check_access("read")
        day = fields.Date.to_date(date) or fields.Date.context_today(self)
        return [
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "currency_id": currency.id,
                **{
                    name: float(getattr(claim, name))
                    for name in (
                        "principal",
                        "paid",
                        "interest",
                        "costs",
                        "vat",
                        "total",
                    )
                },
            }
            for (company, partner, currency), claim in self._get_dunning_claims(
                day
            ).items()
        ]

    def _get_dunning_claims(self, day, levels=None):
        """Work out the claims on the debtors of these items: a few statements for all.

        :param date day: the day, which bears interest itself
        :param dict levels: `dunning.level` by item of letters that are being made:
            they count as if they were sent on this day
        :return: claims by company, debtor and currency; keys of the debts are items
        :rtype: dict[tuple, Claim]
        """
        debts = self._get_dunning_debts(day, levels or {})
        consumers = self.partner_id._get_dunning_consumers()
        claims = {}
        for key, lines in self._group_by_claim().items():
            company, partner, currency = key
            claims[key] = claim_debts(
                [debts[line] for line in lines],
                day,
                company._get_dunning_cost_rule(currency, partner.id in consumers, day),
                company.dunning_interest_basis,
            )
        return claims

    def _group_by_claim(self):
        return self.grouped(
            lambda line: (line.company_id, line.partner_id, line.currency_id)
        )

    def _get_dunning_debts(self, day, levels):
        """Return these items as the pure claim sees them.

        :rtype: dict[account.move.line, Debt]
        """
        consumers = self.partner_id._get_dunning_consumers()
        payments, credited = self._get_dunning_payments()
        letters = (
            self.env["dunning.notice.line"]
            .search([("move_line_id", "in", self.ids), ("state", "=", "sent")])
            .grouped("move_line_id")
        )
        no_letters = self.env["dunning.notice.line"]
        debts = {}
        for line in self:
            is_consumer = line.partner_id.id in consumers
            own_letters = letters.get(line, no_letters)
            debts[line] = Debt(
                key=line,
                principal=_to_decimal(line.amount_currency) - credited[line.id],
                due=line.date_maturity or line.date,
                payments=tuple(payments[line.id]),
                in_time_until=line._get_in_time_until(is_consumer, own_letters),
                rates=line.company_id._get_dunning_rates(line.partner_id, is_consumer),
                costs_from=line._get_costs_from(
                    is_consumer, own_letters, levels.get(line), day
                ),
                contract=line.move_id,
            )
        return debts

    def _get_in_time_until(self, is_consumer, letters):
        """Return the last day on which payment was in time, if default can begin.

        In trade the agreed term is enough (6:119a BW). A term that only stands on the
        invoice does not put a consumer in default: that takes a written demand (6:82).

        :param letters: the letters about this item that reached the debtor
        :rtype: date or None
        """
        self.ensure_one()
        if not is_consumer or self.company_id.dunning_fatal_term:
            return self.date_maturity or self.date
        demands = letters.filtered(lambda line: line.level_id.kind in DEMAND_KINDS)
        return min(demands.mapped("deadline"), default=None)

    def _get_costs_from(self, is_consumer, letters, level, day):
        """Return the first day on which collection costs are due, if they are.

        A consumer owes them when the term of a fourteen-day notice has passed (6:96(6)
        BW); a business from the letter that claims them.

        :param letters: the letters about this item that reached the debtor
        :param level: the level of a letter that is being made, or None
        :rtype: date or None
        """
        self.ensure_one()
        if is_consumer:
            notices = letters.filtered(
                lambda line: line.level_id.kind == "fourteen_day"
            )
            last_day = min(notices.mapped("deadline"), default=None)
            return last_day and last_day + timedelta(days=1)
        days = letters.filtered(
            lambda line: line.level_id._claims_costs()
        ).notice_id.mapped("date")
        if level and level._claims_costs():
            days.append(day)
        return min(days, default=None)

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


def _to_decimal(amount):
    return Decimal(f"{amount:.2f}")
