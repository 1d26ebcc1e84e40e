from datetime import timedelta

from odoo import api, fields, models

from ..models.hold.dunning_hold import get_review_days


class DunningHoldAdd(models.TransientModel):
    """Asks why and until when items or debtors must not be dunned."""

    _name = "dunning.hold.add"
    _description = "Pause dunning"

    move_line_ids = fields.Many2many(
        comodel_name="account.move.line", string="Items", readonly=True
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner", string="Debtors", readonly=True
    )
    kind = fields.Selection(
        selection=lambda self: self._get_kinds(), string="Reason", required=True
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._get_dunning_today(),
    )
    date_review = fields.Date(
        string="Up to and including",
        compute="_compute_date_review",
        store=True,
        readonly=False,
        required=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="On the last day the owner is asked what to do next.",
    )
    note = fields.Text()
    category_id = fields.Many2one(comodel_name="dunning.dispute.category")
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_amount_open"
    )
    amount_open = fields.Monetary(string="Open", compute="_compute_amount_open")
    amount_disputed = fields.Monetary(
        string="Disputed",
        compute="_compute_amount_disputed",
        store=True,
        readonly=False,
        help="What the customer disputes of the open amount. The rest goes on being "
        "dunned.",
    )
    is_one_invoice = fields.Boolean(
        string="For one invoice", compute="_compute_amount_open"
    )

    # === COMPUTE METHODS === #

    @api.model
    def _get_kinds(self):
        """Return the kinds that are asked for here; others have a form of their own."""
        kind = self.env["dunning.hold"]._fields["kind"]
        kinds = kind._description_selection(self.env)
        return [row for row in kinds if row[0] != "promise"]

    @api.depends("kind", "date_from")
    def _compute_date_review(self):
        for wizard in self:
            wizard.date_review = wizard.date_from and (
                wizard.date_from + timedelta(days=get_review_days(wizard.kind))
            )

    @api.depends("move_line_ids")
    def _compute_amount_open(self):
        for wizard in self:
            items = wizard.move_line_ids
            wizard.currency_id = items.currency_id[:1]
            wizard.is_one_invoice = len(items.move_id) == 1
            wizard.amount_open = wizard.is_one_invoice and sum(
                items.mapped("amount_residual_currency")
            )

    @api.depends("amount_open")
    def _compute_amount_disputed(self):
        for wizard in self:
            wizard.amount_disputed = wizard.amount_open

    # === ACTION METHODS === #

    def action_pause(self):
        """Put the items, or all that the debtors owe, on hold."""
        self.ensure_one()
        Hold = self.env["dunning.hold"]
        values = self._prepare_hold_values()
        if self.kind == "dispute":
            Hold._dispute_items(
                self.move_line_ids,
                {**values, "category_id": self.category_id.id},
                self.amount_disputed if self.is_one_invoice else None,
            )
        elif self.move_line_ids:
            Hold._hold_items(self.move_line_ids, values)
        else:
            Hold._hold_debtors(self.partner_ids, self.env.company, values)
        following = self.env.context.get("dunning_following_call")
        if following is None:
            return {"type": "ir.actions.act_window_close"}
        # It was agreed on in a call from the list, which goes on.
        return self.env["dunning.call"].browse(following)._open_or_finish()

    # === BUSINESS METHODS === #

    def _prepare_hold_values(self):
        """Return what was filled in, for the holds to be made."""
        self.ensure_one()
        return {
            "kind": self.kind,
            "date_from": self.date_from,
            "date_review": self.date_review,
            "user_id": self.user_id.id,
            "note": self.note,
        }

    # === SELECTION METHODS === #
