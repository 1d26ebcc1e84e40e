"""The obstacles that the ledger and the ladder know; later rooms place theirs among."""

from odoo.tools import LazyTranslate

from .engine.plan import ALONE, SMALLEST_AMOUNT, Obstacle

_lt = LazyTranslate(__name__)

NEXT = _lt("Next: %(letter)s, not before %(day)s.")

DECIDE = _lt(
    "Decide what to do next: call, agree on payment or hand over for collection."
)


def _is_waiting(case):
    """Whether a term that the debtor was given has not passed, or the delay after it.

    At the top of the ladder no delay follows.
    """
    if not case.rung:
        return case.item.clock >= case.today
    return case.day > case.today and bool(case.item.clock)


def _has_balance(letter):
    return min(letter.claim, letter.claim_currency) >= SMALLEST_AMOUNT


def _has_address(letter):
    return any(getattr(letter.item.debtor, f"has_{n}") for n in letter.rung.needs)


#: In the order in which they are tried: an item has the first that applies.
OBSTACLES = [
    Obstacle(
        "excluded",
        _lt("Excluded from dunning"),
        _lt("No letter goes out: this invoice is excluded from dunning."),
        _lt(
            "Switch “Exclude from dunning” off on the invoice; unblock its payment "
            "where that is blocked."
        ),
        applies=lambda case: case.item.special.excluded,
        blocks=True,
        is_final=True,
    ),
    Obstacle(
        "payment_in_process",
        _lt("Payment is being processed"),
        _lt("Nothing happens now: a payment is being processed."),
        _lt(
            "It goes on when the payment is done or cancelled, or takes longer than "
            "the settings allow for its kind."
        ),
        applies=lambda case: case.item.special.payment_in_process,
        blocks=True,
    ),
    Obstacle(
        "not_due",
        _lt("Not yet due"),
        _lt("Not yet due."),
        NEXT,
        applies=lambda case: case.item.due >= case.today,
        blocks=True,
    ),
    Obstacle(
        "archived",
        _lt("Debtor is archived"),
        _lt("No letter goes out: the customer is archived."),
        _lt(
            "Restore %(archived)s from the archive, or reconcile or write off what is "
            "open."
        ),
        applies=lambda case: case.item.debtor.is_archived,
        blocks=True,
    ),
    Obstacle(
        "direct_debit",
        _lt("Collected by direct debit"),
        _lt("No letter goes out: the invoice is collected by direct debit."),
        _lt(
            "Choose another way of payment on the invoice, or switch off “Not with "
            "direct debit” in the settings."
        ),
        applies=lambda case: (
            case.item.special.direct_debit and case.settings.skip_direct_debit
        ),
        blocks=True,
    ),
    Obstacle(
        "unmatched",
        _lt("Money at the bank that nobody matched"),
        _lt(
            "No letter goes out: the bank has money that nobody matched, and that may "
            "be for this invoice."
        ),
        _lt("Match what the bank received from %(debtor)s, or for this invoice."),
        applies=lambda case: case.item.special.is_unmatched,
        blocks=True,
    ),
    Obstacle(
        "not_sent",
        _lt("Invoice not yet sent to the customer"),
        _lt("No letter goes out: the invoice was not sent to the customer yet."),
        _lt("Send the invoice to %(debtor)s first."),
        applies=lambda case: (
            case.settings.require_sent and not case.item.special.is_sent
        ),
        blocks=True,
    ),
    Obstacle(
        "no_policy",
        _lt("No dunning policy fits"),
        _lt("No letter goes out: no dunning policy fits."),
        _lt("Choose a policy on the invoice or on %(debtor)s."),
        applies=lambda case: not case.ladder or not (case.rung or case.item.last),
    ),
    Obstacle(
        "grace",
        _lt("Within the days of grace"),
        _lt("Just past the due date."),
        NEXT,
        applies=lambda case: (
            case.rung and case.day > case.today and not case.item.clock
        ),
    ),
    Obstacle(
        "waiting",
        _lt("Waiting for the deadline of the last letter"),
        _lt("Nothing happens now: waiting for the deadline of the last letter."),
        NEXT,
        applies=_is_waiting,
    ),
    Obstacle(
        "finished",
        _lt("Last level of the ladder reached"),
        _lt("All letters of the policy went out."),
        DECIDE,
        # What goes to an agency gets no letter: the ladder has no further one.
        applies=lambda case: not case.rung or not case.rung.is_letter,
    ),
    Obstacle(
        "no_balance",
        _lt("Nothing due on balance"),
        _lt(
            "Nothing happens now: with credit notes and unallocated payments, the "
            "customer owes nothing."
        ),
        _lt("Reconcile the open credits of %(credits)s."),
        applies=lambda letter: not _has_balance(letter),
        is_of_letter=True,
    ),
    Obstacle(
        "below_minimum",
        _lt("Balance below the minimum"),
        _lt(
            "Nothing happens now: what the customer owes is below the minimum of the "
            "policy."
        ),
        _lt("Letters go out once %(minimum)s or more is due."),
        applies=lambda letter: (
            letter.claim < letter.ladder.minimum - SMALLEST_AMOUNT / 2
        ),
        is_of_letter=True,
    ),
    Obstacle(
        ALONE,
        _lt("Waits for a fourteen-day notice"),
        _lt(
            "Nothing happens now: the customer gets a fourteen-day notice first, which "
            "must stand on its own."
        ),
        _lt(
            "A fourteen-day notice goes out first, on its own; %(letter)s follows when "
            "the days between two letters have passed."
        ),
        applies=lambda letter: False,  # the plan says so when it has put letters apart
        is_of_letter=True,
    ),
    Obstacle(
        "no_address",
        _lt("No address for any channel"),
        _lt(
            "No letter goes out: the customer has no address for the channels of this "
            "letter."
        ),
        _lt(
            "Enter an e-mail address, or street, postal code and city, on "
            "%(recipient)s."
        ),
        applies=lambda letter: not _has_address(letter),
        is_of_letter=True,
    ),
]
