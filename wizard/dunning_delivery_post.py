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

    late_count = fields.Integer(
        string="Bear an earlier day",
        compute="_compute_late_count",
        help="Letters that bear an earlier day than the one on which they leave.",
    )

    @api.depends("delivery_ids", "date")
    def _compute_late_count(self):
        today = self.env.company._get_dunning_today()
        for wizard in self:
            late = wizard.delivery_ids.filtered(
                lambda delivery, day=wizard.date: (
                    delivery.notice_date and day and delivery.notice_date < day
                )
            )
            wizard.late_count = len(late) if wizard.date == today else 0

    @api.depends("delivery_ids")
    def _compute_has_tracking(self):
        """A code belongs to one letter of which the carrier proves the delivery."""
        channels = self.env["dunning.channel.mixin"]._list_channels()
        proven = {channel.code for channel in channels if channel.is_proven}
        for wizard in self:
            deliveries = wizard.delivery_ids
            wizard.has_tracking = len(deliveries) == 1 and deliveries.channel in proven

    def action_print_again(self):
        """Make the letters again with the day of today and print them."""
        self.ensure_one()
        today = self.env.company._get_dunning_today()
        self.delivery_ids.notice_id._make_again(today)._refuse_to_post()
        self.delivery_ids.letter_id._make_again(today)
        return self.delivery_ids.action_print()

    def action_post(self):
        """Record the date on the letters."""
        self.ensure_one()
        self.delivery_ids._set_posted(self.date, self.tracking_code)
        return {"type": "ir.actions.act_window_close"}
