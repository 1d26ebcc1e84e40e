from odoo import models

from ...law import impute
from ..claim.engine.charge import ZERO
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

    def _get_dunning_left(self, day):
        """Return what is left of the claims on these items after they were settled.

        That is interest that a letter asked, and costs, charged ones left out. What is
        left of open credits pays them, costs first.

        :param date day: the day, which bears interest itself
        :return: pairs of interest, and costs with VAT, by id of the item, of those of
            which something is left
        :rtype: dict[int, tuple[Decimal, Decimal]]
        """
        left = {}
        asked = set(self._get_dunning_interest_asked()._ids)
        for claims, credit in self._get_dunning_settled_claims(day).values():
            for claim in sorted(claims, key=lambda claim: claim.debt.due):
                key = claim.debt.key
                interest = claim.interest if key in asked else ZERO
                costs = claim.costs + claim.vat
                paid = impute(credit, costs=costs, interest=interest, principal=ZERO)
                credit = paid.surplus
                if paid.costs < costs or paid.interest < interest:
                    left[key] = (interest - paid.interest, costs - paid.costs)
        return left
