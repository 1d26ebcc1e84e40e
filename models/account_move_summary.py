from odoo import api, fields, models
from odoo.tools import LazyTranslate

from .res_partner import ACCOUNTING_GROUPS

_lt = LazyTranslate(__name__)

#: What an obstacle means for whoever looks at the invoice; `LIFTS` has what to do.
SENTENCES = {
    "excluded": _lt("No letter goes out: this invoice is excluded from dunning."),
    "arrangement": _lt("No letter goes out: a payment arrangement is running."),
    "charged": _lt(
        "This invoice charges interest and collection costs. It gets no letters of its "
        "own, but stands on the letters about the customer's other invoices."
    ),
    "protected": _lt("The customer is protected by law."),
    "payment_in_process": _lt("Nothing happens now: a payment is being processed."),
    "dispute": _lt(
        "No letter goes out up to and including %(day)s: the customer disputes this "
        "invoice."
    ),
    "promise": _lt(
        "No letter goes out up to and including %(day)s: the customer promised to pay."
    ),
    "arrangement_offered": _lt(
        "No letter goes out up to and including %(day)s: a payment arrangement was "
        "offered."
    ),
    "paused": _lt("Dunning is paused up to and including %(day)s: %(reason)s."),
    "not_due": _lt("Not yet due."),
    "direct_debit": _lt(
        "No letter goes out: the invoice is collected by direct debit."
    ),
    "not_sent": _lt(
        "No letter goes out: the invoice was not sent to the customer yet."
    ),
    "invoice_check": _lt("The first letter is kept back: the invoice has a fault."),
    "no_policy": _lt("No letter goes out: no dunning policy fits."),
    "failed": _lt(
        "Nothing happens until somebody acts: the last letter to this customer could "
        "not be delivered."
    ),
    "proposed": _lt("A letter to this customer is proposed or on its way."),
    "finished": _lt("All letters of the policy went out."),
    "grace": _lt("Just past the due date."),
    "waiting": _lt("Nothing happens now: waiting for the deadline of the last letter."),
    "no_balance": _lt(
        "Nothing happens now: with credit notes and unallocated payments, the customer "
        "owes nothing."
    ),
    "below_minimum": _lt(
        "Nothing happens now: what the customer owes is below the minimum of the "
        "policy."
    ),
    "interval": _lt("Nothing happens now: the customer got a letter a few days ago."),
    "no_address": _lt(
        "No letter goes out: the customer has no address for the channels of this "
        "letter."
    ),
}


class AccountMove(models.Model):
    """What the dunning tab says in plain words."""

    _inherit = "account.move"

    dunning_summary = fields.Char(
        compute="_compute_dunning_summary", groups=ACCOUNTING_GROUPS
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "payment_state", "dunning_obstacle", "dunning_lift")
    @api.depends_context("lang")
    def _compute_dunning_summary(self):
        for move in self:
            parts = []
            if move.state == "posted" and move.is_sale_document(include_receipts=True):
                parts = [
                    move._get_dunning_state_sentence(),
                    move._get_dunning_hold_note(),
                    # A pause says itself how long it lasts.
                    "" if move.dunning_hold_id else move.dunning_lift,
                ]
            move.dunning_summary = " ".join(filter(None, parts)) or False

    # === ACTION METHODS === #

    def action_look_ahead_dunning(self):
        """Show what happens next to the open items of this customer."""
        return self.partner_id.action_look_ahead_dunning()

    # === BUSINESS METHODS === #

    def _is_dunning_settled(self):
        """Whether no instalment of the invoice is open any more."""
        self.ensure_one()
        return all(line.reconciled for line in self.dunning_item_ids)

    def _get_dunning_state_sentence(self):
        """Say what happens to the invoice today, or why nothing does."""
        self.ensure_one()
        if self._is_dunning_settled():
            if self.payment_state == "reversed":
                return self.env._("Credited: nothing to do.")
            return self.env._("Paid: nothing to do.")
        if self.dunning_obstacle:
            sentence = self.env._(SENTENCES[self.dunning_obstacle])
            return sentence % self._get_dunning_hold_terms()
        if self.dunning_is_due:
            return self.env._(
                "A letter is due today: %s.", self.dunning_next_level_id.name
            )
        return ""
