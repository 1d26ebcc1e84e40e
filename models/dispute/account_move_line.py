from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ...tools.sql import any_of
from ..claim.engine.charge import to_decimal
from ..claim.engine.claim import Relief


class AccountMoveLine(models.Model):
    """What a dispute does to the claim on an item."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _split_dunning_dispute(self, amount):
        """Divide an amount that is disputed over the instalments of an invoice.

        :param float amount: what is disputed, None for all
        :return: items that are disputed as a whole, the one that is in part, and what
            is disputed of it
        :rtype: tuple[account.move.line, account.move.line, float]
        """
        whole, part = self.browse(), self.browse()
        if amount is None:
            return self, part, 0
        for line in self.sorted(
            lambda line: (line.date_maturity or line.date, line.id)
        ):
            residual = line.amount_residual_currency
            if line.currency_id.compare_amounts(amount, residual) < 0:
                return whole, line if amount > 0 else part, amount
            whole |= line
            amount -= residual
        return whole, part, 0

    def _dunning_sql_traces(self, partner_ids):
        # EXTENDS 'l10n_nl_dunning'
        return super()._dunning_sql_traces(partner_ids) | {
            "disputes": SQL(
                "SELECT FROM dunning_hold_item_rel WHERE move_line_id = %s",
                any_of(self._ids),
            )
        }

    def _get_dunning_debts(self, owed, case):
        """Take out what is disputed, and the days of disputes that were justified."""
        # EXTENDS 'l10n_nl_dunning'
        debts = super()._get_dunning_debts(owed, case)
        if "disputes" in case.traces:
            for item_id, values in self._get_dunning_disputes(case.day).items():
                if debts[item_id].principal > 0:
                    debts[item_id] = debts[item_id]._replace(**values)
        return debts

    def _get_dunning_disputes(self, day):
        """Return what disputes do to the claim on these items: one statement.

        What is in dispute bears neither interest nor costs. What was found to be
        disputed rightly but is due after all, bore no interest meanwhile; the part
        that was credited is no longer owed at all.

        :param date day: the day of the claim
        :return: values of a `Debt` by id of the item
        :rtype: dict[int, dict]
        """
        suspended, reliefs = defaultdict(Decimal), defaultdict(list)
        for row in self._select_dunning_disputes(day):
            line_id, amount, residual, is_active, start, end, credited = row
            if is_active:
                wanted = residual if amount is None else suspended[line_id] + amount
                suspended[line_id] = min(wanted, residual)
            elif amount is None or amount > credited:
                amount = None if amount is None else amount - credited
                reliefs[line_id].append(Relief(start, end - timedelta(days=1), amount))
        return {
            line_id: {
                "suspended": suspended[line_id],
                "reliefs": tuple(reliefs[line_id]),
            }
            for line_id in self.ids
            if line_id in suspended or line_id in reliefs
        }

    def _select_dunning_disputes(self, day):
        """Select the disputes of these items that matter on a day.

        :return: item, amount or None for all of it, what is open of the item, whether
            the dispute is in force, its days, what was credited since it began
        :rtype: list[tuple]
        """
        if not self:
            return []
        self.env["dunning.hold"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        rows = self.env.execute_query(self._dunning_sql_disputes(day))
        return [
            (
                line_id,
                None if amount is None else to_decimal(amount),
                to_decimal(residual),
                is_active,
                start,
                end,
                to_decimal(credited),
            )
            for line_id, amount, residual, is_active, start, end, credited in rows
        ]

    def _dunning_sql_disputes(self, day):
        """The disputes of these items, see `_select_dunning_disputes`."""
        return SQL(
            """
            WITH dispute AS (
                SELECT rel.move_line_id, line.amount_residual_currency AS residual,
                       CASE WHEN hold.is_partial THEN hold.amount_disputed END
                           AS amount,
                       hold.date_from, hold.date_end, hold.outcome,
                       GREATEST(hold.date_review, hold.date_announced) >= %(day)s
                           AND (hold.date_end IS NULL OR hold.date_end > %(day)s)
                           AS is_active
                  FROM dunning_hold_item_rel rel
                  JOIN dunning_hold hold ON hold.id = rel.hold_id
                  JOIN account_move_line line ON line.id = rel.move_line_id
                 WHERE rel.move_line_id = %(line_ids)s
                   AND hold.kind = 'dispute'
                   AND hold.date_from <= %(day)s
            )
            SELECT dispute.move_line_id, dispute.amount, dispute.residual,
                   dispute.is_active, dispute.date_from, dispute.date_end,
                   COALESCE((
                       SELECT SUM(partial.debit_amount_currency)
                         FROM account_partial_reconcile partial
                         JOIN account_move_line credit
                           ON credit.id = partial.credit_move_id
                         JOIN account_move move ON move.id = credit.move_id
                        WHERE partial.debit_move_id = dispute.move_line_id
                          AND move.move_type = 'out_refund'
                          AND credit.date >= dispute.date_from
                   ), 0)
              FROM dispute
             WHERE is_active
                OR outcome = 'justified' AND date_end > date_from
          ORDER BY dispute.move_line_id, dispute.date_from
            """,
            day=day,
            line_ids=any_of(self._ids),
        )
