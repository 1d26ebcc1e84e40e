from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.sql import any_of
from .engine.progress import pause_rates


class AccountMoveLine(models.Model):
    """Arrangements over an open item: they keep letters back and may stop interest."""

    _inherit = "account.move.line"

    dunning_arrangement_item_ids = fields.One2many(
        comodel_name="payment.arrangement.item",
        inverse_name="move_line_id",
        string="Arrangements",
        groups=ACCOUNTING_GROUPS,
    )

    # === BUSINESS METHODS === #

    def _get_dunning_arranged(self):
        """Return those of these items that are being paid in instalments."""
        return (
            self.env["payment.arrangement.item"]
            .search_fetch(
                [
                    ("move_line_id", "in", self.ids),
                    ("arrangement_id.state", "=", "active"),
                ],
                ["move_line_id"],
            )
            .move_line_id
        )

    def _get_dunning_interruptions(self):
        """Who agrees to pay in instalments acknowledges the claim: 3:318 BW."""
        # EXTENDS 'l10n_nl_dunning'
        days = super()._get_dunning_interruptions()
        items = self.env["payment.arrangement.item"].search_fetch(
            [
                ("move_line_id", "in", self.ids),
                ("arrangement_id.started_on", "!=", False),
            ],
            ["move_line_id", "arrangement_id"],
        )
        for item in items:
            days[item.move_line_id.id].append(item.arrangement_id.started_on)
        return days

    def _get_dunning_resting(self):
        """What is being paid in instalments rests too."""
        # EXTENDS 'l10n_nl_dunning'
        return super()._get_dunning_resting() | self._get_dunning_arranged()

    def _is_dunning_arrangeable(self):
        """Whether the item is open and in no arrangement that is offered or runs."""
        self.ensure_one()
        return (
            not self.reconciled
            and self.parent_state == "posted"
            and not self.dunning_arrangement_item_ids.filtered("is_live")
        )

    def _get_dunning_charges_alone(self):
        """Return the open charges that are for these items and no other open ones.

        Who agrees to pay these items in instalments pays them along.

        :return: items that are in no arrangement
        :rtype: recordset of `account.move.line`
        """
        moves = self._get_dunning_charge_moves()
        charges = moves._get_dunning_open_receivables().filtered(
            lambda line: line.amount_residual > 0 and line._is_dunning_arrangeable()
        )
        shares = charges._share_dunning_charges()
        keys = {key for by_item in shares.values() for key in by_item}
        owed = {item.id for item in self.browse(keys).exists() if not item.reconciled}
        return charges.filtered(
            lambda line: owed & shares[line].keys() <= set(self.ids)
        )

    def _dunning_sql_traces(self, partner_ids):
        # EXTENDS 'l10n_nl_dunning'
        return super()._dunning_sql_traces(partner_ids) | {
            "arrangements": SQL(
                "SELECT FROM payment_arrangement_item WHERE move_line_id = %s",
                any_of(self._ids),
            )
        }

    def _get_dunning_debts(self, owed, case):
        """Leave out the interest of days over which an arrangement asks none."""
        # EXTENDS 'l10n_nl_dunning'
        debts = super()._get_dunning_debts(owed, case)
        if "arrangements" not in case.traces:
            return debts
        for item_id, pauses in self._get_dunning_arrangement_pauses(case.day).items():
            debt = debts[item_id]
            debts[item_id] = debt._replace(rates=pause_rates(debt.rates, pauses))
        return debts

    def _get_dunning_arrangement_pauses(self, day):
        """Return the days over which arrangements ask no interest: one statement.

        From the day after the claim to the day on which it lapsed. Without interest is
        for good; frozen interest is due after all once it has lapsed; interest that
        runs on is part of the arrangement as long as that is kept. What was agreed
        until an arrangement was replaced or cancelled holds for that time.

        :param date day: the day of the claim
        :return: pairs of first and last day by id of the item, of those that have some
        :rtype: dict[int, list]
        """
        items = self.env["payment.arrangement.item"].search_fetch(
            [
                ("move_line_id", "in", self.ids),
                ("arrangement_id.started_on", "!=", False),
            ],
            ["move_line_id", "arrangement_id"],
        )
        paused = defaultdict(list)
        for arrangement, covered in items.grouped("arrangement_id").items():
            if arrangement._asks_no_interest():
                ended_on = arrangement.broken_on or arrangement.ended_on or day
                pause = (arrangement.date + timedelta(days=1), min(ended_on, day))
                for item in covered:
                    paused[item.move_line_id.id].append(pause)
        return {item_id: sorted(days) for item_id, days in paused.items()}
