from odoo import models
from odoo.tools import format_date


class AccountMoveLine(models.Model):
    """What happens next to the items of a debtor, for his screen."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _tell_dunning_next_steps(self):
        """Return what happens next to these items and when, or why nothing does.

        :rtype: list[dict]
        """
        items = self.filtered_domain(self._get_dunning_open_domain())
        numbers = items._get_dunning_numbers()
        labels = dict(self._fields["dunning_obstacle"]._description_selection(self.env))
        return [
            {
                "id": item.id,
                "move_id": item.move_id.id,
                "number": numbers[item.id],
                "due": format_date(self.env, item.date_maturity or item.date),
                "days_late": item.dunning_days_late,
                "open": item.currency_id.format(item.amount_residual_currency),
                "level": item.dunning_level_id.name or "",
                "next": item.dunning_next_level_id.name or "",
                "next_day": item.dunning_next_date
                and format_date(self.env, item.dunning_next_date),
                "reason": labels.get(item.dunning_obstacle, ""),
                "lift": item.dunning_lift or "",
            }
            for item in items
        ]
