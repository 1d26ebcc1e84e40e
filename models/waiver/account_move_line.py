from collections import defaultdict
from decimal import Decimal

from odoo import fields, models
from odoo.tools import SQL

from ...tools.actions import open_dialog
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
        return open_dialog(
            "dunning.waive",
            self.env._("Waive interest or costs"),
            default_item_ids=self._get_dunning_waivable().ids,
        )

    # === BUSINESS METHODS === #

    def _get_dunning_waivable(self):
        """Return the invoices behind these items: for a charge, what it is about."""
        charges = self.filtered("move_id.dunning_charge_notice_id")
        letters = charges.move_id.dunning_charge_notice_id
        items = letters.line_ids.filtered("level_id").move_line_id
        return ((self - charges) | items).filtered(
            lambda line: line.amount_currency > 0
        )

    def _dunning_sql_traces(self, partner_ids):
        # EXTENDS 'l10n_nl_dunning'
        return super()._dunning_sql_traces(partner_ids) | {
            "waivers": SQL(
                "SELECT FROM dunning_waiver_item_rel WHERE item_id = %s",
                any_of(self._ids),
            )
        }

    def _get_dunning_debts(self, owed, case):
        """Leave out what was waived: interest up to a day, or the costs.

        Interest runs from the day after the last one that was waived.
        """
        # EXTENDS 'l10n_nl_dunning'
        debts = super()._get_dunning_debts(owed, case)
        if "waivers" not in case.traces:
            return debts
        for item_id, until, costs_waived in self._select_dunning_waivers():
            debt = debts[item_id]._replace(costs_waived=costs_waived)
            if until and debt.in_time_until:
                debt = debt._replace(in_time_until=max(debt.in_time_until, until))
            debts[item_id] = debt
        return debts

    def _select_dunning_waivers(self):
        """Read what the waivers in force let these items off: one statement.

        :return: item, last day of the interest that is waived, whether the costs are
        :rtype: list[tuple]
        """
        self.env["dunning.waiver"].flush_model()
        return self.env.execute_query(
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

    def _get_dunning_claims_by_item(self, day):
        """Return the claims on these items, also on those that were settled.

        :param date day: the day, which bears interest itself
        :rtype: dict[int, DebtClaim]
        """
        return {
            item.debt.key: item
            for claim in self._get_dunning_claims(day).values()
            for item in claim.items
        }

    def _work_out_dunning_waiver(self, what, until):
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
            now = items._get_dunning_claims_by_item(today)
            then = now
            if until and until < today:
                then = items._get_dunning_claims_by_item(until)
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
