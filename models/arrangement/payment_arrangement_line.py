from odoo import api, fields, models


class PaymentArrangementLine(models.Model):
    """An instalment."""

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

    notice_date = fields.Date(string="Announced on", readonly=True, copy=False)
    reminder_date = fields.Date(string="Reminded on", readonly=True, copy=False)
    warning_date = fields.Date(string="Warned on", readonly=True, copy=False)
    warned_until = fields.Date(
        string="Pay by", readonly=True, copy=False, help="As the warning says."
    )

    _check_amount = models.Constraint(
        "CHECK(amount > 0)", "Each instalment must be more than zero."
    )

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
