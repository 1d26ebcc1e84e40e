from odoo import models

#: Why nothing is asked for an item on the portal: an agency collects it.
HANDED = "handed"


class DunningNotice(models.Model):
    """What the page of a letter says once an agency collects."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _get_portal_claims(self, visitor):
        """Ask nothing here for what an agency collects."""
        claims = super()._get_portal_claims(visitor)
        items = self._get_portal_items()._get_dunning_handed_over()
        if not items:
            return claims
        reasons = dict.fromkeys(items, HANDED)
        for notice in self:
            claim = claims[notice.id]
            rested = notice._rest_items(claim, reasons)
            resting = (*claim.resting, *rested.resting)
            claims[notice.id] = rested._replace(resting=resting)
        return claims

    def _get_portal_state(self, claim, promises):
        state = super()._get_portal_state(claim, promises)
        is_handed = any(item.rests == HANDED for item in claim.resting)
        return HANDED if is_handed and not claim.total else state

    def _prepare_portal_values(self, visitor):
        """Name who collects."""
        values = super()._prepare_portal_values(visitor)
        # sudo: debtors read no handovers, but may know who collects
        handovers = (
            self.env["dunning.handover"]
            .sudo()
            ._get_of_items(
                self._get_portal_items(),
                ("sent", "accepted", "collecting"),
            )
        )
        return {**values, "agencies": handovers.agency_id.partner_id}
