from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class DunningNotice(models.Model):
    """What the screens show of a letter besides its own data."""

    _inherit = "dunning.notice"

    level_kind = fields.Selection(related="level_id.kind", string="Kind of letter")
    delivery_summary = fields.Char(
        string="Deliveries",
        compute="_compute_delivery_summary",
        help="How the letter goes or went out, and what became of it.",
    )
    is_undelivered = fields.Boolean(
        string="Failed delivery",
        compute="_compute_is_undelivered",
        search="_search_is_undelivered",
    )

    @api.depends("state", "delivery_ids.state")
    def _compute_is_undelivered(self):
        for notice in self:
            failed = notice.delivery_ids.filtered(
                lambda delivery: delivery.state in ("failed", "returned")
            )
            notice.is_undelivered = notice.state == "failed" or bool(
                notice.state in ("pending", "sent") and failed
            )

    def _search_is_undelivered(self, operator, value):
        """Search in two parts: each of them has an index, both together have none."""
        if operator != "in":
            return NotImplemented
        self.flush_model(["state"])
        self.env["dunning.delivery"].flush_model(["notice_id", "state"])
        undelivered = SQL(
            """
            (SELECT id FROM dunning_notice WHERE state = 'failed'
              UNION
             SELECT delivery.notice_id
               FROM dunning_delivery delivery
               JOIN dunning_notice notice ON notice.id = delivery.notice_id
              WHERE delivery.state IN ('failed', 'returned')
                AND notice.state IN ('pending', 'sent'))
            """
        )
        domain = Domain("id", "in", undelivered)
        return domain if True in value else ~domain

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
        # Through the field of the letter they take two statements.
        deliveries = Delivery.search_fetch(
            [("notice_id", "in", self._origin.ids)],
            ["notice_id", "channel", "state"],
            order="id",
        ).grouped("notice_id")
        for notice in self:
            notice.delivery_summary = ", ".join(
                f"{channels[delivery.channel]}: {states[delivery.state].lower()}"
                for delivery in deliveries.get(notice._origin, ())
            ) or ", ".join(channels[channel] for channel in notice._get_channels())
