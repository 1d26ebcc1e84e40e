from odoo import api, fields, models

from ..tools.claim import claim_debts

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
        company = self.company_id[:1] or self.env.company
        day = fields.Date.to_date(date) or company._get_dunning_today()
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
        wanted = set(self._ids)
        # Left to itself, the ORM reads all columns, a thousand items at a time.
        self.fetch(["company_id", "partner_id", "reconciled"])
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
            if item.debt.key.id in wanted
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


def _tell_amounts(claim, principal):
    """Return the amounts of a claim for the external API."""
    return {
        "principal": float(principal),
        **{name: float(getattr(claim, name)) for name in API_AMOUNTS},
    }
