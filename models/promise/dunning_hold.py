from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date

from ...law.notice_term import add_working_days
from ..delivery.dunning_document_mixin import LetterParts

#: What became of a promise, derived from the payments.
PROMISE_RESULTS = [
    ("open", "Not yet due"),
    ("kept", "Kept"),
    ("partly", "Partly kept"),
    ("broken", "Broken"),
    ("withdrawn", "Withdrawn"),
]


#: What counts against the debtor.
FAILED_RESULTS = ("partly", "broken")


#: How the time line shows what became of a promise.
PROMISE_TONES = {"kept": "success", "partly": "warning", "broken": "danger"}


EMAIL_TEMPLATE = "l10n_nl_dunning.mail_template_promise"


LETTER_TEMPLATE = "l10n_nl_dunning.dunning_promise_letter"


class DunningHold(models.Model):
    """A promise to pay: dunning waits for the money, and then sees whether it came."""

    _inherit = "dunning.hold"

    promise_amount = fields.Monetary(string="Promised")
    promise_date = fields.Date(
        string="Pays by", help="Last day on which the debtor promised to pay."
    )
    promise_is_exception = fields.Boolean(
        string="One-time exception",
        help="The confirmation says that this is granted once.",
    )
    promise_result = fields.Selection(
        selection=PROMISE_RESULTS,
        string="Outcome of the promise",
        compute="_compute_promise_result",
        search="_search_promise_result",
    )
    promise_paid = fields.Monetary(
        string="Paid since",
        compute="_compute_promise_result",
        help="Payments and credit notes on the items since the promise and up to its "
        "last day, days in transit included.",
    )

    _check_promise = models.Constraint(
        "CHECK(promise_date IS NULL "
        "OR (promise_amount > 0 AND promise_date >= date_from))",
        "A promise to pay needs an amount and a day that is not in the past.",
    )
    _promise_idx = models.Index(
        "(partner_id, company_id) WHERE promise_date IS NOT NULL"
    )

    # === COMPUTE METHODS === #

    @api.depends("promise_date")
    def _compute_date_review(self):
        """A promise lasts until the bank can have reported what was paid in time."""
        # EXTENDS 'l10n_nl_dunning'
        promises = self.filtered("promise_date")
        for hold in promises:
            # sudo: the rule is the same for who may not read the settings
            correction = hold.company_id.sudo().dunning_correction_days
            arrived = hold.promise_date + timedelta(days=correction)
            hold.date_review = add_working_days(arrived, 1)
        return super(DunningHold, self - promises)._compute_date_review()

    @api.depends("promise_amount", "date_review", "date_end", "move_line_ids")
    def _compute_promise_result(self):
        self.flush_recordset()
        results = {
            hold_id: (result, paid)
            for hold_id, result, paid in self.env.execute_query(
                self._promise_sql(
                    self.company_id, SQL("hold.id IN %s", self._ids or (0,))
                )
            )
        }
        for hold in self:
            hold.promise_result, hold.promise_paid = results.get(
                hold._origin.id, (False, 0)
            )

    def _search_promise_result(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model()
        query = SQL(
            "(SELECT promise.id FROM (%s) promise WHERE promise.result IN %s)",
            self._promise_sql(self.env.companies, SQL("TRUE")),
            tuple(result or "" for result in value),
        )
        domain = Domain("id", "in", query)
        return domain if all(value) else domain | Domain("promise_date", "=", False)

    # === CONSTRAINT METHODS === #

    @api.constrains("promise_date", "move_line_ids")
    def _check_promise_items(self):
        for hold in self:
            if hold.promise_date and hold.is_debtor_wide:
                raise ValidationError(
                    self.env._("Choose the items that a promise to pay is about.")
                )

    # === BUSINESS METHODS === #

    @api.model
    def _promise_sql(self, companies, condition):
        """Return what became of promises: their id, the outcome and what was paid.

        Without items, of an invoice that was reset, there is nothing left to keep.

        :param companies: the `res.company` whose promises they are
        :param SQL condition: on the table `hold`
        :rtype: SQL
        """
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move.line"].flush_model(["date"])
        return SQL(
            """
            SELECT hold.id,
                   CASE WHEN paid.amount >= hold.promise_amount - 0.005 THEN 'kept'
                        WHEN hold.date_end <= hold.date_review
                             OR paid.amount IS NULL THEN 'withdrawn'
                        WHEN hold.date_review >= today.day THEN 'open'
                        WHEN paid.amount > 0 THEN 'partly'
                        ELSE 'broken' END AS result,
                   COALESCE(paid.amount, 0) AS paid
              FROM dunning_hold hold
              JOIN (VALUES %(days)s) today (company_id, day)
                ON today.company_id = hold.company_id
         LEFT JOIN LATERAL (%(paid)s) paid ON TRUE
             WHERE hold.promise_date IS NOT NULL AND %(condition)s
            """,
            days=SQL(", ").join(
                SQL("(%s, %s::date)", company.id, company._get_dunning_today())
                for company in companies
            )
            or SQL("(0, NULL::date)"),
            paid=self._promise_sql_paid(),
            condition=condition,
        )

    @api.model
    def _promise_sql_paid(self):
        """Return what was paid on the items of the promise `hold`.

        What counts is dated up to the last day of the promise and was matched with the
        items after it was made: what was matched earlier, on the same day as well, was
        no longer open when the debtor promised the rest. Of what one transaction did,
        the date decides. A payment that was reversed is matched no longer.
        """
        return SQL(
            """
            SELECT SUM(COALESCE(payment.amount, 0)) AS amount
              FROM dunning_hold_item_rel rel
 LEFT JOIN LATERAL (
                SELECT SUM(partial.debit_amount_currency) AS amount
                  FROM account_partial_reconcile partial
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                 WHERE partial.debit_move_id = rel.move_line_id
                   AND credit.date <= hold.date_review
                   AND (partial.create_date > hold.create_date
                        OR partial.create_date = hold.create_date
                        AND credit.date >= hold.date_from)
                   ) payment ON TRUE
             WHERE rel.hold_id = hold.id
            """
        )

    def _get_reason(self):
        # EXTENDS 'l10n_nl_dunning'
        reason = super()._get_reason()
        if not self.promise_date:
            return reason
        return self.env._(
            "%(amount)s by %(day)s: %(reason)s",
            amount=format_amount(self.env, self.promise_amount, self.currency_id),
            day=format_date(self.env, self.promise_date),
            reason=reason,
        )

    # --- What the debtor hears about his promise, and the owner when it is broken.

    @api.model
    def _promise(self, items, values):
        """Record a promise to pay and confirm it to the debtor.

        :param items: open items of one debtor and company (`account.move.line`)
        :param dict values: `promise_amount`, `promise_date` and what else is known
        :rtype: recordset of `dunning.hold`
        :raise UserError: while somebody else is busy with the debtor
        """
        items.partner_id.commercial_partner_id._take_dunning_turn()
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
        debtor = items.partner_id.commercial_partner_id
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
        for promise in self:
            promise._issue_letter("promise")

    def _prepare_letter_parts(self, kind, addressee):
        # EXTENDS 'l10n_nl_dunning'
        if kind != "promise":
            return super()._prepare_letter_parts(kind, addressee)
        return LetterParts(
            self._prepare_promise_letter(addressee),
            LETTER_TEMPLATE,
            None,  # its mail is a template that users may change
            self.env._("Print and post the confirmation of the promise"),
        )

    def _letter_issued(self, letter):
        """Show in the conversation what has to be posted."""
        # EXTENDS 'l10n_nl_dunning'
        if letter.kind == "promise" and letter.document_id:
            self.message_post(
                body=self.env._("The confirmation has to be posted."),
                attachment_ids=letter.document_id.ids,
            )
        return super()._letter_issued(letter)

    def _mail_letter(self, kind, addressee, parts, file):
        # EXTENDS 'l10n_nl_dunning'
        if kind != "promise":
            return super()._mail_letter(kind, addressee, parts, file)
        mail_id = self.env.ref(EMAIL_TEMPLATE).send_mail(self.id)
        return self.env["mail.mail"].sudo().browse(mail_id)  # clerks may not read it

    def _get_promise_addressee(self):
        """Return the unsaved letter to the debtor; the mail template asks for it so.

        :rtype: recordset of `dunning.notice`
        """
        return self._get_letter()

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
            "standing": promise._get_standing(letter),
        }

    def _get_standing(self, letter):
        """Say that the promise changes nothing about what the debtor owes.

        :param letter: the unsaved letter
        :return: sentences
        :rtype: Markup
        """
        waits = "promise_waits_once" if self.promise_is_exception else "promise_waits"
        in_default = "in_default" if self._is_in_default() else "not_in_default"
        keys = (waits, f"promise_{in_default}", "promise_not_kept")
        return Markup(" ").join(map(letter._say, keys))

    def _is_in_default(self):
        """Whether the debtor is in default with all of the items."""
        self.ensure_one()
        today = self.company_id._get_dunning_today()
        claims = self.move_line_ids._get_dunning_item_claims(today).values()
        return bool(claims) and all(
            claim.debt.in_time_until and claim.debt.in_time_until < today
            for claim in claims
        )

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

    def _get_events(self):
        """A promise tells what became of it on the day by which it was to be kept."""
        # EXTENDS 'l10n_nl_dunning'
        events = super()._get_events()
        if not self.promise_date:
            return events
        made = events[0]._replace(
            kind="promise",
            amount=self.currency_id.format(self.promise_amount),
            detail=self.env._(
                "By %(day)s: %(numbers)s",
                day=format_date(self.env, self.promise_date),
                numbers=events[0].detail,
            ),
        )
        if self.promise_result == "open":
            return [made]
        results = {
            "kept": self.env._("Promise kept"),
            "partly": self.env._("Promise kept in part"),
            "broken": self.env._("Promise broken"),
            "withdrawn": self.env._("Promise withdrawn"),
        }
        tone = PROMISE_TONES.get(self.promise_result, "")
        ended = made._replace(
            day=min(self.promise_date, self.date_end or self.promise_date),
            title=results[self.promise_result],
            amount=self.currency_id.format(self.promise_paid),
            tone=tone,
        )
        return [made, ended]
