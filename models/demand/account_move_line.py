from odoo import models

from .dunning_notice import ARRIVING_STATES


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _get_dunning_interest_asked(self):
        """Return those of these items for which a letter asked interest.

        Who got friendly reminders only is not surprised with interest. Nor who got
        nothing: a letter that failed asked for nothing.
        """
        lines = self.env["dunning.notice.line"].search_fetch(
            [
                ("move_line_id", "in", self.ids),
                ("state", "in", ARRIVING_STATES),
                ("level_id.with_interest", "=", True),
            ],
            ["move_line_id"],
        )
        return lines.filtered(lambda line: line._is_own()).move_line_id
