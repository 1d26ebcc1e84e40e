from odoo import api, fields, models
from odoo.fields import Domain


class DunningHold(models.Model):
    """Whether a pause is in force: worked out for a day, stored nowhere."""

    _inherit = "dunning.hold"

    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("active", "In force"),
            ("expired", "Expired"),
            ("ended", "Ended"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

    # === COMPUTE METHODS === #

    @api.depends("date_from", "date_review", "date_announced", "date_end")
    def _compute_state(self):
        for hold in self:
            today = hold.company_id._get_dunning_today()
            if hold.date_end and hold.date_end <= today:
                hold.state = "ended"
            elif hold._get_last_day() < today:
                hold.state = "expired"
            else:
                hold.state = "planned" if hold.date_from > today else "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        day = self.env.company._get_dunning_today()
        ended = Domain("date_end", "<=", day)
        running = Domain("date_end", "=", False) | Domain("date_end", ">", day)
        running &= self._get_unexpired_domain(day)
        domains = {
            "planned": running & Domain("date_from", ">", day),
            "active": self._get_active_domain(day),
            "expired": ~self._get_unexpired_domain(day) & ~ended,
            "ended": ended,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    # === BUSINESS METHODS === #

    @api.model
    def _get_unexpired_domain(self, day):
        """Return the domain of what did not expire before a day, ended or not.

        Who was told late, because the job did not run, has the whole day to act.

        :rtype: Domain
        """
        return Domain("date_review", ">=", day) | Domain("date_announced", ">=", day)

    @api.model
    def _get_active_domain(self, day):
        """Return the domain of the holds that are in force on a day.

        :rtype: Domain
        """
        ended_later = Domain("date_end", "=", False) | Domain("date_end", ">", day)
        return (
            Domain("date_from", "<=", day)
            & ended_later
            & self._get_unexpired_domain(day)
        )

    def _get_last_day(self):
        """Return the last day of the hold, when it is not ended before."""
        self.ensure_one()
        return max(filter(None, (self.date_review, self.date_announced)))
