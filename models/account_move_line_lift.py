from odoo import fields, models
from odoo.tools import LazyTranslate, format_date, formatLang

from ..tools.plan import next_contact
from .account_move_invoice_check import FINDINGS
from .res_partner import ACCOUNTING_GROUPS

_lt = LazyTranslate(__name__)

NEXT = _lt("Next: %(letter)s, not before %(day)s.")
HELD = _lt("It ends after %(until)s, or sooner when %(owner)s ends it.")
DECIDE = _lt(
    "Decide what to do next: call, agree on payment or hand over for collection."
)

#: What would lift each obstacle. The invoice tab and the open items say it alike.
LIFTS = {
    "excluded": _lt(
        "Switch “Exclude from dunning” off on the invoice; unblock its payment where "
        "that is blocked."
    ),
    "charged": _lt(
        "It is settled by payment, or taken back on the letter: cancel or waive it."
    ),
    "protected": _lt("%(protection)s"),
    "payment_in_process": _lt("It goes on when the payment is done or cancelled."),
    "dispute": HELD,
    "promise": _lt("It ends after %(until)s, or sooner when all is paid."),
    "arrangement": _lt(
        "It ends when all is paid, or when the arrangement lapses or is cancelled."
    ),
    "arrangement_offered": _lt(
        "It ends after %(until)s, or sooner when the offer is signed or withdrawn."
    ),
    "paused": HELD,
    "not_due": NEXT,
    "direct_debit": _lt(
        "Choose another way of payment on the invoice, or switch off “Not with direct "
        "debit” in the settings."
    ),
    "not_sent": _lt("Send the invoice to %(debtor)s first."),
    "invoice_check": _lt("%(finding)s"),
    "no_policy": _lt("Choose a policy on the invoice or on %(debtor)s."),
    "failed": _lt(
        "Mend the address and send the letter again: see Failed deliveries in the menu "
        "Dunning."
    ),
    "proposed": _lt("Confirm the proposed letter, or take it out of its round."),
    "finished": DECIDE,
    "grace": NEXT,
    "waiting": NEXT,
    "no_balance": _lt("Reconcile the open credits of %(credits)s."),
    "below_minimum": _lt("Letters go out once %(minimum)s or more is due."),
    "interval": NEXT,
    "no_address": _lt(
        "Enter an e-mail address, or street, postal code and city, on %(recipient)s."
    ),
}


class AccountMoveLine(models.Model):
    """What would have to happen for a letter to go out."""

    _inherit = "account.move.line"

    dunning_lift = fields.Char(
        string="What would lift it",
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
    )

    # === BUSINESS METHODS === #

    def _get_dunning_lift(self, step, settings):
        """Say what would lift the obstacle of this item.

        :param Step step: the step of the item, with an obstacle
        :param Settings settings: the settings of the company
        :rtype: str
        """
        self.ensure_one()
        sentence = LIFTS.get(step.obstacle)
        if sentence is NEXT and not step.rung:
            sentence = DECIDE
        text = self.env._(sentence) if sentence else ""
        makers = self._get_dunning_lift_makers(step, settings)
        return text % {
            name: make() for name, make in makers.items() if f"%({name})s" in text
        }

    def _get_dunning_lift_makers(self, step, settings):
        """Return what makes what a sentence may name: dates, amounts, letter, people.

        :param Step step: the step of the item
        :param Settings settings: the settings of the company
        :return: functions that return text; only those that are named need be called
        :rtype: dict[str, Callable]
        """
        self.ensure_one()
        item, currency = step.item, self.company_id.currency_id
        # sudo: an amount, also to whoever may not read the configuration
        policy = self.env["dunning.policy"].browse(step.policy_id).sudo()
        return {
            **self._get_dunning_name_makers(step),
            "day": lambda: self._format_dunning_day(
                _get_interval_day(step, settings)
                if step.obstacle == "interval"
                else step.day
            ),
            "until": lambda: self._format_dunning_day(
                item.special.hold_until or item.special.offered_until
            ),
            "finding": lambda: " ".join(
                map(self.env._, FINDINGS.get(item.special.finding, ()))
            ),
            "credits": lambda: formatLang(
                self.env, -item.debtor.credits_company, currency_obj=currency
            ),
            "minimum": lambda: formatLang(
                self.env, policy.minimum_amount, currency_obj=currency
            ),
        }

    def _get_dunning_name_makers(self, step):
        """Return what makes the names in a sentence: of the letter and of people.

        :param Step step: the step of the item
        :return: see `_get_dunning_lift_makers`
        :rtype: dict[str, Callable]
        """
        # sudo: names, also to whoever may not read the configuration or the contact
        level = self.env["dunning.level"].browse(step.level_id).sudo()
        recipient = self.env["res.partner"].browse(step.item.debtor.recipient_id).sudo()
        hold = self.env["dunning.hold"].browse(step.item.special.hold_id).sudo()
        return {
            "letter": lambda: level.name or "",
            "owner": lambda: hold.user_id.name or self.env._("somebody"),
            "debtor": lambda: self.partner_id.display_name,
            "recipient": lambda: recipient.display_name,
        }

    def _format_dunning_day(self, day):
        return format_date(self.env, day, date_format="d MMMM y")


def _get_interval_day(step, settings):
    """Return the first day on which the debtor may get another letter, or None."""
    days = (step.day, next_contact(step.item, settings))
    return max(filter(None, days), default=None)
