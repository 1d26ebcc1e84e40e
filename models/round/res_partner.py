from odoo import models

from ..timeline.res_partner import SHOWN_EVENTS, Event

#: How the time line shows letters; those that arrived are nothing special.
LETTER_TONES = {"failed": "danger", "cancelled": "warning", "queued": "warning"}


class ResPartner(models.Model):
    """Letters in the time line of a debtor."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _get_dunning_events(self, company):
        # EXTENDS 'l10n_nl_dunning'
        notices = self.env["dunning.notice"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", self.id),
                ("state", "!=", "draft"),
            ],
            limit=SHOWN_EVENTS,
        )
        return super()._get_dunning_events(company) + [
            Event(
                day=notice.date or notice.create_date.date(),
                kind="letter",
                title=notice.level_id.name or self.env._("Letter"),
                detail=" · ".join(
                    filter(None, (notice.name, notice.delivery_summary, notice.error))
                ),
                amount=notice.currency_id.format(notice.amount_claim),
                model="dunning.notice",
                record_id=notice.id,
                tone=LETTER_TONES.get(notice.state, ""),
            )
            for notice in notices
        ]
