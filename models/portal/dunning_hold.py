from odoo import models


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
