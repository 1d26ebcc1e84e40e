from odoo import models
from odoo.tools import SQL

from ..tools.sql import any_of

#: Of more items than these it is not looked what there is: there is some of everything.
FEW = 200


class AccountMoveLine(models.Model):
    """What there is about open items besides what stands on them."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _find_dunning_traces(self, partner_ids):
        """Return what there is about these items: one statement.

        Most debtors have neither disputes nor waivers, and to look whether there are
        any takes a small part of what it takes to read each of them.

        :param partner_ids: ids of the debtors
        :return: keys of `_dunning_sql_traces`
        :rtype: set[str]
        """
        traces = self._dunning_sql_traces(partner_ids)
        if not self or len(self) > FEW:
            return set(traces)
        self.env.flush_all()
        [row] = self.env.execute_query(
            SQL(
                "SELECT %s",
                SQL(", ").join(SQL("EXISTS (%s)", query) for query in traces.values()),
            )
        )
        return {name for name, found in zip(traces, row, strict=True) if found}

    def _dunning_sql_traces(self, partner_ids):
        """Where to look for each kind of thing that a claim depends on.

        :param partner_ids: ids of the debtors
        :rtype: dict[str, SQL]
        """
        items = any_of(self._ids)
        return {
            "payments": SQL(
                "SELECT FROM account_partial_reconcile WHERE debit_move_id = %s", items
            ),
            "disputes": SQL(
                "SELECT FROM dunning_hold_item_rel WHERE move_line_id = %s", items
            ),
            "letters": SQL(
                "SELECT FROM dunning_notice_line WHERE move_line_id = %s", items
            ),
            "charges": SQL(
                """
                SELECT FROM account_move
                 WHERE dunning_charge_notice_id IN (
                       SELECT notice_id
                         FROM dunning_notice_line
                        WHERE move_line_id = %s)
                """,
                items,
            ),
            "waivers": SQL(
                "SELECT FROM dunning_waiver_item_rel WHERE item_id = %s", items
            ),
            "arrangements": SQL(
                "SELECT FROM payment_arrangement_item WHERE move_line_id = %s", items
            ),
            "protections": SQL(
                "SELECT FROM dunning_protection WHERE partner_id = %s",
                any_of(filter(None, partner_ids)),
            ),
        }
