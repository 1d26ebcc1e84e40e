from odoo import fields, models


class DunningNoticeLine(models.Model):
    """How the letter about an item went out."""

    _inherit = "dunning.notice.line"

    delivery_summary = fields.Char(related="notice_id.delivery_summary")
