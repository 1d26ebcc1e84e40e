from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.claim_interest import count_interest

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


class PaymentArrangement(models.Model):
    """Drawing up: which items, what is claimed of them, in which instalments."""

    _inherit = "payment.arrangement"

    # === BUSINESS METHODS === #

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
        total = sum(
            (Decimal(str(v[n])) for v in claims for n in self._claim_parts()), Decimal()
        )
        parts, running = self._get_parts(terms, total, day, company, items.partner_id)
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
        if len(items._group_by_claim()) > 1:
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

        The principal is what is open in the ledger; interest and costs are what stands
        beside it. Together they are the claim of the day, whatever payments in part
        have paid first by law.

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
                "interest": float(claims[item.id].interest)
                if with_interest and item.id in claims
                else 0,
                "costs": float(claims[item.id].costs + claims[item.id].vat)
                if with_costs and item.id in claims
                else 0,
            }
            for item in items
        ]

    @api.model
    def _get_parts(self, terms, total, day, company, partner):
        """Return the instalments, and the interest in them that has yet to run.

        :return: pairs of day and amount, and the interest in advance
        :rtype: tuple[list, Decimal]
        :raise UserError: when the terms do not fit the total
        """
        parts = terms._get_schedule(total)
        if terms.interest_policy != "running":
            return parts, Decimal()
        is_consumer = partner.id in partner._get_dunning_consumers()
        rates = company._get_dunning_rates(partner, is_consumer)
        if not rates or is_consumer:
            return parts, Decimal()
        last_due, last_amount = parts[-1]
        running = count_interest(
            total,
            day,
            max(last_due, day),
            rates,
            digits=terms.currency_id.decimal_places,
            payments=[part for part in parts if part[0] > day],
            basis=company.dunning_interest_basis,
        ).total
        return [*parts[:-1], (last_due, last_amount + running)], running
