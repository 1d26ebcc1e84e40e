from odoo import fields, models


class DunningReason(models.Model):
    """Why a debtor has not paid, as he says himself."""

    _name = "dunning.reason"
    _description = "Reason of non-payment"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
