from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..law import add_working_days, is_working_day

#: Days that a customer gets to pay what he disputed in vain.
FRESH_TERM_DAYS = 14


class DunningHold(models.Model):
    """How disputes end."""

    _inherit = "dunning.hold"

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

    # === ACTION METHODS === #

    def action_print_answer(self):
        """Open the answer to the customer as PDF."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.answer_id.id}?download=false",
            "target": "new",
        }

    # === BUSINESS METHODS === #

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
                dispute._send_answer()

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
