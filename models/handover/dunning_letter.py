from odoo import fields, models


class DunningLetter(models.Model):
    _inherit = "dunning.letter"

    kind = fields.Selection(
        selection_add=[("handover", "Notice of a handover")],
        ondelete={"handover": "cascade"},
    )
