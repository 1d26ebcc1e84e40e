from odoo import api, models
from odoo.tools import format_amount, format_date

from .dunning_hold_promise import FAILED_RESULTS

EMAIL_TEMPLATE = "l10n_nl_dunning.mail_template_promise"
LETTER_TEMPLATE = "l10n_nl_dunning.dunning_promise_letter"


class DunningHold(models.Model):
    """What the debtor hears about his promise, and the owner when it is broken."""

    _inherit = "dunning.hold"

    # === BUSINESS METHODS === #

    @api.model
    def _promise(self, items, values):
        """Record a promise to pay and confirm it to the debtor.

        :param items: open items of one debtor and company (`account.move.line`)
        :param dict values: `promise_amount`, `promise_date` and what else is known
        :rtype: recordset of `dunning.hold`
        :raise UserError: while somebody else is busy with the debtor
        """
        items.partner_id._take_dunning_turn()
        self._get_running_promises(items)._end(
            self.env._("A new promise to pay took its place")
        )
        promise = self._hold_items(items, {**values, "kind": "promise"})
        promise._confirm_promise()
        return promise

    @api.model
    def _get_running_promises(self, items):
        """Return the promises about some of these items that are still open.

        :rtype: recordset of `dunning.hold`
        """
        return self.search(
            [
                ("promise_date", "!=", False),
                ("move_line_ids", "in", items.ids),
                ("promise_result", "=", "open"),
            ]
        )

    @api.model
    def _get_promise_warning(self, items):
        """Return what speaks against one more promise about these items.

        :rtype: str or bool
        """
        debtor = items.partner_id
        earlier = self.search(
            [
                ("promise_date", "!=", False),
                ("partner_id", "in", debtor.ids),
                ("company_id", "in", items.company_id.ids),
            ],
            order="promise_date",
        )
        failed = earlier.filtered(lambda hold: hold.promise_result in FAILED_RESULTS)
        same = earlier.filtered(lambda hold: hold.move_line_ids & items)
        if not (failed | same):
            return False
        last = (failed or same)[-1]
        values = {
            "amount": format_amount(self.env, last.promise_amount, last.currency_id),
            "day": format_date(self.env, last.promise_date),
        }
        if failed:
            return self.env._(
                "An earlier promise was not kept: %(amount)s by %(day)s.", **values
            )
        return self.env._(
            "There was a promise about these items before: %(amount)s by %(day)s.",
            **values,
        )

    def _confirm_promise(self):
        """Confirm the promises by mail, else by a letter that somebody posts."""
        template = self.env.ref(EMAIL_TEMPLATE)
        for promise in self:
            letter = promise._get_promise_addressee()
            if self._is_mailable(letter.email):
                template.send_mail(promise.id)
            else:
                promise._make_promise_letter(letter)

    def _get_promise_addressee(self):
        """Return the unsaved letter to the debtor; the mail template asks for it so.

        :rtype: recordset of `dunning.notice`
        """
        return self._get_letter()

    def _make_promise_letter(self, letter):
        """Attach the confirmation as PDF and ask the owner to post it."""
        self.ensure_one()
        values = self._prepare_promise_letter(letter)
        self.message_post(
            body=self.env._("The confirmation has to be posted."),
            attachments=[
                (
                    f"{values['subject']}.pdf",
                    self._print_letter(letter, LETTER_TEMPLATE, values),
                )
            ],
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Print and post the confirmation of the promise"),
            user_id=self._get_worker().id,
        )

    def _prepare_promise_letter(self, letter):
        """Return what the confirmation says, by mail or on paper.

        :param letter: the unsaved letter, in the language of the debtor
        :rtype: dict
        """
        promise = self.with_env(letter.env)
        values = self._prepare_letter(letter, self.promise_amount)
        return {
            **values,
            "account": values["payment"]["account"],  # for the mail template
            "promise": promise,
            "subject": letter.env._("Confirmation of your promise to pay"),
            "numbers": promise._get_promise_numbers(),
            "is_all": promise._is_promise_of_all(),
        }

    def _get_promise_numbers(self):
        """Return how the debtor knows the invoices of this promise."""
        numbers = self.move_line_ids._get_dunning_numbers()
        return ", ".join(numbers[line.id] for line in self.move_line_ids)

    def _is_promise_of_all(self):
        """Whether the promise is about all that is open of its items."""
        self.ensure_one()
        owed = sum(self.move_line_ids.mapped("amount_residual_currency"))
        return self.currency_id.compare_amounts(self.promise_amount, owed) >= 0

    def _schedule_review(self, today):
        """Tell the owner that a promise was not kept; a kept one needs no answer."""
        # EXTENDS 'l10n_nl_dunning'
        if not self.promise_date:
            return super()._schedule_review(today)
        if self.promise_result == "kept":
            return None
        user = self._get_worker()
        promise = self.with_context(lang=user.lang or self.env.lang)
        return self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=today,
            summary=promise.env._("Promise to pay not kept"),
            note=promise.env._(
                "%(debtor)s promised %(amount)s by %(day)s and paid %(paid)s. From "
                "tomorrow the next letter may go out.",
                debtor=promise.partner_id.name,
                amount=format_amount(
                    promise.env, self.promise_amount, self.currency_id
                ),
                day=format_date(promise.env, self.promise_date),
                paid=format_amount(promise.env, self.promise_paid, self.currency_id),
            ),
            user_id=user.id,
        )
