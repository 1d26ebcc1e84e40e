from odoo import api, fields, models


class DunningDeliveryPost(models.TransientModel):
    """Asks when letters were posted."""

    _name = "dunning.delivery.post"
    _description = "Record posted dunning letters"

    delivery_ids = fields.Many2many(
        comodel_name="dunning.delivery",
        string="Letters",
        required=True,
        readonly=True,
    )
    date = fields.Date(
        string="Posted on",
        required=True,
        default=lambda self: self.env.company._get_dunning_today(),
    )
    tracking_code = fields.Char(string="Track and trace")
    has_tracking = fields.Boolean(compute="_compute_has_tracking")

    @api.depends("delivery_ids")
    def _compute_has_tracking(self):
        """A code belongs to one registered letter."""
        for wizard in self:
            wizard.has_tracking = wizard.delivery_ids.mapped("channel") == [
                "registered"
            ]

    def action_post(self):
        """Record the date on the letters."""
        self.ensure_one()
        self.delivery_ids._set_posted(self.date, self.tracking_code)
        return {"type": "ir.actions.act_window_close"}
