from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningHold(models.Model):
    """Disputes: the whole of some items, or part of one.

    What is not disputed goes on being dunned. :meth:`_dispute_items` opens a dispute.
    """

    _inherit = "dunning.hold"

    category_id = fields.Many2one(
        comodel_name="dunning.dispute.category",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
    )
    amount_disputed = fields.Monetary(
        string="Disputed",
        compute="_compute_amount_disputed",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
        help="What the customer disputes of the open amount. The rest goes on being "
        "dunned.",
    )
    is_partial = fields.Boolean(
        string="Part of an invoice",
        compute="_compute_is_partial",
        store=True,
        precompute=True,
    )
    outcome = fields.Selection(
        selection=[
            ("justified", "Justified"),
            ("unjustified", "Not justified"),
            ("withdrawn", "Withdrawn by the customer"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
        help="Justified: what is due after all bore no interest meanwhile. Otherwise "
        "interest and costs run as if nothing had been disputed.",
    )
    date_term = fields.Date(
        string="New term",
        readonly=True,
        copy=False,
        help="Last day to pay that was given when the dispute was over. The next "
        "letter only comes after it.",
    )

    # What is looked for with every plan, among holds that are over.
    _term_idx = models.Index("(company_id) WHERE date_term IS NOT NULL")

    # === COMPUTE METHODS === #

    def _compute_currency_id(self):
        """Decided once, as the amount."""
        for hold in self:
            currency = hold.move_line_ids.currency_id[:1]
            hold.currency_id = currency or hold.company_id.currency_id

    def _compute_amount_disputed(self):
        """What is open when the dispute is opened: evidence of what it was about."""
        for hold in self:
            hold.amount_disputed = hold.kind == "dispute" and hold._sum_open()

    @api.depends("amount_disputed", "kind")
    def _compute_is_partial(self):
        """Part of an item is disputed, or all that is open of it whatever it becomes.

        Decided when the amount is set: a payment does not make a dispute whole.
        """
        for hold in self:
            hold.is_partial = hold.kind == "dispute" and (
                hold.currency_id.compare_amounts(hold.amount_disputed, hold._sum_open())
                < 0
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("kind", "amount_disputed", "move_line_ids")
    def _check_dispute(self):
        for hold in self.filtered(lambda hold: hold.kind == "dispute"):
            if hold.is_debtor_wide:
                raise ValidationError(
                    self.env._("Choose the invoices that the customer disputes.")
                )
            if hold.currency_id.compare_amounts(hold.amount_disputed, 0) < 0 or (
                hold.is_partial and hold.currency_id.is_zero(hold.amount_disputed)
            ):
                raise ValidationError(
                    self.env._("Enter what the customer disputes: more than zero.")
                )
            if hold.is_partial and len(hold.move_line_ids) > 1:
                raise ValidationError(
                    self.env._(
                        "Part of an amount can only be disputed for one invoice or "
                        "instalment at a time."
                    )
                )

    # === BUSINESS METHODS === #

    def _sum_open(self):
        """Return what is open of the items of a dispute."""
        self.ensure_one()
        return sum(self.move_line_ids.mapped("amount_residual_currency"))

    @api.model
    def _dispute_items(self, items, values, amount=None):
        """Open a dispute for each invoice.

        Part of an amount takes the instalments that are due first: it is for these
        that the next letter would come.

        :param items: open receivable items (`account.move.line`)
        :param dict values: as for `_hold_items`, and `category_id`
        :param float amount: what is disputed of the items of one invoice, in their
            currency; the whole without one
        :rtype: recordset of `dunning.hold`
        """
        values = {**values, "kind": "dispute"}
        holds = self.browse()
        for lines in items.grouped("move_id").values():
            whole, part, rest = lines._split_dispute(amount)
            if whole:
                holds |= self._hold_items(whole, values)
            if part:
                holds |= self._hold_items(part, {**values, "amount_disputed": rest})
        return holds
