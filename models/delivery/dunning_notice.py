import base64

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...law import notice_term


class DunningNotice(models.Model):
    """How letters went out, and when they reached the debtor.

    In law they work from then: article 3:37(3) BW.
    """

    _inherit = "dunning.notice"

    delivery_ids = fields.One2many(
        comodel_name="dunning.delivery", inverse_name="notice_id", readonly=True
    )
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

    # === COMPUTE METHODS === #

    @api.depends("state", "delivery_ids.state")
    def _compute_is_undelivered(self):
        for notice in self:
            failed = notice.delivery_ids.filtered(
                lambda delivery: delivery.state in ("failed", "returned", "perhaps")
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
              WHERE delivery.state IN ('failed', 'returned', 'perhaps')
                AND notice.state IN ('pending', 'sent'))
            """
        )
        domain = Domain("id", "in", undelivered)
        return domain if True in value else ~domain

    @api.depends(
        lambda self: [
            *("delivery_ids.channel", "delivery_ids.state"),
            *(f"by_{channel.code}" for channel in self._list_channels()),
        ]
    )
    def _compute_delivery_summary(self):
        """The attempts, or the chosen channels as long as there are none."""
        Delivery = self.env["dunning.delivery"]
        channels = dict(Delivery._fields["channel"]._description_selection(self.env))
        # Through the field of the letter they take two statements.
        deliveries = Delivery.search_fetch(
            [("notice_id", "in", self._origin.ids)],
            ["notice_id", "channel", "state"],
            order="id",
        ).grouped("notice_id")
        for notice in self:
            notice.delivery_summary = deliveries.get(
                notice._origin, Delivery
            )._summarize() or ", ".join(
                channels[code] for code in notice._get_channels()
            )

    # === BUSINESS METHODS === #

    def _cancel(self, reason):
        """Stop what has not gone out yet."""
        # EXTENDS 'l10n_nl_dunning'
        result = super()._cancel(reason)
        self.delivery_ids._cancel()
        return result

    # --- When they reached the debtor.

    def _get_received_days(self):
        """Return on which day each of these letters reached the debtor.

        That is the day on which the first of its channels did, as was proven, else as
        is presumed; the date of a letter of which no delivery is known.

        :rtype: dict[int, date]
        """
        return {
            notice.id: min(notice._list_received_days(), default=notice.date)
            for notice in self
        }

    def _list_received_days(self):
        """Return the days on which the deliveries of this letter reached the debtor."""
        self.ensure_one()
        return [
            delivery._get_received_day()
            for delivery in self.delivery_ids
            if delivery.state in ("sent", "delivered") and delivery.date_sent
        ]

    def _get_delivery_margin(self):
        self.ensure_one()
        # sudo: the law is the same for who may not read the settings
        return self.company_id.sudo().dunning_delivery_margin

    # --- The term of a fourteen-day notice: it runs from receipt, not from its date.

    def _update_fourteen_day_term(self):
        """Reckon the last day of fourteen-day notices from how they were delivered.

        The letter itself states no date, but "from the day after delivery": the date
        is only for the creditor, who must not claim costs a day too early.
        """
        for notice in self:
            lines = notice.line_ids.filtered(
                lambda line: line.level_id.kind == "fourteen_day"
            )
            last_day = lines and notice._get_last_day(lines.level_id[:1].term_days)
            if last_day:
                lines.deadline = last_day
                if notice.level_id in lines.level_id:
                    notice.deadline = last_day

    def _get_last_day(self, days):
        """Return the last day of the term, by the delivery that took longest.

        :param int days: length of the term
        :rtype: date or None
        """
        self.ensure_one()
        deliveries = self.delivery_ids.filtered(
            lambda delivery: delivery.state in ("sent", "delivered")
        )
        margin, last_days = self._get_delivery_margin(), []
        for delivery in deliveries:
            sent = max(delivery._get_day(delivery.date_sent), self.date)
            received = delivery.date_delivered and max(
                delivery._get_day(delivery.date_delivered), sent
            )
            term = notice_term(sent, days, received=received or None, margin=margin)
            last_days.append(term.last_day)
        return max(last_days, default=None)

    # --- What has to be posted, printed together.

    def _action_print_for_post(self):
        """Return one PDF with all letters that wait to be posted, invoices behind."""
        return self.delivery_ids._action_print_for_post()

    def _collect_post(self):
        """Return the sheets of the letters, each followed by its invoices."""
        invoices = self._get_invoice_pdfs()
        sheets = []
        for notice in self:
            copies = [
                content or attachment.raw
                for _name, content, attachment in invoices[notice.id]
            ]
            for content in [notice.letter_id.raw, *copies]:
                sheets += notice._read_sheets(content)
        return sheets

    def _download(self, name, content):
        """Return an action that downloads a PDF made for this user only."""
        Attachment = self.env["ir.attachment"]
        mark = {"res_model": "dunning.delivery", "res_id": 0, "name": f"{name}.pdf"}
        # The previous print of this user has served its purpose.
        Attachment.search(
            [(field, "=", value) for field, value in mark.items()]
            + [("create_uid", "=", self.env.uid)]
        ).unlink()
        attachment = Attachment.create(
            {**mark, "datas": base64.b64encode(content), "mimetype": "application/pdf"}
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }
