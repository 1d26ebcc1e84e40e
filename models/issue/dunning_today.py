from odoo import models
from odoo.fields import Domain

from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """Letters that are under way, did not arrive, or wait to be posted."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [
            *super()._get_dunning_cards(mine),
            self._get_under_way_card(mine),
            self._get_undelivered_card(mine),
            self._get_post_card(mine),
        ]

    def _get_under_way_card(self, mine):
        """Count letters that leave by themselves: nobody has to do anything."""
        by_mail = [("channel", "=", "email"), ("state", "=", "pending")]
        leaving = Domain("state", "=", "queued") | (
            Domain("state", "=", "pending") & Domain("delivery_ids", "any", by_mail)
        )
        card = Card(
            code="under_way",
            sequence=200,
            title=self.env._("Letters under way"),
            button=self.env._("Show letters"),
            icon="fa-paper-plane-o",
            action="l10n_nl_dunning.dunning_notice_action",
            domain=list(leaving & self._get_owner("responsible_id", mine)),
            quiet=True,
        )
        return self._count(card, "dunning.notice", "amount_claim", "date")

    def _get_undelivered_card(self, mine):
        """Count letters that failed, came back, or perhaps went out."""
        undelivered = Domain("is_undelivered", "=", True)
        card = Card(
            code="undelivered",
            sequence=30,
            title=self.env._("Letters that did not arrive"),
            button=self.env._("Mend and send again"),
            icon="fa-exclamation-triangle",
            action="l10n_nl_dunning.dunning_notice_action_failed",
            domain=list(undelivered & self._get_owner("responsible_id", mine)),
        )
        return self._count(card, "dunning.notice", "amount_claim", "date")

    def _get_post_card(self, mine):
        """Count what has to be printed and posted: a letter may go out twice."""
        channels = self.env["dunning.notice"]._get_posted_channels()
        to_post = Domain("state", "=", "pending") & Domain("channel", "in", channels)
        owner = self._get_owner("responsible_id", mine)
        card = Card(
            code="post",
            sequence=40,
            title=self.env._("Letters to post"),
            button=self.env._("Print and post"),
            icon="fa-print",
            action="l10n_nl_dunning.dunning_delivery_action_post",
            domain=list(
                to_post
                & (
                    Domain("notice_id", "any", owner)
                    | Domain("letter_id", "any", owner)
                )
            ),
        )
        letters = card._replace(
            domain=list(Domain("delivery_ids", "any", to_post) & owner)
        )
        letters = self._count(letters, "dunning.notice", "amount_claim", "date")
        counted = self._count(card, "dunning.delivery")
        return counted._replace(amount=letters.amount, oldest=letters.oldest)
