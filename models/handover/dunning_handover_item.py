from odoo import api, fields, models

#: States of a handover in which the items are not dunned by the company itself: given
#: to the agency, and what came of it, unless it came back.
HANDED_STATES = (
    "sent",
    "accepted",
    "collecting",
    "paid",
    "settled",
    "uncollectable",
)

#: States in which an item can be in no other handover.
LIVE_STATES = ("proposed", *HANDED_STATES)

#: States in which the agency works for the company.
OPEN_STATES = ("sent", "accepted", "collecting")


class DunningHandoverItem(models.Model):
    """An item that was handed over, with the claim of the day on which it was."""

    _name = "dunning.handover.item"
    _description = "Item of a handover"
    _order = "handover_id, date_maturity, id"

    handover_id = fields.Many2one(
        comodel_name="dunning.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="handover_id.company_id", store=True)
    currency_id = fields.Many2one(related="handover_id.currency_id")
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Item",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Invoice")
    move_name = fields.Char(string="Number", required=True)
    date_maturity = fields.Date(string="Due date")
    principal = fields.Monetary()
    interest = fields.Monetary()
    costs = fields.Monetary(string="Collection costs", help="VAT included.")
    total = fields.Monetary(compute="_compute_total")
    amount_open = fields.Monetary(
        string="Open today", related="move_line_id.amount_residual_currency"
    )
    is_live = fields.Boolean(compute="_compute_is_live", store=True)
    is_handed_over = fields.Boolean(compute="_compute_is_live", store=True)

    _live_uniq = models.UniqueIndex(
        "(move_line_id) WHERE is_live",
        "An item can be handed over only once at a time.",
    )
    _handed_idx = models.Index("(move_line_id) WHERE is_handed_over")

    # === COMPUTE METHODS === #

    @api.depends("handover_id.state")
    def _compute_is_live(self):
        for item in self:
            item.is_live = item.handover_id.state in LIVE_STATES
            item.is_handed_over = item.handover_id.state in HANDED_STATES

    @api.depends("principal", "interest", "costs")
    def _compute_total(self):
        for item in self:
            item.total = item.principal + item.interest + item.costs
