from odoo import fields, models

from ..law import notice_term


class DunningNotice(models.Model):
    """The term of a fourteen-day notice: it runs from receipt, not from its date."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

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
        last_days = []
        for delivery in deliveries:
            sent = max(self._get_day(delivery.date_sent), self.date)
            received = delivery.date_delivered and max(
                self._get_day(delivery.date_delivered), sent
            )
            term = notice_term(sent, days, received=received or None)
            last_days.append(term.last_day)
        return max(last_days, default=None)

    def _get_day(self, moment):
        """Return the day of a moment as it was for the company."""
        tz = self.company_id._get_dunning_tz()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=tz), moment
        ).date()
