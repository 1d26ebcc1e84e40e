from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dunning_contact_interval = fields.Integer(
        related="company_id.dunning_contact_interval", readonly=False
    )
    dunning_correction_days = fields.Integer(
        related="company_id.dunning_correction_days", readonly=False
    )
    dunning_bank_max_age = fields.Integer(
        related="company_id.dunning_bank_max_age", readonly=False
    )
    dunning_require_sent = fields.Boolean(
        related="company_id.dunning_require_sent", readonly=False
    )
    dunning_skip_direct_debit = fields.Boolean(
        related="company_id.dunning_skip_direct_debit", readonly=False
    )
    dunning_propose_daily = fields.Boolean(
        related="company_id.dunning_propose_daily", readonly=False
    )
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
