from collections import defaultdict

from odoo import models
from odoo.tools import SQL


class AccountMoveLine(models.Model):
    """What was charged in the ledger for late items: interest and costs."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _get_dunning_charge_moves(self):
        """Return the posted invoices that charge interest and costs of these items.

        :rtype: recordset of `account.move`
        """
        self.env["account.move"].flush_model(["dunning_charge_notice_id", "state"])
        self.env["dunning.notice.line"].flush_model(["notice_id", "move_line_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT move.id
                  FROM dunning_notice_line line
                  JOIN account_move move
                    ON move.dunning_charge_notice_id = line.notice_id
                 WHERE line.move_line_id IN %s AND move.state = 'posted'
              ORDER BY move.id
                """,
                self._ids or (0,),
            )
        )
        return self.env["account.move"].browse(row[0] for row in rows)

    def _get_dunning_charges(self):
        """Return what was charged for these items, less what was credited.

        :return: charges, oldest first, by id of the item
        :rtype: dict[int, tuple[Charge, ...]]
        """
        charges = defaultdict(list)
        charged = self._get_dunning_charge_moves()._get_dunning_charged()
        for items in charged.values():
            for item_id, charge in items.items():
                charges[item_id].append(charge)
        return {item_id: tuple(sorted(found)) for item_id, found in charges.items()}

    def _get_open_charge_items(self):
        """Return what is open of charges to the debtors of these items.

        :return: items in the same company and currency
        :rtype: recordset of `account.move.line`
        """
        return self.search(
            [
                ("move_id.dunning_charge_notice_id", "!=", False),
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("currency_id", "in", self.currency_id.ids),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", ">", 0),
            ]
        )

    def _get_open_dunning_charges(self):
        """Return what was charged for these items and is open.

        :return: amount by id of the item
        :rtype: dict[int, Decimal]
        """
        return self._get_dunning_charge_moves()._get_open_dunning_charges()
