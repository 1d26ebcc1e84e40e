from datetime import date
from typing import NamedTuple

from odoo import models

from .dunning_level import DATELESS_KINDS


class PortalTerm(NamedTuple):
    """Until when the page of a letter asks to pay."""

    days: dict  # by line of the letter, where there is more than one
    day: date | None = None  # the one day for all that is asked, if there is one
    is_over: bool = False  # whether a term has passed
    is_undated: bool = False  # the fourteen days, which are not named by a date


class DunningNotice(models.Model):
    """The term on the page of a letter: only one that has begun."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _get_portal_term(self, claim):
        """Return until when the debtor is asked to pay what is left of this letter.

        The term of a letter that failed, or has yet to be posted, has not begun.

        :param ClaimToday claim: what the debtor is asked for
        :rtype: PortalTerm
        """
        self.ensure_one()
        if self.state != "sent":
            return PortalTerm({})
        asked = [item.line for item in claim.items]
        lines = asked or self.line_ids.filtered("level_id")
        deadlines = {line: line.deadline or self.deadline for line in lines}
        dated = {
            line: day
            for line, day in deadlines.items()
            if day and line.level_id.kind not in DATELESS_KINDS
        }
        is_one = len(dated) == len(lines) and len({*dated.values()}) == 1
        today = self.company_id._get_dunning_today()
        return PortalTerm(
            days={} if is_one else dated,
            day=next(iter(dated.values())) if is_one else None,
            is_over=any(day and day < today for day in deadlines.values()),
            is_undated=any(line.level_id.kind == "fourteen_day" for line in lines),
        )
