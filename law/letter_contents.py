"""What each letter to a debtor must say, and must not say, for its effect in law.

Pure: no database, no clock. The rules are data: an `Element` for each thing that a
letter says, with the article that asks for it and why, and the letters that must or
must not have it. How it is said stands in the sentences of the letters; a test prints
each kind of letter in each language and reads it against this list.
"""

from typing import NamedTuple

#: Letters that ask or demand payment, from friendly to strict.
NOTICES = ("reminder", "demand", "default_notice", "fourteen_day", "final_demand")
#: About an arrangement to pay in instalments.
ARRANGEMENT_LETTERS = ("agreement", "arrangement_warning", "arrangement_lapse")
#: Every document to a debtor, or to who represents him.
LETTERS = (
    *NOTICES,
    "limitation_notice",
    "dispute_answer",
    "promise_confirmation",
    *ARRANGEMENT_LETTERS,
    "statement_of_claim",
    "claim_on_estate",
    "statement_to_counsellor",
)
#: Letters that demand, or that keep the rights of the creditor.
FORMAL_LETTERS = tuple(letter for letter in LETTERS if letter != "reminder")

#: What may be so besides the kind of letter: something was paid on the claim, VAT is
#: added to the costs, only one letter went before, the claim is demanded already,
#: somebody represents the debtor.
CIRCUMSTANCES = ("paid", "vat", "one_letter", "demanded", "represented")


class Element(NamedTuple):
    """A thing that a letter says."""

    ground: str  # the article, or where practice has it from
    why: str
    required: tuple = ()  # kinds of letter that must say it
    forbidden: tuple = ()  # kinds of letter that must not
    debtors: str = "any"  # or business, consumer: for whom the rule holds
    when: str | None = None  # one of `CIRCUMSTANCES`, without which it does not hold


