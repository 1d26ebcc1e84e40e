from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningWaive(models.TransientModel):
    """Asks what is waived of a claim, and why."""

    _name = "dunning.waive"
    _description = "Waive interest or collection costs"

    item_ids = fields.Many2many(
        comodel_name="account.move.line", string="Items", required=True, readonly=True
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_amounts"
    )
    what = fields.Selection(
        selection=lambda self: (
            self.env["dunning.waiver"]._fields["what"]._description_selection(self.env)
        ),
        string="Waive",
        required=True,
        default="both",
    )
    until = fields.Date(
        string="Interest up to",
        default=lambda self: self.env.company._get_dunning_today(),
        help="Interest up to and including this day is waived, later interest is not.",
    )
    amount_interest = fields.Monetary(string="Interest", compute="_compute_amounts")
    amount_costs = fields.Monetary(
        string="Collection costs", compute="_compute_amounts"
    )
    reason = fields.Char(required=True)

    @api.depends("item_ids", "what", "until")
    def _compute_amounts(self):
        """What would be waived; of several currencies no sum is told."""
        self.currency_id = self.amount_interest = self.amount_costs = False
        for wizard in self:
            items = wizard.item_ids._origin
            if len(items.currency_id) == 1:
                parts = items._work_out_dunning_waiver(
                    wizard.what, wizard.until
                ).values()
                wizard.currency_id = items.currency_id
                wizard.amount_interest = float(sum(p["interest"] for p in parts))
                wizard.amount_costs = float(sum(p["costs"] for p in parts))

    def action_waive(self):
        """Record the waiver.

        :raise UserError: when the day is missing
        """
        self.ensure_one()
        if self.what != "costs" and not self.until:
            raise UserError(
                self.env._("Enter the day up to which the interest is waived.")
            )
        Waiver = self.env["dunning.waiver"]
        Waiver._waive(self.item_ids, self.what, self.until, self.reason)
        return {"type": "ir.actions.act_window_close"}
