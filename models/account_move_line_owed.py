from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

#: What a claim is made of, flushed before it is read.
OWED_FIELDS = (
    *("company_id", "partner_id", "currency_id", "move_id", "date", "date_maturity"),
    *("amount_currency", "amount_residual_currency", "no_followup"),
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
    is_excluded: bool  # from dunning


class AccountMoveLine(models.Model):
    """Open items as they are read for claims."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    @api.model
    def _select_dunning_owed(self, domain):
        """Select what claims need to know of items: one statement.

        :param domain: the items
        :return: in the order of the model
        :rtype: list[OwedItem]
        """
        query = self._search(Domain(domain), order=self._order)
        line = query.table
        move = query.left_join(line, "move_id", "account_move", "id", "move_id")
        names = ("id", "company_id", "partner_id", "currency_id", "move_id")
        days = [SQL.identifier(line, name) for name in ("date_maturity", "date")]
        self.flush_model(OWED_FIELDS)
        self.env["account.move"].flush_model(["dunning_charge_notice_id"])
        rows = self.env.execute_query(
            query.select(
                *(SQL.identifier(line, name) for name in names),
                SQL("COALESCE(%s)", SQL(", ").join(days)),
                SQL("%s::float", SQL.identifier(line, "amount_currency")),
                SQL("%s::float", SQL.identifier(line, "amount_residual_currency")),
                SQL("%s IS NOT NULL", SQL.identifier(move, "dunning_charge_notice_id")),
                SQL("%s IS TRUE", SQL.identifier(line, "no_followup")),
            )
        )
        return [OwedItem(row[0], ClaimKey(*row[1:4]), *row[4:]) for row in rows]