ELEMENTS = {
    # --- Who writes, to whom, about what.
    "creditor": Element(
        "2:75 and 2:186 BW, 27 Handelsregisterwet",
        "Name, seat and number in the trade register stand on every letter.",
        required=LETTERS,
    ),
    "debtor": Element("6:82 BW", "Who has to perform.", required=LETTERS),
    "date": Element("3:37(3) BW", "The day from which terms run.", required=LETTERS),
    "items": Element(
        "6:82(1) BW",
        "A demand says what is to be performed, so that it cannot be mistaken.",
        required=tuple(letter for letter in LETTERS if letter != "arrangement_warning"),
    ),
    "amount": Element("6:82(1) BW", "What is to be performed.", required=LETTERS),
    "account": Element("6:114 BW", "Where it can be paid.", required=LETTERS),
    # --- What is asked.
    "request": Element(
        "practice", "A first letter takes it for an oversight.", required=("reminder",)
    ),
    "demand": Element(
        "6:82(1), 6:96(6), 3:317(1) BW",
        "Only a demand puts in default, makes costs due and interrupts.",
        required=("demand", "default_notice", "fourteen_day", "final_demand")
        + ("arrangement_lapse",),
    ),
    "demand_answer": Element(
        "6:82(1) BW",
        "After formal letters an answer that asks would take the demand back.",
        required=("dispute_answer",),
        when="demanded",
    ),
    "asking": Element(
        "6:82(1), 6:96(6) BW",
        "A request leaves room where the law asks for a demand.",
        forbidden=("demand", "default_notice", "fourteen_day", "final_demand")
        + ("arrangement_warning", "arrangement_lapse"),
    ),
    "deadline": Element(
        "6:82(1) BW",
        "A demand gives a reasonable term; its last day is a date.",
        required=("reminder", "demand", "default_notice", "final_demand")
        + ("dispute_answer", "promise_confirmation")
        + ("arrangement_warning", "arrangement_lapse"),
    ),
    "default_notice": Element(
        "6:82(1) BW", "It is called what it is.", required=("default_notice",)
    ),
    "default_follows": Element(
        "6:81, 6:82(1) BW",
        "Default begins when the term of a demand passes.",
        required=("default_notice",),
    ),
    "default_of_consumer": Element(
        "6:81, 6:82(1), 6:96(6) BW",
        "A due date that is printed alone puts no consumer in default; this does, and "
        "comes before the fourteen-day notice.",
        required=("demand",),
        debtors="consumer",
    ),
    # --- Interest and costs.
    "interest_from_due_date": Element(
        "6:119a(1) BW",
        "Interest is owed from the day after the due date: no letter says later.",
        required=("default_notice",),
        debtors="business",
    ),
    "interest_from_default": Element(
        "6:119(1) BW",
        "A consumer owes interest from default.",
        required=("default_notice",),
        debtors="consumer",
    ),
    "costs_follow": Element(
        "6:96(2)(c) and (4) BW",
        "A business owes costs of collection without a separate notice.",
        required=("default_notice",),
        debtors="business",
    ),
    "vague_interest": Element(
        "6:119, 6:119a BW",
        "A letter that dates interest from now on, or as far as the law allows, claims "
        "less than the next one.",
        forbidden=LETTERS,
    ),
    "costs_before_notice": Element(
        "6:96(5) and (6) BW",
        "A consumer who is threatened with costs earlier was not given his fourteen "
        "days.",
        forbidden=("reminder", "demand", "default_notice", "limitation_notice"),
        debtors="consumer",
    ),
    "fourteen_days": Element(
        "6:96(6) BW, HR 25 November 2016, ECLI:NL:HR:2016:2704",
        "Fourteen days from the day after delivery, and no date that may be too early.",
        required=("fourteen_day",),
    ),
    "term_by_date": Element(
        "6:96(6) BW, HR 25 November 2016, ECLI:NL:HR:2016:2704",
        "A date is too early whenever the post is late: the letter is void.",
        forbidden=("fourteen_day",),
    ),
    "costs_amount": Element(
        "6:96(6) BW", "The exact costs, in one amount.", required=("fourteen_day",)
    ),
    "costs_base": Element(
        "6:96(6) BW, 2 Besluit BIK",
        "The debtor must be able to check them.",
        required=("fourteen_day",),
    ),
    "costs_not_yet_due": Element(
        "6:96(6) BW",
        "Costs that seem charged already make the notice void.",
        required=("fourteen_day",),
    ),
    "vat_declared": Element(
        "2(3) Besluit BIK",
        "VAT is added only by who declares that he cannot deduct it, and says so.",
        required=("fourteen_day",),
        when="vat",
    ),
    "specification": Element(
        "6:119, 6:96 BW, 3.1 Bki",
        "Interest by period and percentage, and costs, as the debtor can check them.",
        required=("final_demand",),
    ),
    "imputation": Element(
        "6:44 BW",
        "Otherwise the open sum cannot be followed.",
        required=("final_demand",),
        when="paid",
    ),
    "handing_over": Element(
        "6:96(2)(c) BW", "The next step, as it will be.", required=("final_demand",)
    ),
    "costs_of_proceedings": Element(
        "6:96(2) BW, 237 Rv",
        "What that costs the debtor.",
        required=("final_demand",),
        debtors="business",
    ),
    # --- Promises and arrangements.
    "deferral": Element(
        "6:81, 6:119 BW",
        "A deferral ends default and stops interest.",
        forbidden=("dispute_answer", "promise_confirmation", *ARRANGEMENT_LETTERS),
    ),
    "still_owed": Element(
        "6:81 BW",
        "Who waits says that default stays.",
        required=("promise_confirmation",),
    ),
    "acknowledgement": Element(
        "3:318 BW", "The limitation begins anew.", required=("agreement",)
    ),
    "no_novation": Element(
        "6:160, 6:217 BW",
        "The invoices stay in force, and so do the letters about them.",
        required=("agreement",),
    ),
    "lapse": Element(
        "6:29 BW, 6:38 BW",
        "When it is not kept, all is due: said before it happens.",
        required=("agreement", "arrangement_warning"),
    ),
    # --- The claim that is filed.
    "nature": Element(
        "110 Fw", "The nature of the claim.", required=("statement_of_claim",)
    ),
    "documents": Element(
        "110 Fw", "The documents that prove it.", required=("statement_of_claim",)
    ),
    "priority": Element(
        "110 Fw",
        "Whether priority, pledge, mortgage or retention is claimed.",
        required=("statement_of_claim",),
    ),
    # --- Rights that are kept.
    "limitation": Element(
        "3:317(1) BW",
        "The limitation begins anew.",
        required=("default_notice", "final_demand", "limitation_notice")
        + ("arrangement_lapse",),
    ),
    "rights_reserved": Element(
        "3:317(1), 6:160 BW",
        "What is not said is not given up.",
        required=("default_notice", "final_demand", "limitation_notice")
        + ("promise_confirmation", "agreement", "arrangement_lapse"),
    ),
    "taken_back": Element(
        "3:37(3) BW",
        "A demand that calls itself not sent invites the defence that it was not.",
        forbidden=FORMAL_LETTERS,
    ),
    "many_letters": Element(
        "true of each ladder",
        "Only who got more letters was asked more than once.",
        forbidden=LETTERS,
        when="one_letter",
    ),
    "courtesy": Element(
        "practice",
        "A letter of law has neither abbreviated courtesy nor exclamation marks.",
        forbidden=LETTERS,
    ),
    # --- Somebody represents the debtor.
    "capacity": Element(
        "1:441, 1:386, 4:145 BW, 68 Fw",
        "Who represents the debtor is written to in that capacity.",
        required=LETTERS,
        when="represented",
    ),
    "representative_owes": Element(
        "1:441, 1:386, 4:145 BW, 68 Fw",
        "Who represents the debtor owes nothing himself.",
        forbidden=LETTERS,
        when="represented",
    ),
}


def get_contents(letter, debtor="business", circumstances=()):
    """Return what a letter must say and must not say.

    :param str letter: one of `LETTERS`
    :param str debtor: business or consumer
    :param circumstances: those of `CIRCUMSTANCES` that are so
    :return: keys of `ELEMENTS`: required, forbidden
    :rtype: tuple[list[str], list[str]]

    >>> required, forbidden = get_contents("fourteen_day", "consumer")
    >>> "costs_base" in required, "vat_declared" in required
    (True, False)
    >>> "taken_back" in forbidden
    True
    """
    holding = {
        key: element
        for key, element in ELEMENTS.items()
        if element.debtors in ("any", debtor)
        and (not element.when or element.when in circumstances)
    }
    return (
        [key for key, element in holding.items() if letter in element.required],
        [key for key, element in holding.items() if letter in element.forbidden],
    )


def is_required(key, letter):
    """Return whether a kind of letter must say something.

    :param str key: of `ELEMENTS`
    :param str letter: one of `LETTERS`, or another one, which need not say it
    :rtype: bool

    >>> is_required("limitation", "final_demand"), is_required("limitation", "demand")
    (True, False)
    """
    return letter in ELEMENTS[key].required


def is_forbidden(key, letter):
    """Return whether no letter of a kind may say something.

    >>> is_forbidden("taken_back", "reminder"), is_forbidden("taken_back", "demand")
    (False, True)
    """
    return letter in ELEMENTS[key].forbidden
