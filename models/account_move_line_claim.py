from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.claim import Debt, claim_debts

#: Letters that put a debtor in default when their term has passed (6:82 BW).
DEMAND_KINDS = ("demand", "default_notice", "fourteen_day", "final_demand")
#: Amounts of a claim that the external API returns, of a debtor and of each item.
API_AMOUNTS = ("paid", "interest", "costs", "vat", "total")
#: What a claim needs to know of an item.
ITEM_FIELDS = (
    "company_id",
    "partner_id",
    "currency_id",
    "move_id",
    "date",
    "date_maturity",
    "amount_currency",
    "amount_residual_currency",
)


class AccountMoveLine(models.Model):
    """What may be claimed for open items: principal, interest, collection costs."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def get_dunning_claim(self, date=None):
        """Return what must be paid for these items to be done, for the external API.

        :param date date: the day; today without one
        :return: a claim per debtor, currency and company, with what it is made of
        :rtype: list[dict]
        """
        self.check_access("read")
        day = fields.Date.to_date(date) or fields.Date.context_today(self)
        return [
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "currency_id": currency.id,
                **_tell_amounts(claim, claim.principal),
                "items": [
                    {"item_id": item.debt.key.id}
                    | _tell_amounts(item, item.debt.principal)
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

    def _get_dunning_item_claims(self, day, levels=None):
        """Work out what may be claimed for each of these items that is open.

        Costs are worked out over all that a debtor owes, so the other open items of
        the debtors take part.

        :param date day: the day, which bears interest itself
        :param dict levels: levels of letters that are being made, by item
        :return: `DebtClaim` by item; items that are not open are left out
        :rtype: dict[account.move.line, DebtClaim]
        """
        open_items = self.filtered(lambda line: not line.reconciled)
        if not open_items.partner_id:
            return {}
        items = self.search_fetch(
            [
                *self._get_dunning_open_domain(),
                ("company_id", "in", open_items.company_id.ids),
                ("partner_id", "in", open_items.partner_id.ids),
            ],
            ITEM_FIELDS,
        )
        items.move_id.fetch(["dunning_charge_notice_id"])
        return {
            item.debt.key: item
            for claim in items._get_dunning_claims(day, levels).values()
            for item in claim.items
            if item.debt.key in self
        }

    @api.model
    def _get_dunning_open_domain(self):
        """Return the domain of what customers owe: open invoices and other items.

        :rtype: list
        """
        return [
            ("account_type", "=", "asset_receivable"),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", ">", 0),
            "|",
            ("move_type", "in", ("out_invoice", "out_receipt")),
            "&",
            ("move_type", "=", "entry"),
            ("no_followup", "=", False),
        ]

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
        disputes = self._get_dunning_disputes(day)
        charges = self._get_dunning_charges()
        letters = (
            self.env["dunning.notice.line"]
            .search_fetch(
                [("move_line_id", "in", self.ids), ("state", "=", "sent")],
                ["move_line_id", "notice_id", "level_id", "deadline"],
            )
            .grouped("move_line_id")
        )
        no_letters = self.env["dunning.notice.line"]
        terms = {
            line: line._get_dunning_terms(
                line.partner_id.id in consumers,
                letters.get(line, no_letters),
                levels.get(line),
                day,
            )
            | disputes.get(line.id, {})
            | {"charges": charges.get(line.id, ())}
            for line in self
        }
        return {
            line: line._prepare_dunning_debt(
                payments[line.id], credited[line.id], line_terms
            )
            for line, line_terms in self._get_waived_terms(terms).items()
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
        debt = Debt(
            key=self,
            principal=_to_decimal(self.amount_residual_currency),
            due=self.date_maturity or self.date,
            contract=self.move_id,
        )
        if self.amount_currency <= 0:
            return debt
        owed = max(_to_decimal(self.amount_currency) - credited, Decimal(0))
        return debt._replace(principal=owed, payments=tuple(payments), **terms)

    def _get_dunning_terms(self, is_consumer, letters, level, day):
        """Return from when an item bears interest and costs, and at which rates.

        No interest is claimed over days before the first known rate; interest and
        costs that were charged bear nothing themselves.

        :param letters: the letters about this item that reached the debtor
        :param level: the level of a letter that is being made, or None
        :return: values of a `Debt`
        :rtype: dict
        """
        self.ensure_one()
        if self.move_id.dunning_charge_notice_id:
            return {}
        rates = self.company_id._get_dunning_rates(self.partner_id, is_consumer)
        in_time_until = self._get_in_time_until(is_consumer, letters)
        if in_time_until and rates:
            in_time_until = max(in_time_until, rates[0][0] - timedelta(days=1))
        return {
            "rates": rates,
            "in_time_until": in_time_until if rates else None,
            "costs_from": self._get_costs_from(is_consumer, letters, level, day),
        }

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


def _tell_amounts(claim, principal):
    """Return the amounts of a claim for the external API."""
    return {
        "principal": float(principal),
        **{name: float(getattr(claim, name)) for name in API_AMOUNTS},
    }
