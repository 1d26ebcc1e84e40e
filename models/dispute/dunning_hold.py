from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...law import add_working_days, is_working_day
from ...law.letter_contents import is_required
from ...tools.actions import open_file
from ..delivery.dunning_document_mixin import LetterParts
from ..letter.letter_format import split_paragraphs
from ..policy.level_kinds import LEVEL_KINDS

#: Days that a customer gets to pay what he disputed in vain.
FRESH_TERM_DAYS = 14


LETTER_TEMPLATE = "l10n_nl_dunning.dunning_dispute_letter"


EMAIL_TEMPLATE = "l10n_nl_dunning.dunning_dispute_email"


class DunningHold(models.Model):
    """Disputes: the whole of some items, or part of one.

    What is not disputed goes on being dunned. :meth:`_dispute_items` opens a dispute.
    """

    _name = "dunning.hold"
    _inherit = ["dunning.hold", "dunning.document.mixin"]

    category_id = fields.Many2one(
        comodel_name="dunning.dispute.category",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        store=True,
        precompute=True,
    )
    amount_disputed = fields.Monetary(
        string="Disputed",
        compute="_compute_amount_disputed",
        store=True,
        precompute=True,
        readonly=False,
        tracking=True,
        help="What the customer disputes of the open amount. The rest goes on being "
        "dunned.",
    )
    is_partial = fields.Boolean(
        string="Part of an invoice",
        compute="_compute_is_partial",
        store=True,
        precompute=True,
    )
    outcome = fields.Selection(
        selection=[
            ("justified", "Justified"),
            ("unjustified", "Not justified"),
            ("withdrawn", "Withdrawn by the customer"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
        help="Justified: what is due after all bore no interest meanwhile. Otherwise "
        "interest and costs run as if nothing had been disputed.",
    )
    date_term = fields.Date(
        string="New term",
        readonly=True,
        copy=False,
        help="Last day to pay that was given when the dispute was over. The next "
        "letter only comes after it.",
    )
    answer = fields.Text(
        string="Explanation to the customer",
        readonly=True,
        copy=False,
        help="What the answer to the customer says about the dispute.",
    )
    answer_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Answer as sent",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    # What is looked for with every plan, among holds that are over.
    _term_idx = models.Index("(company_id) WHERE date_term IS NOT NULL")

    # === COMPUTE METHODS === #

    def _compute_currency_id(self):
        """Decided once, as the amount."""
        for hold in self:
            currency = hold.move_line_ids.currency_id[:1]
            hold.currency_id = currency or hold.company_id.currency_id

    def _compute_amount_disputed(self):
        """What is open when the dispute is opened: evidence of what it was about."""
        for hold in self:
            hold.amount_disputed = hold.kind == "dispute" and hold._sum_open()

    @api.depends("amount_disputed", "kind")
    def _compute_is_partial(self):
        """Part of an item is disputed, or all that is open of it whatever it becomes.

        Decided when the amount is set: a payment does not make a dispute whole.
        """
        for hold in self:
            hold.is_partial = hold.kind == "dispute" and (
                hold.currency_id.compare_amounts(hold.amount_disputed, hold._sum_open())
                < 0
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("kind", "amount_disputed", "move_line_ids")
    def _check_dispute(self):
        for hold in self.filtered(lambda hold: hold.kind == "dispute"):
            if hold.is_debtor_wide:
                raise ValidationError(
                    self.env._("Choose the invoices that the customer disputes.")
                )
            if hold.currency_id.compare_amounts(hold.amount_disputed, 0) < 0 or (
                hold.is_partial and hold.currency_id.is_zero(hold.amount_disputed)
            ):
                raise ValidationError(
                    self.env._("Enter what the customer disputes: more than zero.")
                )
            if hold.is_partial and len(hold.move_line_ids) > 1:
                raise ValidationError(
                    self.env._(
                        "Part of an amount can only be disputed for one invoice or "
                        "instalment at a time."
                    )
                )

    # === ACTION METHODS === #

    def action_print_answer(self):
        """Open the answer to the customer as PDF."""
        self.ensure_one()
        return open_file(self.answer_id)

    # === BUSINESS METHODS === #

    def _sum_open(self):
        """Return what is open of the items of a dispute."""
        self.ensure_one()
        return sum(self.move_line_ids.mapped("amount_residual_currency"))

    @api.model
    def _dispute_items(self, items, values, amount=None):
        """Open a dispute for each invoice.

        Part of an amount takes the instalments that are due first: it is for these
        that the next letter would come.

        :param items: open receivable items (`account.move.line`)
        :param dict values: as for `_hold_items`, and `category_id`
        :param float amount: what is disputed of the items of one invoice, in their
            currency; the whole without one
        :rtype: recordset of `dunning.hold`
        """
        values = {**values, "kind": "dispute"}
        holds = self.browse()
        for lines in items.grouped("move_id").values():
            whole, part, rest = lines._split_dunning_dispute(amount)
            if whole:
                holds |= self._hold_items(whole, values)
            if part:
                holds |= self._hold_items(part, {**values, "amount_disputed": rest})
        return holds

    # --- How disputes end.

    def _get_fresh_term(self):
        """Return the last day to pay after a dispute that was not justified.

        :rtype: date
        """
        company = self.company_id[:1] or self.env.company
        day = company._get_dunning_today() + timedelta(days=FRESH_TERM_DAYS)
        return day if is_working_day(day) else add_working_days(day, 1)

    def _check_fresh_term(self, deadline):
        """Check that the customer can still pay within the new term.

        :raise UserError: saying what to do
        """
        today = max(company._get_dunning_today() for company in self.company_id)
        if not deadline or deadline < today:
            raise UserError(
                self.env._(
                    "The new term of the customer cannot end in the past. Choose today "
                    "or a later day to pay by."
                )
            )

    def _conclude(self, outcome, reason, deadline=None, answer=None):
        """End disputes with their outcome.

        After a dispute that was not justified the customer gets an answer with a new
        term; the next letter only comes after it.

        :param str outcome: of the field `outcome`
        :param str reason: why, in words; told in the chatter
        :param date deadline: last day to pay what was disputed in vain
        :param str answer: what the answer says about it, in the customer's language
        :raise UserError: when one of them is no dispute, or over already, or when the
            new term has no day or a day in the past
        """
        if self.filtered(lambda hold: hold.kind != "dispute" or hold.date_end):
            raise UserError(
                self.env._("Only disputes that are not over can get an outcome.")
            )
        values = {"outcome": outcome}
        if outcome == "unjustified":
            self._check_fresh_term(deadline)
            values |= {"date_term": deadline, "answer": answer}
        self.write(values)
        self._end(f"{self._get_outcome_name(outcome)}: {reason}")
        if outcome == "unjustified":
            for dispute in self.filtered(lambda hold: hold._get_amount_due() > 0):
                dispute._issue_letter("answer")

    def _get_outcome_name(self, outcome):
        names = dict(self._fields["outcome"]._description_selection(self.env))
        return names[outcome]

    def _get_amount_due(self):
        """Return what is open of what was disputed."""
        self.ensure_one()
        owed = self._sum_open()
        return min(self.amount_disputed, owed) if self.is_partial else owed

    def _action_credit(self):
        """Open the credit note of the core for the invoices of these disputes."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_view_account_move_reversal"
        )
        return {
            **action,
            "display_name": self.env._("Credit Note"),
            "context": {
                "active_model": "account.move",
                "active_ids": self.move_ids.ids,
                "default_reason": ", ".join(self.category_id.mapped("name")),
            },
        }

    # --- What the letters about disputes and about promises have in common.

    def _prepare_letter(self, letter, amount):
        """Return what every such letter says, in the language of the customer.

        :param letter: the unsaved letter
        :param float amount: what it asks to pay
        :rtype: dict
        """
        hold = self.with_env(letter.env)
        bank = hold.company_id._get_dunning_bank_account(hold.move_ids)
        return {
            **self._prepare_document(letter),
            "payment": letter._prepare_transfer(hold.move_ids, amount, bank=bank),
        }

    # --- The answer to a customer who disputed an invoice in vain.

    def _prepare_letter_parts(self, kind, addressee):
        # EXTENDS 'l10n_nl_dunning'
        if kind != "answer":
            return super()._prepare_letter_parts(kind, addressee)
        return LetterParts(
            self._prepare_answer(addressee),
            LETTER_TEMPLATE,
            EMAIL_TEMPLATE,
            self.env._("Print and post the answer to the dispute"),
        )

    def _letter_issued(self, letter):
        # EXTENDS 'l10n_nl_dunning'
        if letter.kind == "answer":
            self.answer_id = letter.document_id
        return super()._letter_issued(letter)

    def _renew_letter(self, kind):
        """The customer gets the days of his new term from the day of the answer."""
        # EXTENDS 'l10n_nl_dunning'
        if kind == "answer":
            self.date_term = max(self.date_term, self._get_fresh_term())
        return super()._renew_letter(kind)

    def _message_receive_bounce(self, email, partner):
        # EXTENDS 'mail'
        result = super()._message_receive_bounce(email, partner)
        self._fail_bounced(email)
        return result

    def _prepare_answer(self, letter):
        """Return what the answer says, in the language of the customer.

        :param letter: the unsaved letter
        :rtype: dict
        """
        dispute = self.with_env(letter.env)
        numbers = ", ".join(dispute.move_ids.mapped("name"))
        amount = self._get_amount_due()
        values = self._prepare_letter(letter, amount)
        demand = "answer_demand" if self._is_demanded() else "answer_request"
        return {
            **values,
            "dispute": dispute,
            "opening": letter._say("answer_opening"),
            "demand": letter._say(demand, day=values["fmt"].date(self.date_term)),
            "subject": letter.env._("Our answer about invoice %s", numbers),
            "numbers": numbers,
            "amount": amount,
            "answer": split_paragraphs(self.answer),
        }

    def _is_demanded(self):
        """Whether a letter has demanded what was disputed: more than a reminder."""
        self.ensure_one()
        kinds = [kind for kind, _label in LEVEL_KINDS if is_required("demand", kind)]
        return bool(
            self.env["dunning.notice.line"].search_count(
                [
                    ("move_line_id", "in", self.move_line_ids.ids),
                    ("state", "=", "sent"),
                    ("level_id.kind", "in", kinds),
                ],
                limit=1,
            )
        )

    def _get_events(self):
        """A dispute is a kind of its own, with what is disputed and its outcome."""
        # EXTENDS 'l10n_nl_dunning'
        events = super()._get_events()
        if self.kind != "dispute":
            return events
        amount = self.currency_id.format(self.amount_disputed)
        begun = events[0]._replace(kind="dispute", amount=amount, tone="warning")
        begun = begun._replace(
            detail=" · ".join(filter(None, (self.category_id.name, begun.detail)))
        )
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        return [begun] + [
            ended._replace(
                kind="dispute",
                detail=outcomes.get(self.outcome) or ended.detail,
                tone="warning" if self.outcome == "justified" else "",
            )
            for ended in events[1:]
        ]
