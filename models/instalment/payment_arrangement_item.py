from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...tools.sql import any_of
from ..arrangement.engine.progress import (
    since_start,
)
from ..claim.engine.charge import to_decimal


class PaymentArrangementItem(models.Model):
    """What was paid on an item since the arrangement was drawn up."""

    _inherit = "payment.arrangement.item"

    # === BUSINESS METHODS === #

    def _get_entries_since_start(self):
        """Return what was paid and credited on these items: one statement.

        What the creditor writes off counts as credited.

        :return: entries (day, amount, is credit note) by item
        :rtype: dict[payment.arrangement.item, list[tuple]]
        """
        self.env["account.partial.reconcile"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, credit.date,
                       partial.debit_amount_currency, %s = 1
                  FROM account_partial_reconcile partial
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_move move ON move.id = credit.move_id
                 WHERE partial.debit_move_id = %s
              ORDER BY credit.date, partial.id
                """,
                self.env["account.move.line"]._dunning_sql_let_off(),
                any_of(self.move_line_id._ids),
            )
        )
        entries = defaultdict(list)
        for line_id, day, amount, is_note in rows:
            entries[line_id].append((day, to_decimal(amount), is_note))
        return {
            item: since_start(entries[item.move_line_id.id], item._get_settled())
            for item in self
        }

    def _get_settled(self):
        """Return what had been paid and credited when the arrangement was drawn up."""
        self.ensure_one()
        original = self.move_line_id.amount_currency
        return max(to_decimal(original - self.principal), Decimal())
