from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import groupby

from ..tools.claim import claim_debts

#: Amounts of a claim that the external API returns, of a debtor and of each item.
API_AMOUNTS = ("paid", "interest", "costs", "vat", "total")
INVOICE_TYPES = ("out_invoice", "out_receipt")


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
                    {"item_id": item.debt.key}
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
        :param dict levels: `dunning.level` by id of the item of letters that are being
            made: they count as if they were sent on this day
        :return: claims by company, debtor and currency; keys of the debts are ids of
            the items
        :rtype: dict[tuple, Claim]
        """
        owed = self._select_dunning_owed()
        claims = self._claim_dunning_owed(owed, day, levels or {})
        return {
            (
                self.env["res.company"].browse(key.company_id),
                self.env["res.partner"].browse(key.partner_id),
                self.env["res.currency"].browse(key.currency_id),
            ): claim
            for key, claim in claims.items()
        }

    @api.model
    def _claim_dunning_owed(self, owed, day, levels):
        """Work out the claims on the debtors of some items.

        :param list[OwedItem] owed: the items
        :param date day: the day, which bears interest itself
        :param dict levels: levels of letters that are being made, by id of the item
        :rtype: dict[ClaimKey, Claim]
        """
        items = self.browse(item.id for item in owed)
        debtors = {item.claim_key.partner_id for item in owed}
        traces = items._find_dunning_traces(debtors)
        debts = items._get_dunning_debts(owed, day, levels, traces)
        grouped = groupby(owed, lambda item: item.claim_key)
        rules = self._get_dunning_claim_rules([key for key, _group in grouped], day)
        return {
            key: claim_debts([debts[item.id] for item in group], day, *rules[key])
            for key, group in grouped
        }

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
                company = self.env["res.company"].browse(key.company_id)
                currency = self.env["res.currency"].browse(key.currency_id)
                found[kind] = (
                    company._get_dunning_cost_rule(currency, is_consumer, day),
                    company.dunning_interest_basis,
                )
            rules[key] = found[kind]
        return rules

    def _get_dunning_item_claims(self, day, levels=None):
        """Work out what may be claimed for each of these items that is open.

        Costs are worked out over all that a debtor owes, so the other open items of
        the debtors take part.

        :param date day: the day, which bears interest itself
        :param dict levels: levels of letters that are being made, by id of the item
        :return: `DebtClaim` by id of the item; items that are not open are left out
        :rtype: dict[int, DebtClaim]
        """
        # Left to itself, the ORM reads all columns, a thousand items at a time.
        self.fetch(["company_id", "partner_id", "reconciled"])
        items = self.filtered(lambda line: not line.reconciled)
        return items._claim_dunning_items(
            items.company_id.ids, items.partner_id.ids, day, levels or {}
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
        owed = self._select_dunning_owed_together(company_ids, partner_ids)
        return {
            item.debt.key: item
            for claim in self._claim_dunning_owed(owed, day, levels).values()
            for item in claim.items
            if item.debt.key in wanted
        }

    @api.model
    def _get_dunning_open_domain(self):
        """Return what can be dunned at all, excluded or not: as the selection sees it.

        :rtype: Domain
        """
        is_open = Domain(
            [
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", ">", 0),
                ("partner_id", "!=", False),
            ]
        )
        opening = Domain(
            [
                ("move_type", "=", "entry"),
                ("no_followup", "=", False),
                ("journal_id.type", "=", "general"),
            ]
        )
        return is_open & (Domain("move_type", "in", INVOICE_TYPES) | opening)

    def _group_by_debtor(self):
        """Return these items by the ids of debtor and currency."""
        return self.grouped(lambda line: (line.partner_id.id, line.currency_id.id))

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
