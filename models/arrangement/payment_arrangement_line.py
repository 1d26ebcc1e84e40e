from odoo import api, fields, models
from odoo.fields import Domain


class PaymentArrangementLine(models.Model):
    """An instalment; what is paid of it follows from the ledger."""

    _name = "payment.arrangement.line"
    _description = "Instalment of a payment arrangement"
    _order = "date, id"
    _check_company_auto = True

    arrangement_id = fields.Many2one(
        comodel_name="payment.arrangement",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="arrangement_id.company_id", store=True)
    currency_id = fields.Many2one(related="arrangement_id.currency_id")
    partner_id = fields.Many2one(
        related="arrangement_id.partner_id", store=True, string="Debtor"
    )
    state = fields.Selection(
        related="arrangement_id.state", store=True, string="Status"
    )
    date = fields.Date(string="Due date", required=True, index=True)
    amount = fields.Monetary(required=True)
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
    notice_date = fields.Date(string="Announced on", readonly=True, copy=False)
    reminder_date = fields.Date(string="Reminded on", readonly=True, copy=False)
    warning_date = fields.Date(string="Warned on", readonly=True, copy=False)
    warned_until = fields.Date(
        string="Pay by", readonly=True, copy=False, help="As the warning says."
    )

    _check_amount = models.Constraint(
        "CHECK(amount > 0)", "Each instalment must be more than zero."
    )

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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.arrangement_id._check_is_draft()
        return lines

    def write(self, vals):
        if {"amount", "date", "arrangement_id"} & set(vals):
            self.arrangement_id._check_is_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_offered(self):
        self.arrangement_id._check_is_draft()

    # === ACTION METHODS === #

    def action_open_arrangement(self):
        """Open the arrangement."""
        return self.arrangement_id.action_open()
