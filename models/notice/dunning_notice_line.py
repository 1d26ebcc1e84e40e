from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.sql import any_of


class DunningNoticeLine(models.Model):
    """An open item in a letter, with the figures of the day on which it was issued.

    A line without level is an open credit of the debtor, taken off the claim, or an
    invoice for interest and costs that was charged before, added to it.
    """

    _name = "dunning.notice.line"
    _description = "Item in a dunning letter"
    _order = "notice_id, date_maturity, id"

    # Written by the letter, which tells who and when.
    _log_access = False
    notice_id = fields.Many2one(
        comodel_name="dunning.notice", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="notice_id.company_id")
    currency_id = fields.Many2one(related="notice_id.currency_id")
    state = fields.Selection(related="notice_id.state", store=True, precompute=True)
    is_limitation = fields.Boolean(
        related="notice_id.is_limitation", store=True, precompute=True
    )
    debtor_key = fields.Integer(
        compute="_compute_debtor_key",
        store=True,
        precompute=True,
        help="Id of the debtor. It stays when customers are merged: what each of them "
        "got then stands side by side.",
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

    # No letter twice: besides the plan, the database sees to it. A limitation may be
    # interrupted again every few years, and an invoice made out to somebody else.
    _level_uniq = models.UniqueIndex(
        "(move_line_id, level_id, debtor_key) "
        "WHERE state != 'cancelled' AND NOT is_limitation",
        "An item gets each level of its ladder only once.",
    )
    _latest_idx = models.Index("(move_line_id, deadline DESC) WHERE state = 'sent'")
    _failed_idx = models.Index("(move_line_id, move_id) WHERE state = 'failed'")

    # === COMPUTE METHODS === #

    @api.depends("notice_id")
    def _compute_debtor_key(self):
        for line in self:
            line.debtor_key = line.notice_id.partner_id.id

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

    # === ACTION METHODS === #

    def action_open_notice(self):
        """Open the letter."""
        return self.notice_id.action_open()

    def action_print(self):
        """Open the letter as PDF."""
        return self.notice_id.action_print()

    # === BUSINESS METHODS === #

    @api.depends("amount_total", "amount_residual", "amount_disputed")
    def _compute_amount_paid(self):
        for line in self:
            line.amount_paid = (
                line.amount_total - line.amount_residual - line.amount_disputed
            )

    def _is_charge(self):
        """Whether the line is about interest and costs that were charged before."""
        self.ensure_one()
        return not self.level_id and self.amount_residual > 0

    def _is_own(self):
        """Whether the item is one of the debtor of the letter still.

        An invoice that was reset to draft may have been made out to somebody else.
        """
        self.ensure_one()
        item, notice = self.move_line_id, self.notice_id
        return (item.partner_id.commercial_partner_id, item.currency_id) == (
            notice.partner_id.commercial_partner_id,
            notice.currency_id,
        )

    def _get_due_levels(self, steps):
        """Return the levels of the items that are still due, as ids by id of the item.

        :param dict steps: the plan of today by item
        :rtype: dict
        """
        return {
            line.move_line_id.id: line.level_id.id
            for line in self
            if line.level_id and line._is_still_due(steps)
        }

    def _is_still_due(self, steps):
        """Whether nothing came up since the letter was proposed.

        :param dict steps: the plan of today by item
        """
        self.ensure_one()
        step = steps.get(self.move_line_id.id)
        if not step or not self._is_own():
            return False
        if self.is_limitation:
            return True  # limitation runs on, whatever stands in the way
        if not step.obstacle:
            return True
        return not self.env["dunning.planner"]._get_obstacle(step.obstacle).blocks

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
                   AND line.id = %s
                """,
                any_of(self._ids),
            )
        )
        self.env.remove_to_compute(self._fields["state"], self)
        self.invalidate_recordset(["state"], flush=False)
