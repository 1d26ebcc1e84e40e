import json

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

#: Obstacles for which an item drops out of its letter at the moment of sending.
BLOCKING_OBSTACLES = (
    "excluded",
    "arrangement",
    "protected",
    "payment_in_process",
    "dispute",
    "promise",
    "arrangement_offered",
    "paused",
    "not_due",
    "direct_debit",
    "not_sent",
    "invoice_check",
)


class DunningNoticeLine(models.Model):
    """An open item in a letter, with the figures of the day on which it was issued.

    A line without level is an open credit of the debtor, taken off the claim, or an
    invoice for interest and costs that was charged before, added to it.
    """

    _name = "dunning.notice.line"
    _description = "Item in a dunning letter"
    _order = "notice_id, date_maturity, id"

    notice_id = fields.Many2one(
        comodel_name="dunning.notice", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="notice_id.company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="notice_id.currency_id")
    state = fields.Selection(related="notice_id.state", store=True, precompute=True)
    is_limitation = fields.Boolean(
        related="notice_id.is_limitation", store=True, precompute=True
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal item",
        index="btree_not_null",
        # The letter outlives the item: an invoice may be reset to draft and changed.
        ondelete="set null",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="set null",
    )
    level_id = fields.Many2one(
        comodel_name="dunning.level", index="btree_not_null", ondelete="restrict"
    )
    move_name = fields.Char(string="Number")
    invoice_date = fields.Date()
    date_maturity = fields.Date(string="Due date")
    deadline = fields.Date(help="Last day to pay that the letter gives for this item.")
    days_late = fields.Integer()
    amount_total = fields.Monetary(string="Invoice amount")
    amount_paid = fields.Monetary(string="Paid", compute="_compute_amount_paid")
    amount_residual = fields.Monetary(
        string="Open", help="What the letter asks for, without what is disputed."
    )
    amount_disputed = fields.Monetary(string="Disputed")
    notice_date = fields.Date(related="notice_id.date", string="Date of the letter")
    level_kind = fields.Selection(related="level_id.kind", string="Kind of letter")
    delivery_summary = fields.Char(related="notice_id.delivery_summary")

    # No letter twice: besides the plan, the database sees to it. A limitation may be
    # interrupted again every few years.
    _level_uniq = models.UniqueIndex(
        "(move_line_id, level_id) WHERE state != 'cancelled' AND NOT is_limitation",
        "An item gets each level of its ladder only once.",
    )
    _latest_idx = models.Index("(move_line_id, deadline DESC) WHERE state = 'sent'")
    _failed_idx = models.Index("(move_line_id, move_id) WHERE state = 'failed'")

    @api.depends("amount_total", "amount_residual", "amount_disputed")
    def _compute_amount_paid(self):
        for line in self:
            line.amount_paid = (
                line.amount_total - line.amount_residual - line.amount_disputed
            )

    # === ACTION METHODS === #

    def action_open_notice(self):
        """Open the letter."""
        return self.notice_id.action_open()

    def action_print(self):
        """Open the letter as PDF."""
        return self.notice_id.action_print()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        notice_ids = {vals["notice_id"] for vals in vals_list if "notice_id" in vals}
        self.env["dunning.notice"].browse(notice_ids)._check_not_issued()
        return super().create(vals_list)

    def write(self, vals):
        # The term of a fourteen-day notice is only known when it was delivered; the
        # item itself may disappear, with an invoice that is reset to draft.
        if not {"deadline", "move_line_id", "move_id"}.issuperset(vals):
            self.notice_id._check_not_issued()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        self.notice_id._check_not_issued()

    @api.model
    def _insert(self, values_list):
        """Insert the lines of new proposals in one statement.

        A round has thousands of them, and nothing about them has to be worked out or
        checked: that is what `create` would take its time for.

        :param list[dict] values_list: values that all have the same keys, see
            `_prepare_values`
        """
        self.check_access("create")
        if not values_list:
            return
        # Not all of it: what the letters claim is worked out once the lines are there.
        self.env["dunning.notice"].flush_model(["company_id", "state", "is_limitation"])
        names = [SQL.identifier(name) for name in values_list[0]]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_notice_line (
                            %(names)s, company_id, state, is_limitation,
                            create_uid, create_date, write_uid, write_date)
                     SELECT %(values)s, notice.company_id, notice.state,
                            notice.is_limitation, %(uid)s, %(now)s, %(uid)s, %(now)s
                       FROM jsonb_populate_recordset(
                                NULL::dunning_notice_line, %(data)s
                            ) WITH ORDINALITY line
                       JOIN dunning_notice notice ON notice.id = line.notice_id
                   ORDER BY line.notice_id, line.date_maturity, line.ordinality
                """,
                names=SQL(", ").join(names),
                values=SQL(", ").join(SQL("line.%s", name) for name in names),
                data=json.dumps(
                    [
                        {k: None if v is False else v for k, v in values.items()}
                        for values in values_list
                    ],
                    default=str,
                ),
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        for model in ("account.move", "account.move.line"):
            self.env[model].invalidate_model(["dunning_notice_line_ids"], flush=False)
        notices = self.env["dunning.notice"].browse(
            {values["notice_id"] for values in values_list}
        )
        notices.invalidate_recordset(["line_ids"], flush=False)
        notices.modified(["line_ids"])
        # Read back at once what the letters are worked out from.
        notices.line_ids.fetch(
            ["move_line_id", "move_name", "level_id", "amount_residual"]
        )

    def _store_state(self):
        """Give the lines the state of their letters in one statement.

        The ORM would write them a hundred at a time.
        """
        self.env["dunning.notice"].flush_model(["state"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE dunning_notice_line line
                   SET state = notice.state
                  FROM dunning_notice notice
                 WHERE notice.id = line.notice_id
                   AND line.id IN %s
                """,
                self._ids or (0,),
            )
        )
        self.env.remove_to_compute(self._fields["state"], self)
        self.invalidate_recordset(["state"], flush=False)

    # === BUSINESS METHODS === #

    def _is_charge(self):
        """Whether the line is about interest and costs that were charged before."""
        self.ensure_one()
        return not self.level_id and self.amount_residual > 0

    def _get_due_levels(self, steps):
        """Return the levels of the items that are still due, by item.

        :param dict steps: the plan of today by item
        :rtype: dict
        """
        return {
            line.move_line_id: line.level_id
            for line in self
            if line.level_id and line._is_still_due(steps)
        }

    def _is_still_due(self, steps):
        """Whether nothing came up since the letter was proposed.

        :param dict steps: the plan of today by item
        """
        self.ensure_one()
        step = steps.get(self.move_line_id.id)
        if self.is_limitation:
            return bool(step)  # limitation runs on, whatever stands in the way
        return bool(step) and step.obstacle not in BLOCKING_OBSTACLES

    @api.model
    def _prepare_values(self, item, level, today, number=None, disputed=0):
        """Return the values of a line for an open item.

        :param item: the `account.move.line`
        :param level: the `dunning.level` the item reaches, empty for a credit
        :param date today: the day of the letter
        :param str number: how the letter calls the item, the invoice without one
        :param float disputed: part of the item that is not asked for
        :rtype: dict
        """
        due = item.date_maturity or item.date
        return {
            "move_line_id": item.id,
            "move_id": item.move_id.id,
            "level_id": level.id,
            "move_name": number or item.move_id.name,
            "invoice_date": item.move_id.invoice_date or item.date,
            "date_maturity": due,
            "deadline": level._get_deadline(today) if level else False,
            "days_late": max((today - due).days, 0),
            "amount_total": item.amount_currency,
            "amount_residual": item.currency_id.round(
                item.amount_residual_currency - disputed
            ),
            "amount_disputed": disputed,
        }

    @api.model
    def _prepare_commands(self, levels, credits, today, numbers=None, disputed=None):
        """Return the lines of a new letter as commands.

        :param dict levels: level by open item
        :param credits: open credits of the debtor in the currency of the letter
        :param date today: the day of the letter
        :param dict numbers: how the letter calls its items, see `_get_dunning_numbers`
        :param dict disputed: parts that are not asked for, by id of the item
        :rtype: list[Command]
        """
        numbers, disputed = numbers or {}, disputed or {}
        no_level = self.env["dunning.level"]
        return [
            Command.create(
                self._prepare_values(
                    item, level, today, numbers.get(item), disputed.get(item.id, 0)
                )
            )
            for item, level in [
                *levels.items(),
                *((item, no_level) for item in credits),
            ]
        ]
