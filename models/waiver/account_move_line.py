from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.sql import any_of

ZERO = Decimal(0)


class AccountMoveLine(models.Model):
    """Items of which interest or costs were waived."""

    _inherit = "account.move.line"

    dunning_waiver_ids = fields.Many2many(
        comodel_name="dunning.waiver",
        relation="dunning_waiver_item_rel",
        column1="item_id",
        column2="waiver_id",
        string="Waivers",
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
    )

    # === ACTION METHODS === #

    def action_waive_dunning(self):
        """Ask what is waived of these items, and why."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Waive interest or costs"),
            "res_model": "dunning.waive",
            "view_mode": "form",
            "target": "new",
            "context": {"default_item_ids": self._get_waivable_items().ids},
        }

    # === BUSINESS METHODS === #

    def _get_waivable_items(self):
        """Return the invoices behind these items: for a charge, what it is about."""
        charges = self.filtered("move_id.dunning_charge_notice_id")
        letters = charges.move_id.dunning_charge_notice_id
        items = letters.line_ids.filtered("level_id").move_line_id
        return ((self - charges) | items).filtered(
            lambda line: line.amount_currency > 0
        )

    def _get_waived_terms(self, terms):
        """Return the terms of claims, as waivers in force change them: one statement.

        Interest runs from the day after the last one that was waived.

        :param dict terms: values of a `Debt` by id of the item
        :rtype: dict
        """
        if not self:
            return terms
        self.env["dunning.waiver"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rel.item_id, MAX(waiver.until),
                       BOOL_OR(waiver.what IN ('costs', 'both'))
                  FROM dunning_waiver_item_rel rel
                  JOIN dunning_waiver waiver ON waiver.id = rel.waiver_id
                 WHERE rel.item_id = %s AND waiver.end_date IS NULL
              GROUP BY 1
                """,
                any_of(self._ids),
            )
        )
        changed = dict(terms)
        for item_id, until, costs_waived in rows:
            own = terms[item_id]
            changed[item_id] = {**own, "costs_waived": costs_waived}
            if until and own.get("in_time_until"):
                changed[item_id]["in_time_until"] = max(own["in_time_until"], until)
        return changed

    def _work_out_waiver(self, what, until):
        """Return what a waiver takes off, charged or not.

        :param str what: `interest`, `costs` or `both`
        :param date until: last day of the interest that is waived
        :return: `interest` and `costs` (with VAT) by item
        :rtype: dict
        """
        charges = self._get_dunning_charges()
        amounts = {}
        for company, items in self.grouped("company_id").items():
            today = company._get_dunning_today()
            now = items._get_dunning_item_claims(today)
            then = now
            if until and until < today:
                then = items._get_dunning_item_claims(until)
            for item in items:
                charged = charges.get(item.id, ())
                amounts[item] = defaultdict(Decimal)
                if what != "costs":
                    amounts[item]["interest"] = _get_interest(
                        then.get(item.id), charged
                    )
                if what != "interest":
                    amounts[item]["costs"] = _get_costs(now.get(item.id), charged)
        return amounts


def _get_interest(claim, charged):
    """Return the interest on an item, charged or not.

    :param DebtClaim claim: the claim on it, None when it was paid
    :param tuple charged: what was charged for it
    :rtype: Decimal
    """
    if claim is None:
        return sum((charge.interest for charge in charged), ZERO)
    return claim.interest + claim.charged_interest


def _get_costs(claim, charged):
    """Return the costs with VAT on an item, charged or not."""
    asked = claim.costs + claim.vat if claim else ZERO
    return asked + sum((charge.costs + charge.vat for charge in charged), ZERO)
