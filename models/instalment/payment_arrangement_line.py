from odoo import api, fields, models
from odoo.fields import Domain


class PaymentArrangementLine(models.Model):
    """What is paid of an instalment follows from the ledger."""

    _inherit = "payment.arrangement.line"

    amount_paid = fields.Monetary(string="Paid", compute="_compute_progress")
    amount_open = fields.Monetary(string="Open", compute="_compute_progress")
    is_open = fields.Boolean(
        string="Expected",
        compute="_compute_progress",
        search="_search_is_open",
        help="Still to be paid, in an arrangement that runs.",
    )
    paid_on = fields.Date(compute="_compute_progress")
    days_late = fields.Integer(compute="_compute_progress")

    # === COMPUTE METHODS === #

    @api.depends("amount", "date", "arrangement_id.line_ids.amount")
    def _compute_progress(self):
        progress = self.arrangement_id._origin._get_progress()
        today = {a: a.company_id._get_dunning_today() for a in self.arrangement_id}
        for line in self:
            arrangement = line.arrangement_id
            followed = progress.get(arrangement._origin.id)
            lines = arrangement._origin._get_ordered_lines()
            line.amount_paid = line.days_late = 0
            line.amount_open, line.paid_on = line.amount, False
            line.is_open = False
            if not followed or line._origin not in lines:
                continue
            position = list(lines).index(line._origin)
            line.amount_paid = float(followed.paid[position])
            line.amount_open = float(followed.open_of(position))
            line.paid_on = followed.paid_on[position]
            if arrangement.state == "active" and line.amount_open:
                line.is_open = True
                line.days_late = max((today[arrangement] - line.date).days, 0)

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        active = self.env["payment.arrangement"].search([("state", "=", "active")])
        progress = active._get_progress()
        open_ids = [
            line.id
            for arrangement in active
            for number, line in enumerate(arrangement._get_ordered_lines())
            if progress[arrangement.id].open_of(number)
        ]
        return Domain("id", "in", open_ids)
