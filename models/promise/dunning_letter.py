from odoo import fields, models


class DunningLetter(models.Model):
    _inherit = "dunning.letter"

    kind = fields.Selection(
        selection_add=[("promise", "Confirmation of a promise")],
        ondelete={"promise": "cascade"},
    )
