from odoo import api, fields, models


class DunningNotice(models.Model):
    """What the screens show of a letter besides its own data."""

    _inherit = "dunning.notice"

    level_kind = fields.Selection(related="level_id.kind", string="Kind of letter")
    delivery_summary = fields.Char(
        string="Deliveries",
        compute="_compute_delivery_summary",
        help="How the letter goes or went out, and what became of it.",
    )

    @api.depends(
        "delivery_ids.channel",
        "delivery_ids.state",
        "by_email",
        "by_post",
        "by_registered",
    )
    def _compute_delivery_summary(self):
        """The attempts, or the chosen channels as long as there are none."""
        Delivery = self.env["dunning.delivery"]
        channels = dict(Delivery._fields["channel"]._description_selection(self.env))
        states = dict(Delivery._fields["state"]._description_selection(self.env))
        for notice in self:
            notice.delivery_summary = ", ".join(
                f"{channels[delivery.channel]}: {states[delivery.state].lower()}"
                for delivery in notice.delivery_ids.sorted("id")
            ) or ", ".join(channels[channel] for channel in notice._get_channels())
