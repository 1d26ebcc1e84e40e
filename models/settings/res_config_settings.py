from odoo import fields, models

from ..issue.dunning_notice import PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_contact_interval = fields.Integer(
        related="company_id.dunning_contact_interval", readonly=False
    )
    dunning_correction_days = fields.Integer(
        related="company_id.dunning_correction_days", readonly=False
    )
    dunning_hold_unmatched = fields.Boolean(
        related="company_id.dunning_hold_unmatched", readonly=False
    )
    dunning_pending_days = fields.Integer(
        related="company_id.dunning_pending_days", readonly=False
    )
    dunning_pending_hours = fields.Integer(
        related="company_id.dunning_pending_hours", readonly=False
    )
    dunning_account_days = fields.Integer(
        related="company_id.dunning_account_days", readonly=False
    )
    dunning_match_payments = fields.Boolean(
        related="company_id.dunning_match_payments", readonly=False
    )
    dunning_own_amount = fields.Boolean(
        related="company_id.dunning_own_amount", readonly=False
    )
    dunning_returned_days = fields.Integer(
        related="company_id.dunning_returned_days", readonly=False
    )
    dunning_delivery_margin = fields.Integer(
        related="company_id.dunning_delivery_margin", readonly=False
    )
    dunning_bank_max_age = fields.Integer(
        related="company_id.dunning_bank_max_age", readonly=False
    )
    dunning_call_retry_days = fields.Integer(
        related="company_id.dunning_call_retry_days", readonly=False
    )
    dunning_call_max_attempts = fields.Integer(
        related="company_id.dunning_call_max_attempts", readonly=False
    )
    dunning_require_sent = fields.Boolean(
        related="company_id.dunning_require_sent", readonly=False
    )
    dunning_invoice_check = fields.Selection(
        related="company_id.dunning_invoice_check", readonly=False, required=True
    )
    dunning_prepayment_notices = fields.Integer(
        related="company_id.dunning_prepayment_notices", readonly=False
    )
    dunning_prepayment_promises = fields.Integer(
        related="company_id.dunning_prepayment_promises", readonly=False
    )
    dunning_prepayment_days = fields.Integer(
        related="company_id.dunning_prepayment_days", readonly=False
    )
    dunning_prepayment_invoices = fields.Integer(
        related="company_id.dunning_prepayment_invoices", readonly=False
    )
    dunning_skip_direct_debit = fields.Boolean(
        related="company_id.dunning_skip_direct_debit", readonly=False
    )
    dunning_propose_daily = fields.Boolean(
        related="company_id.dunning_propose_daily", readonly=False
    )
    dunning_copies = fields.Selection(
        related="company_id.dunning_copies", readonly=False, required=True
    )
    dunning_seat = fields.Char(related="company_id.dunning_seat", readonly=False)
    dunning_window_side = fields.Selection(
        related="company_id.dunning_window_side", readonly=False, required=True
    )
    dunning_window_top = fields.Integer(
        related="company_id.dunning_window_top", readonly=False
    )
    dunning_window_left = fields.Integer(
        related="company_id.dunning_window_left", readonly=False
    )
    dunning_letterhead = fields.Boolean(
        related="company_id.dunning_letterhead", readonly=False
    )
    dunning_interest_basis = fields.Selection(
        related="company_id.dunning_interest_basis", readonly=False, required=True
    )
    dunning_interest_percent = fields.Float(
        related="company_id.dunning_interest_percent", readonly=False
    )
    dunning_interest_compounds = fields.Boolean(
        related="company_id.dunning_interest_compounds", readonly=False
    )
    dunning_costs = fields.Selection(
        related="company_id.dunning_costs", readonly=False, required=True
    )
    dunning_vat_deductible = fields.Boolean(
        related="company_id.dunning_vat_deductible", readonly=False
    )
    dunning_third_party = fields.Boolean(
        related="company_id.dunning_third_party", readonly=False
    )
    dunning_vat_percent = fields.Float(
        related="company_id.dunning_vat_percent", readonly=False
    )
    dunning_fatal_term = fields.Boolean(
        related="company_id.dunning_fatal_term", readonly=False
    )
    dunning_trade_term = fields.Boolean(
        related="company_id.dunning_trade_term", readonly=False
    )
    dunning_trade_term_proof = fields.Char(
        related="company_id.dunning_trade_term_proof", readonly=False
    )
    dunning_fatal_term_proof = fields.Char(
        related="company_id.dunning_fatal_term_proof", readonly=False
    )
    dunning_sum_instalments = fields.Boolean(
        related="company_id.dunning_sum_instalments", readonly=False
    )
    dunning_rest_amount = fields.Monetary(
        related="company_id.dunning_rest_amount", readonly=False
    )
    dunning_rest_account_id = fields.Many2one(
        related="company_id.dunning_rest_account_id", readonly=False
    )
    dunning_rest_journal_id = fields.Many2one(
        related="company_id.dunning_rest_journal_id", readonly=False
    )
    dunning_charge_journal_id = fields.Many2one(
        related="company_id.dunning_charge_journal_id", readonly=False
    )
    dunning_interest_product_id = fields.Many2one(
        related="company_id.dunning_interest_product_id", readonly=False
    )
    dunning_costs_product_id = fields.Many2one(
        related="company_id.dunning_costs_product_id", readonly=False
    )
    dunning_interest_account_id = fields.Many2one(
        related="company_id.dunning_interest_account_id", readonly=False
    )
    dunning_costs_account_id = fields.Many2one(
        related="company_id.dunning_costs_account_id", readonly=False
    )
    dunning_arrangement_days = fields.Integer(
        related="company_id.dunning_arrangement_days", readonly=False
    )
    dunning_arrangement_pause_days = fields.Integer(
        related="company_id.dunning_arrangement_pause_days", readonly=False
    )
    dunning_arrangement_grace_days = fields.Integer(
        related="company_id.dunning_arrangement_grace_days", readonly=False
    )
    dunning_arrangement_warning_days = fields.Integer(
        related="company_id.dunning_arrangement_warning_days", readonly=False
    )
    dunning_arrangement_lapse_days = fields.Integer(
        related="company_id.dunning_arrangement_lapse_days", readonly=False
    )
    dunning_arrangement_notice_days = fields.Integer(
        related="company_id.dunning_arrangement_notice_days", readonly=False
    )
    dunning_arrangement_ask = fields.Boolean(
        related="company_id.dunning_arrangement_ask", readonly=False
    )
    dunning_arrangement_max_count = fields.Integer(
        related="company_id.dunning_arrangement_max_count", readonly=False
    )
    dunning_arrangement_min_amount = fields.Monetary(
        related="company_id.dunning_arrangement_min_amount", readonly=False
    )
    dunning_vat_period = fields.Selection(
        related="company_id.dunning_vat_period", readonly=False, required=True
    )
    dunning_bad_debt_journal_id = fields.Many2one(
        related="company_id.dunning_bad_debt_journal_id", readonly=False
    )
    dunning_vat_refund_account_id = fields.Many2one(
        related="company_id.dunning_vat_refund_account_id", readonly=False
    )
    dunning_loss_account_id = fields.Many2one(
        related="company_id.dunning_loss_account_id", readonly=False
    )
    dunning_keep_notes = fields.Integer(
        related="company_id.dunning_keep_notes", readonly=False
    )
    dunning_keep_contacts = fields.Integer(
        related="company_id.dunning_keep_contacts", readonly=False
    )
    dunning_keep_deliveries = fields.Integer(
        related="company_id.dunning_keep_deliveries", readonly=False
    )
    dunning_keep_files = fields.Integer(
        related="company_id.dunning_keep_files", readonly=False
    )
    dunning_has_queue_job = fields.Boolean(
        string="OCA's queue_job is installed", compute="_compute_dunning_has_queue_job"
    )
    dunning_deliver_as_jobs = fields.Boolean(
        string="Deliver letters as jobs", config_parameter=PARAMETER
    )

    # === COMPUTE METHODS === #

    def _compute_dunning_has_queue_job(self):
        self.dunning_has_queue_job = "queue.job" in self.env
