from odoo import api, fields, models

from .engine.progress import LIVE_STATES


class PaymentArrangementItem(models.Model):
    """An open item in an arrangement, with the claim on it when it was drawn up."""

    _name = "payment.arrangement.item"
    _description = "Item of a payment arrangement"
    _order = "date_maturity, id"
    _check_company_auto = True

    arrangement_id = fields.Many2one(
        comodel_name="payment.arrangement",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="arrangement_id.company_id", store=True)
    currency_id = fields.Many2one(related="arrangement_id.currency_id")
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Item",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )
    move_name = fields.Char(string="Number", required=True)
    invoice_date = fields.Date()
    date_maturity = fields.Date(string="Due date", required=True)
    principal = fields.Monetary(
        string="Open", help="What is open, less the open credits that are set off."
    )
    set_off = fields.Monetary(
        string="Open credits",
        help="Credit notes and payments that were open when the arrangement was drawn "
        "up: they are taken off what is open.",
    )
    interest = fields.Monetary()
    costs = fields.Monetary(string="Collection costs", help="VAT included.")
    total = fields.Monetary(compute="_compute_total")
    is_live = fields.Boolean(compute="_compute_is_live", store=True)

    _live_uniq = models.UniqueIndex(
        "(move_line_id) WHERE is_live",
        "One of these items is in another arrangement that was offered or runs. Cancel "
        "that one first, or draw up a new one in its place.",
    )

    # === COMPUTE METHODS === #

    @api.depends("arrangement_id.state", "arrangement_id.replaces_id.state")
    def _compute_is_live(self):
        """An offer of new terms has no items as long as what it replaces runs."""
        for item in self:
            arrangement = item.arrangement_id
            waits = (
                arrangement.state == "offered"
                and arrangement.replaces_id.state == "active"
            )
            item.is_live = arrangement.state in LIVE_STATES and not waits

    @api.depends("principal", "interest", "costs")
    def _compute_total(self):
        for item in self:
            item.total = item.principal + item.interest + item.costs

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.arrangement_id._check_is_draft()
        return items

    def write(self, vals):
        if vals.keys() - {"is_live"}:
            self.arrangement_id._check_is_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_offered(self):
        self.arrangement_id._check_is_draft()
