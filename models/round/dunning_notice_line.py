from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...tools.creation import is_creation_watched
from ...tools.sql import any_of, array_literal

#: What lines are made from.
SOURCES = {
    "account.move": ["invoice_date"],
    "account.move.line": [
        *("move_id", "currency_id", "date", "date_maturity"),
        *("amount_currency", "amount_residual_currency"),
    ],
    # Not all of it: what the letters claim is worked out once the lines are there.
    "dunning.notice": ["state", "is_limitation", "partner_id"],
}


#: What is written of a line.
LINE_COLUMNS = (
    *("notice_id", "state", "is_limitation", "debtor_key"),
    *("move_line_id", "move_id", "level_id"),
    *("move_name", "invoice_date", "date_maturity", "deadline", "days_late"),
    *("amount_total", "amount_residual", "amount_disputed"),
)


_SQL_COLUMNS = SQL(", ").join(map(SQL.identifier, LINE_COLUMNS))


class LetterItem(NamedTuple):
    """An item in a letter that is being made."""

    item_id: int
    level_id: int | None  # None for a credit, and for what was charged before
    number: str  # how the letter calls it
    disputed: float = 0  # part that is not asked for
    paid_out: float = 0  # part of a credit that went back to the debtor


class DunningNoticeLine(models.Model):
    """Lines are written many at a time: a round has thousands of them."""

    _inherit = "dunning.notice.line"

    # === BUSINESS METHODS === #

    @api.model
    def _list_items(self, level_ids, credits, numbers, disputed, paid_out=None):
        """Return what a new letter is about.

        :param dict level_ids: id of the level by id of the open item
        :param credits: open credits of the debtor in the currency of the letter
        :param dict numbers: how the letter calls its items, see `_get_dunning_numbers`
        :param dict disputed: parts that are not asked for, by id of the item
        :param dict paid_out: what was paid out of the credits, by id of the credit
        :rtype: list[LetterItem]
        """
        paid_out = paid_out or {}
        items = [
            LetterItem(item_id, level_id, numbers[item_id], disputed.get(item_id, 0))
            for item_id, level_id in level_ids.items()
        ]
        items += [
            LetterItem(
                credit.id, None, numbers[credit.id], 0, paid_out.get(credit.id, 0)
            )
            for credit in credits
            # What was paid out as a whole is nothing that the debtor still gets.
            if not credit.currency_id.is_zero(
                credit.amount_residual_currency + paid_out.get(credit.id, 0)
            )
        ]
        return items

    @api.model
    def _insert(self, rows, today):
        """Insert lines in one statement that reads their figures from the items.

        Nothing about them has to be worked out or checked: `create` would take four
        times as long for the whole proposal. The letters are not worked out again, see
        `_set_items` of `dunning.notice`.

        :param list[tuple] rows: id of the letter, and the `LetterItem`
        :param date today: the day of the letters
        """
        self.check_access("create")
        if not rows:
            return
        for model, names in SOURCES.items():
            self.env[model].flush_model(names)
        if is_creation_watched(self):
            self._create_lines(rows, today)
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_notice_line (%(columns)s)
                     SELECT %(columns)s FROM (%(lines)s) line
                   ORDER BY notice_id, date_maturity, position
                """,
                columns=_SQL_COLUMNS,
                lines=self._sql_lines(rows, today),
            )
        )
        for model in ("account.move", "account.move.line"):
            self.env[model].invalidate_model(["dunning_notice_line_ids"], flush=False)
        notices = self.env["dunning.notice"].browse({row[0] for row in rows})
        notices.invalidate_recordset(["line_ids"], flush=False)

    @api.model
    def _create_lines(self, rows, today):
        """Make lines as `_insert` does, by `create`: see `is_creation_watched`."""
        found = self.env.execute_query(
            SQL(
                "SELECT %s FROM (%s) line ORDER BY notice_id, date_maturity, position",
                _SQL_COLUMNS,
                self._sql_lines(rows, today),
            )
        )
        derived = {"state", "is_limitation", "debtor_key"}  # from the letter
        self.create(
            [
                {
                    name: value
                    for name, value in zip(LINE_COLUMNS, row, strict=True)
                    if name not in derived
                }
                for row in found
            ]
        )

    @api.model
    def _find_changed(self, notices, rows, today):
        """Return the ids of letters of which lines would say something else today.

        :param notices: the letters
        :param list[tuple] rows: what they are to be about, see `_insert`
        :param date today: the day of the letters
        :rtype: set[int]
        """
        if not rows:
            return set(notices.ids)
        for model, names in SOURCES.items():
            self.env[model].flush_model(names)
        self.flush_model(LINE_COLUMNS)
        changed = self.env.execute_query(
            SQL(
                """
                WITH wanted AS (SELECT %(columns)s FROM (%(lines)s) line),
                     present AS (
                     SELECT %(columns)s FROM dunning_notice_line
                      WHERE notice_id = %(notice_ids)s
                     )
              SELECT notice_id FROM (
                     (TABLE wanted EXCEPT ALL TABLE present) UNION
                     (TABLE present EXCEPT ALL TABLE wanted)
                     ) difference
                """,
                columns=_SQL_COLUMNS,
                lines=self._sql_lines(rows, today),
                notice_ids=any_of(notices._ids),
            )
        )
        return {notice_id for [notice_id] in changed}

    @api.model
    def _sql_lines(self, rows, today):
        """Return the query of what lines say today, see `_insert` and `LINE_COLUMNS`.

        Its last column is the place of the line among all.
        """
        return SQL(
            """
                 SELECT notice.id AS notice_id, notice.state,
                        notice.is_limitation, notice.partner_id AS debtor_key,
                        item.id AS move_line_id, item.move_id,
                        row.level_id, row.number AS move_name,
                        COALESCE(move.invoice_date, item.date) AS invoice_date,
                        COALESCE(item.date_maturity, item.date) AS date_maturity,
                        level.deadline,
                        GREATEST(
                            %(today)s - COALESCE(item.date_maturity, item.date), 0
                        ) AS days_late,
                        item.amount_currency AS amount_total,
                        ROUND(item.amount_residual_currency - row.disputed
                              + row.paid_out,
                              currency.decimal_places) AS amount_residual,
                        row.disputed AS amount_disputed,
                        row.position
                   FROM %(rows)s
                   JOIN dunning_notice notice ON notice.id = row.notice_id
                   JOIN account_move_line item ON item.id = row.item_id
                   JOIN account_move move ON move.id = item.move_id
                   JOIN res_currency currency ON currency.id = item.currency_id
                  WHERE item.id = %(item_ids)s  -- not all, to hash them
            """,
            today=today,
            rows=self._sql_rows(rows, today),
            item_ids=any_of(item.item_id for _notice_id, item in rows),
        )

    @api.model
    def _sql_rows(self, rows, today):
        """Return the tables `row` and `level`, of what lines are made from."""
        notice_ids, items = zip(*rows, strict=True)
        level_ids = [item.level_id for item in items]
        levels = self.env["dunning.level"].browse(set(filter(None, level_ids)))
        return SQL(
            """
            UNNEST(%(notice_ids)s::int[], %(item_ids)s::int[], %(level_ids)s::int[],
                   %(numbers)s, %(disputed)s::numeric[], %(paid_out)s::numeric[])
                   WITH ORDINALITY AS row(notice_id, item_id, level_id, number,
                                          disputed, paid_out, position)
         LEFT JOIN UNNEST(%(levels)s::int[], %(deadlines)s::date[])
                   AS level(id, deadline) ON level.id = row.level_id
            """,
            notice_ids=array_literal(notice_ids),
            item_ids=array_literal(item.item_id for item in items),
            level_ids=array_literal(level_ids),
            numbers=[item.number for item in items],
            disputed=array_literal(item.disputed for item in items),
            paid_out=array_literal(item.paid_out for item in items),
            levels=levels.ids,
            deadlines=[level._get_deadline(today) or None for level in levels],
        )
