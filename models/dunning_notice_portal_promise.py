from odoo import api, models

#: What the debtor is told of his promises; withdrawn ones no longer count.
SHOWN_RESULTS = ("open", "kept", "partly", "broken")


class DunningNotice(models.Model):
    """What the debtor promised about the items of a letter, on its page."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _get_portal_promises(self, claims):
        """Return the promises about the items of these letters: one search for all.

        :param dict claims: the `ClaimToday` of each letter, by id
        :return: promises (`dunning.hold`) by id of the letter, the last one first
        :rtype: dict[int, dunning.hold]
        """
        found = self.env["dunning.hold"].search(
            [
                ("promise_date", "!=", False),
                ("move_line_ids", "in", self._get_portal_items().ids),
            ],
            order="promise_date desc, id desc",
        )
        shown = found.filtered(lambda hold: hold.promise_result in SHOWN_RESULTS)
        return {
            notice.id: notice._pick_promises(shown, claims[notice.id])
            for notice in self
        }

    def _pick_promises(self, promises, claim):
        """Return those of some promises that the page of this letter tells of.

        Who is protected is not reminded of what he promised before.

        :param promises: the promises of all letters that are shown
        :param ClaimToday claim: what the debtor is asked for
        """
        self.ensure_one()
        items = self._get_portal_items()
        protected = self._get_protected_items(claim)
        return promises.filtered(
            lambda hold: (
                hold.partner_id == self.partner_id
                and hold.move_line_ids & items
                and not hold.move_line_ids & protected
            )
        )

    @api.model
    def _is_promised(self, claim, promises):
        """Whether all that is asked for was promised, and the day has yet to come.

        :param ClaimToday claim: what the debtor is asked for
        :param promises: the promises that the page tells of
        """
        waiting = promises.filtered(lambda hold: hold.promise_result == "open")
        promised = waiting.move_line_ids
        return bool(claim.items) and all(
            item.line.move_line_id in promised for item in claim.items
        )


class DunningHold(models.Model):
    _inherit = "dunning.hold"

    # === BUSINESS METHODS === #

    def _get_portal_result(self):
        """Return whether a promise was kept, in the language of the page."""
        self.ensure_one()
        results = self._fields["promise_result"]._description_selection(self.env)
        return dict(results)[self.promise_result]

    def _get_portal_text(self, fmt):
        """Return the promise in a sentence, in the language of the page.

        :param LetterFormat fmt: how the page writes amounts and dates
        """
        self.ensure_one()
        return self.env._(
            "You promised to pay %(amount)s by %(day)s.",
            amount=fmt.amount(self.promise_amount),
            day=fmt.date(self.promise_date),
        )

    def _get_next_promise_date(self):
        """Return the first day by which one of these promises has to be kept."""
        waiting = self.filtered(lambda hold: hold.promise_result == "open")
        return min(waiting.mapped("promise_date"), default=None)
