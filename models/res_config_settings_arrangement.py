from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

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
