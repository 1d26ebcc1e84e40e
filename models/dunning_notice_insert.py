import json

from odoo import api, models
from odoo.tools import SQL


class DunningNotice(models.Model):
    """Letters are made many at a time: a round has thousands of them."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    @api.model
    def _insert(self, values_list):
        """Insert proposals in one statement.

        What is worked out from the lines is among the values already, so that nothing
        is written twice. `create` would also leave a message in each letter; the round
        tells who proposed.

        :param list[dict] values_list: values that all have the same keys, see
            `_prepare_proposal`
        :rtype: recordset of `dunning.notice`
        """
        self.check_access("create")
        if not values_list:
            return self.browse()
        stored = [f for f in self._fields.values() if f.store and f.column_type]
        defaults = self.default_get([field.name for field in stored])
        rows = [defaults | values for values in values_list]
        self.env.cr.execute(self._sql_insert(rows))
        notices = self.browse(notice_id for [notice_id] in self.env.cr.fetchall())
        notices.check_access("create")  # the rules of the companies
        for field in stored:
            if field.compute and field.name not in rows[0]:
                self.env.add_to_compute(field, notices)
        notices.modified(list(rows[0]), create=True)
        self.env["dunning.run"].invalidate_model(["notice_ids", "draft_ids"])
        notices._follow()
        return notices

    def _follow(self):
        """Let who proposes the letters follow them, as `create` does."""
        user, context = self.env.user, self.env.context
        if context.get("tracking_disable") or context.get("mail_create_nosubscribe"):
            return
        if user.active and not user.share:
            self.env["mail.followers"]._insert_followers(
                self._name,
                self.ids,
                user.partner_id.ids,
                customer_ids=[],
                check_existing=False,
            )

    @api.model
    def _sql_insert(self, rows):
        """Return the statement that inserts letters, see `_insert`."""
        columns = [SQL.identifier(name) for name in rows[0]]
        booleans = {name for name in rows[0] if self._fields[name].type == "boolean"}
        data = [
            {k: None if v is False and k not in booleans else v for k, v in row.items()}
            for row in rows
        ]
        return SQL(
            """
            INSERT INTO dunning_notice (
                        %(columns)s, create_uid, create_date, write_uid, write_date)
                 SELECT %(values)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                   FROM jsonb_populate_recordset(NULL::dunning_notice, %(data)s)
                        WITH ORDINALITY row
               ORDER BY row.ordinality
              RETURNING id
            """,
            columns=SQL(", ").join(columns),
            values=SQL(", ").join(SQL("row.%s", column) for column in columns),
            data=json.dumps(data, default=str),
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _set_items(self, items, today):
        """Give proposals other lines, and let what they claim be worked out again.

        Lines that say what they would say today stay: most letters are delivered on
        the day on which they were proposed.

        :param list[list[LetterItem]] items: what each of the letters is about
        :param date today: the day of the letters
        """
        Line = self.env["dunning.notice.line"]
        rows = [
            (notice.id, item)
            for notice, listed in zip(self, items, strict=True)
            for item in listed
        ]
        changed = Line._find_changed(self, rows, today)
        self.browse(changed).line_ids.unlink()
        Line._insert([row for row in rows if row[0] in changed], today)
        self.modified(["line_ids"])
        # Read back at once what the letters are worked out from.
        self.line_ids.fetch(
            ["move_line_id", "move_name", "level_id", "amount_residual"]
        )
