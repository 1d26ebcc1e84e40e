from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ...tools.sql import any_of
from .account_move import share_open


class AccountMoveLine(models.Model):
    """What was charged in the ledger for late items: interest and costs."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _get_dunning_charge_moves(self):
        """Return the posted invoices that charge interest and costs of these items.

        :rtype: recordset of `account.move`
        """
        if not self:
            return self.env["account.move"]
        self.env["account.move"].flush_model(["dunning_charge_notice_id", "state"])
        self.env["dunning.notice.line"].flush_model(["notice_id", "move_line_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT move.id
                  FROM dunning_notice_line line
                  JOIN account_move move
                    ON move.dunning_charge_notice_id = line.notice_id
                 WHERE line.move_line_id = %s AND move.state = 'posted'
              ORDER BY move.id
                """,
                any_of(self._ids),
            )
        )
        return self.env["account.move"].browse(row[0] for row in rows)

    def _dunning_sql_traces(self, partner_ids):
        # EXTENDS 'l10n_nl_dunning'
        return super()._dunning_sql_traces(partner_ids) | {
            "charges": SQL(
                """
                SELECT FROM account_move
                 WHERE dunning_charge_notice_id IN (
                       SELECT notice_id
                         FROM dunning_notice_line
                        WHERE move_line_id = %s)
                """,
                any_of(self._ids),
            )
        }

    def _get_dunning_debts(self, owed, case):
        """Tell what was charged for the items: that is not claimed again."""
        # EXTENDS 'l10n_nl_dunning'
        debts = super()._get_dunning_debts(owed, case)
        if "charges" in case.traces:
            for item_id, charges in self._get_dunning_charges().items():
                if item_id in debts:
                    debts[item_id] = debts[item_id]._replace(charges=charges)
        return debts

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

    def _check_dunning_charges(self):
        """Have somebody look at charges for these items, which were credited.

        What is credited was never owed, nor interest and costs over it: the claim knows
        that, a charge that was posted does not.
        """
        items = self.filtered(lambda line: not line.move_id.dunning_charge_notice_id)
        moves = items._get_dunning_charge_moves()
        # sudo: who credits an invoice need not have rights on letters
        for notice in moves.sudo().dunning_charge_notice_id.filtered("has_charge"):
            worker = notice._get_worker()
            notice = notice.with_context(lang=worker.lang)
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=notice.env._("Invoice credited after interest and costs"),
                note=notice.env._(
                    "An invoice of this letter was credited after interest and costs "
                    "over it were charged on %s. Cancel the charge if it has become "
                    "too high: what is due is then claimed again.",
                    notice.charge_move_id.name,
                ),
                user_id=worker.id,
            )

    def _get_dunning_open_charge_items(self):
        """Return what is open of charges to the debtors of these items.

        :return: items in the same company and currency
        :rtype: recordset of `account.move.line`
        """
        return self.search(
            [
                ("move_id.dunning_charge_notice_id", "!=", False),
                ("partner_id", "in", self.partner_id.commercial_partner_id.ids),
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

    def _share_dunning_charges(self):
        """Return what is open of these charges, shared over the items they are for.

        :return: amounts by id of the item, by charge
        :rtype: dict[account.move.line, dict[int, Decimal]]
        """
        charged = self.move_id._get_dunning_charged()
        return {
            line: share_open(
                charged.get(line.move_id.id, {}),
                line.amount_residual_currency,
                line.currency_id.decimal_places,
            )
            for line in self
        }

    def _get_dunning_credits(self, company, partners):
        """Leave out charges for items that rest: letters do not ask for them."""
        # EXTENDS 'l10n_nl_dunning'
        lines = super()._get_dunning_credits(company, partners)
        charges = lines.filtered(lambda line: line.amount_residual_currency > 0)
        return lines - charges._get_dunning_resting_charges()

    def _get_dunning_resting_charges(self):
        """Return those of these charges that are for an item that rests.

        Nothing is asked for such an item: the law protects the debtor, or it is being
        paid in instalments.
        """
        shares = self._share_dunning_charges()
        items = self | self.browse({key for s in shares.values() for key in s}).exists()
        resting = items._get_dunning_resting()
        return self.filtered(
            lambda line: (
                line in resting or not shares[line].keys().isdisjoint(resting.ids)
            )
        )

    def _get_dunning_resting(self):
        """Return those of these items that nothing is asked for meanwhile.

        :rtype: recordset of `account.move.line`
        """
        return self._get_dunning_stopped()
