from odoo import fields, models


class DunningLetter(models.Model):
    _inherit = "dunning.letter"

    kind = fields.Selection(
        selection_add=[("answer", "Answer to a dispute")],
        ondelete={"answer": "cascade"},
    )
