from odoo import fields, models

from ...law import notice_term, presumed_delivery


class DunningNotice(models.Model):
    """When letters reached the debtor: in law they work from then (3:37(3) BW)."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

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
            self._get_received_day(delivery)
            for delivery in self.delivery_ids
            if delivery.state in ("sent", "delivered") and delivery.date_sent
        ]

    def _get_received_day(self, delivery):
        """Return the day on which one delivery reached the debtor."""
        if delivery.date_delivered:
            return self._get_day(delivery.date_delivered)
        sent = self._get_day(delivery.date_sent)
        if delivery.channel == "email":
            return sent
        return presumed_delivery(sent, self._get_delivery_margin())

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
            sent = max(self._get_day(delivery.date_sent), self.date)
            received = delivery.date_delivered and max(
                self._get_day(delivery.date_delivered), sent
            )
            term = notice_term(sent, days, received=received or None, margin=margin)
            last_days.append(term.last_day)
        return max(last_days, default=None)

    def _get_day(self, moment):
        """Return the day of a moment as it was for the company."""
        tz = self.company_id._get_dunning_tz()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=tz), moment
        ).date()
