from collections import defaultdict

from odoo import fields, models
from odoo.tools import SQL

from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.sql import any_of
from ..claim.engine.charge import ZERO
from ..claim.engine.terms import SentLetter, make_terms


class AccountMoveLine(models.Model):
    """What letters do to the claim on an item: from when it bears what."""

    _inherit = "account.move.line"

    dunning_notice_line_ids = fields.One2many(
        comodel_name="dunning.notice.line",
        inverse_name="move_line_id",
        string="Letters",
        groups=ACCOUNTING_GROUPS,
    )

    # === BUSINESS METHODS === #

    def _dunning_sql_traces(self, partner_ids):
        # EXTENDS 'l10n_nl_dunning'
        return super()._dunning_sql_traces(partner_ids) | {
            "letters": SQL(
                "SELECT FROM dunning_notice_line WHERE move_line_id = %s",
                any_of(self._ids),
            )
        }

    def _get_dunning_debts(self, owed, case):
        """Tell from when the items bear interest and costs, by the letters about them.

        What a letter that is being made claims costs over, is what is unpaid at the end
        of its day.
        """
        # EXTENDS 'l10n_nl_dunning'
        debts = super()._get_dunning_debts(owed, case)
        letters = self._get_dunning_letters_sent() if "letters" in case.traces else {}
        levels = case.levels
        claiming = {level.id for level in set(levels.values()) if level._claims_costs()}
        for item in owed:
            if item.is_charge or item.amount <= 0:
                continue
            is_claiming = item.id in levels and levels[item.id].id in claiming
            if is_claiming or item.id in letters:
                debtor = case.debtors[item.claim_key]
                terms = make_terms(
                    item.get_in_time(debtor),
                    debtor,
                    letters.get(item.id, ()),
                    ZERO if is_claiming else None,
                    case.day,
                )
                debts[item.id] = debts[item.id]._replace(**terms)
        return debts

    def _get_dunning_letters_sent(self):
        """Return the letters about these items that reached the debtor: one statement.

        :return: letters by id of the item
        :rtype: dict[int, list[SentLetter]]
        """
        rows = self._select_dunning_letters_sent()
        levels = self.env["dunning.level"].browse(
            {level_id for _, level_id, *_ in rows}
        )
        kinds = {level.id: (level.kind, level._claims_costs()) for level in levels}
        letters = defaultdict(list)
        for line_id, level_id, *terms in rows:
            letters[line_id].append(SentLetter(*kinds[level_id], *terms))
        return letters

    def _select_dunning_letters_sent(self):
        """Read what each letter that reached the debtor said about these items.

        :return: item, level, date, deadline and open amount
        :rtype: list[tuple]
        """
        self.env["dunning.notice"].flush_model(["date"])
        self.env["dunning.notice.line"].flush_model(
            ["state", "deadline", "amount_residual"]
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, line.level_id, notice.date, line.deadline,
                       line.amount_residual
                  FROM dunning_notice_line line
                  JOIN dunning_notice notice ON notice.id = line.notice_id
                 WHERE line.move_line_id = %s
                   AND line.level_id IS NOT NULL
                   AND line.state = 'sent'
                """,
                any_of(self._ids),
            )
        )
