from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..tools.sql import any_of

#: What a claim is made of, flushed before it is read.
OWED_FIELDS = (
    *("company_id", "partner_id", "currency_id", "move_id", "date", "date_maturity"),
    *("amount_currency", "amount_residual", "amount_residual_currency"),
    *("account_id", "journal_id", "move_name", "no_followup", "parent_state"),
    "reconciled",
)


class ClaimKey(NamedTuple):
    """Whose claim it is: ids."""

    company_id: int
    partner_id: int
    currency_id: int


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


class AccountMoveLine(models.Model):
    """Open items as they are read for claims."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

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
        """Return what debtors owe, as claims need to know it: one statement.

        The claim is the same for whoever looks, so all items count, as in the plan.
        Which entries are items is read, not searched for: of an alternative about two
        tables PostgreSQL takes longer to make a plan than to do all the rest.

        :param list company_ids: ids of the companies
        :param list partner_ids: ids of the debtors
        :rtype: list[OwedItem]
        """
        owed = self._read_dunning_owed(
            SQL(
                "line.company_id = %s AND line.partner_id = %s AND %s",
                any_of(company_ids),
                any_of(partner_ids),
                self._dunning_sql_is_open(),
            )
        )
        return [item for item in owed if item.is_item]

    @api.model
    def _read_dunning_owed(self, condition):
        """Read what claims need to know of items.

        :param SQL condition: about `line`
        :return: in the order of the model
        :rtype: list[OwedItem]
        """
        self.flush_model(OWED_FIELDS)
        self.env["account.move"].flush_model(["dunning_charge_notice_id", "move_type"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.company_id, line.partner_id, line.currency_id,
                       line.move_id, COALESCE(line.date_maturity, line.date),
                       line.amount_currency::float,
                       line.amount_residual_currency::float,
                       move.dunning_charge_notice_id IS NOT NULL, %(is_item)s
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE %(condition)s
              ORDER BY line.date DESC, line.move_name DESC, line.id
                """,
                is_item=self._dunning_sql_is_item(),
                condition=condition,
            )
        )
        return [OwedItem(row[0], ClaimKey(*row[1:4]), *row[4:]) for row in rows]
