"""The sentences of letters that the law asks for, each with its ground.

`law.letter_contents` tells which letter must have which of them, and which words none
may have. Here stands how they are said: to the debtor himself, and to whoever
represents him, who owes nothing himself. The texts of a level come on top of these.
"""

from typing import NamedTuple

from markupsafe import escape

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)


class Sentence(NamedTuple):
    """What is said, with placeholders as `%(amount)s`."""

    debtor: object  # a lazy translation
    representative: object = None  # where it differs; `%(debtor)s` is who owes


def say(env, key, is_represented=False, **parts):
    """Return a sentence in the language of the environment.

    :param str key: of `SENTENCES`
    :param bool is_represented: whether it is said to who represents the debtor
    :param parts: what stands in it; `debtor` is the name of the debtor
    :rtype: Markup
    """
    sentence = SENTENCES[key]
    text = (is_represented and sentence.representative) or sentence.debtor
    return escape(env._(text)) % parts


SENTENCES = {
    # --- What is asked. A friendly letter asks, all others demand: article 6:82(1) BW
    # wants a written demand with a reasonable term, 6:96(6) a demand as well.
    "request": Sentence(
        _lt("Would you please transfer %(amount)s by %(deadline)s?"),
        _lt(
            "Would you please see to it that %(amount)s is transferred on behalf of "
            "%(debtor)s by %(deadline)s?"
        ),
    ),
    "demand": Sentence(
        _lt(
            "We hereby demand payment of %(amount)s. The amount must have been "
            "credited to our account by %(deadline)s."
        ),
        _lt(
            "We hereby demand that you pay %(amount)s on behalf of %(debtor)s. The "
            "amount must have been credited to our account by %(deadline)s."
        ),
    ),
    "demand_default_notice": Sentence(
        _lt(
            "This letter is a default notice (in Dutch: ingebrekestelling). Payment of "
            "the above has not been made. We hereby give you formal notice and a last "
            "opportunity to perform: the full amount of %(amount)s (in words: "
            "%(words)s) must have been credited to our account by %(deadline)s."
        ),
        _lt(
            "This letter is a default notice (in Dutch: ingebrekestelling). Payment of "
            "the above has not been made. We hereby give %(debtor)s formal notice and "
            "a last opportunity to perform: the full amount of %(amount)s (in words: "
            "%(words)s) must have been credited to our account by %(deadline)s."
        ),
    ),
    # The term runs from the day after delivery, without a date: who names one may name
    # it too early (HR 25 November 2016, ECLI:NL:HR:2016:2704).
    "demand_fourteen_day": Sentence(
        _lt(
            "You can still pay without extra costs. We hereby demand that you pay the "
            "full amount of %(amount)s (in words: %(words)s) within %(days)s days, "
            "counted from the day after this letter has been delivered to you."
        ),
        _lt(
            "Payment without extra costs is still possible. We hereby demand that you "
            "pay, on behalf of %(debtor)s, the full amount of %(amount)s (in words: "
            "%(words)s) within %(days)s days, counted from the day after this letter "
            "has been delivered to you."
        ),
    ),
    "demand_final": Sentence(
        _lt(
            "This is our final demand (in Dutch: sommatie). We summon you to pay the "
            "full amount of %(amount)s (in words: %(words)s). It must have been "
            "credited to our account by %(deadline)s."
        ),
        _lt(
            "This is our final demand (in Dutch: sommatie). We summon you to pay, on "
            "behalf of %(debtor)s, the full amount of %(amount)s (in words: "
            "%(words)s). It must have been credited to our account by %(deadline)s."
        ),
    ),
    # No demand and no date: it must not come in the way of the ladder.
    "claim_maintained": Sentence(
        _lt(
            "Of our claim %(amount)s (in words: %(words)s) is still open. We maintain "
            "this claim in full. Terms and arrangements from earlier letters stay as "
            "they are."
        ),
        _lt(
            "Of our claim on %(debtor)s %(amount)s (in words: %(words)s) is still "
            "open. We maintain this claim in full. Terms and arrangements from earlier "
            "letters stay as they are."
        ),
    ),
    # What was charged before: no demand, and no date of its own.
    "charged_before": Sentence(
        _lt("You owe us these %(amount)s besides, as charged before."),
        _lt("These %(amount)s are owed besides, as charged before."),
    ),
    # --- What follows when the term passes.
    # Default: articles 6:81 and 6:82(1) BW.
    "default_follows": Sentence(
        _lt(
            "If we have not received the full amount by that date, you are in default "
            "(in verzuim) without further notice."
        ),
        _lt(
            "If we have not received the full amount by that date, %(debtor)s is in "
            "default (in verzuim) without further notice."
        ),
    ),
    # Interest: article 6:119a BW from the day after the due date, and for consumers
    # 6:119 BW from default. No letter dates it later than the claim does.
    "interest_from_due_date": Sentence(
        _lt(
            "We will then claim %(interest)s from the day after the due date of each "
            "invoice."
        ),
    ),
    # With costs: article 6:96(2) and (4) BW, for businesses.
    "interest_and_costs_from_due_date": Sentence(
        _lt(
            "We will then claim %(interest)s from the day after the due date of each "
            "invoice, and compensation for the extrajudicial collection costs."
        ),
    ),
    "interest_from_default": Sentence(
        _lt(
            "We will then claim %(interest)s from the day on which you are in default."
        ),
        _lt(
            "We will then claim %(interest)s from the day on which %(debtor)s is in "
            "default."
        ),
    ),
    # Of a last demand that does not ask for them in figures: they are not given up.
    "interest_kept_from_due_date": Sentence(
        _lt(
            "Our claim to %(interest)s from the day after the due date of each invoice "
            "remains."
        ),
    ),
    "interest_and_costs_kept_from_due_date": Sentence(
        _lt(
            "Our claim to %(interest)s from the day after the due date of each "
            "invoice, and to compensation for the extrajudicial collection costs, "
            "remains."
        ),
    ),
    "interest_kept_from_default": Sentence(
        _lt(
            "Our claim to %(interest)s from the day on which you were in default "
            "remains."
        ),
        _lt(
            "Our claim to %(interest)s from the day on which %(debtor)s was in default "
            "remains."
        ),
    ),
    "interest_runs_on": Sentence(
        _lt("Interest runs on until the day of payment in full."),
    ),
    "handing_over_possible": Sentence(
        _lt("We can then hand over the claim for collection."),
    ),
    "handing_over": Sentence(
        _lt(
            "If payment is not made in full and in time, we will hand over the claim "
            "for collection without further notice."
        ),
    ),
    # Of businesses alone: articles 6:96(2) BW and 237 of the Code of Civil Procedure.
    "costs_of_proceedings": Sentence(
        _lt(
            "The costs of that and of legal proceedings will be for your account as "
            "far as the law provides."
        ),
        _lt(
            "The costs of that and of legal proceedings will be for the account of "
            "%(debtor)s as far as the law provides."
        ),
    ),
    # Only as far as the failure justifies it: articles 6:52 and 6:262 BW.
    "suspension": Sentence(
        _lt(
            "If we have not received the full amount by that date, we will suspend our "
            "deliveries and services to you from %(day)s until you have paid in full, "
            "as far as this is justified (articles 6:52 and 6:262 of the Dutch Civil "
            "Code)."
        ),
        _lt(
            "If we have not received the full amount by that date, we will suspend our "
            "deliveries and services to %(debtor)s from %(day)s until payment in full, "
            "as far as this is justified (articles 6:52 and 6:262 of the Dutch Civil "
            "Code)."
        ),
    ),
    # --- Costs that are announced, without which a consumer owes none: article 6:96(6)
    # BW. One exact amount, what it is over, and none charged yet.
    "costs_announced": Sentence(
        _lt(
            "If you do not pay in full within that term, you will owe us compensation "
            "for extrajudicial collection costs of %(costs)s (article 6:96 of the "
            "Dutch Civil Code and the Decree on compensation for extrajudicial "
            "collection costs)."
        ),
        _lt(
            "If payment is not made in full within that term, %(debtor)s will owe us "
            "compensation for extrajudicial collection costs of %(costs)s (article "
            "6:96 of the Dutch Civil Code and the Decree on compensation for "
            "extrajudicial collection costs)."
        ),
    ),
    "costs_base": Sentence(
        _lt(
            "These costs are worked out over the amount of %(base)s by the statutory "
            "scale."
        ),
    ),
    "costs_base_less_earlier": Sentence(
        _lt(
            "These costs are worked out over the amount of %(base)s by the statutory "
            "scale, less the costs of %(earlier)s that were announced before."
        ),
    ),
    "costs_not_yet_due": Sentence(
        _lt("At this moment you do not owe these costs yet."),
        _lt("At this moment these costs are not owed yet."),
    ),
    "no_costs_announced": Sentence(
        _lt("We claim no collection costs of their own for this amount."),
    ),
    # Two declarations: article 2(3) of the decree on collection costs.
    "vat_declared": Sentence(
        _lt(
            "The costs include %(vat)s VAT. We declare that we cannot deduct the VAT "
            "that is charged to us on collection costs, and that the compensation is "
            "increased by VAT for that reason."
        ),
    ),
    # --- What was paid: article 6:44 BW.
    "imputation": Sentence(
        _lt(
            "Your payments were set off against the costs first, then against the "
            "interest and after that against the principal (article 6:44 of the Dutch "
            "Civil Code)."
        ),
        _lt(
            "Payments were set off against the costs first, then against the interest "
            "and after that against the principal (article 6:44 of the Dutch Civil "
            "Code)."
        ),
    ),
    # --- Rights.
    # Article 3:317(1) BW.
    "limitation": Sentence(
        _lt(
            "With this letter we interrupt the limitation of our claim: we "
            "unequivocally reserve our right to performance (article 3:317 of the "
            "Dutch Civil Code). We reserve all other rights as well."
        ),
    ),
    # --- Letters that went before: true of each ladder.
    "one_earlier_letter": Sentence(
        _lt("We have received no payment in full in answer to our earlier letter."),
    ),
    "more_earlier_letters": Sentence(
        _lt("We have asked you for payment more than once, without payment in full."),
        _lt("We have asked for payment more than once, without payment in full."),
    ),
    # --- To who represents the debtor: articles 1:441 and 1:386 BW. What a level says
    # is written for the debtor himself, and does not go to him.
    "capacity": Sentence(
        _lt(
            "In your capacity of %(capacity)s we write to you about the claim on "
            "%(debtor)s."
        ),
    ),
    "represented_subject": Sentence(_lt("%(subject)s concerning %(debtor)s")),
    "represented_opening": Sentence(
        _lt("We have not yet received payment in full of what is listed below."),
    ),
    "represented_closing": Sentence(
        _lt(
            "Do you disagree with an invoice, or is payment not possible? Then let us "
            "know in writing, with your reasons."
        ),
    ),
    "represented_mail": Sentence(
        _lt(
            "Attached you find our letter with reference %(reference)s about the claim "
            "on %(debtor)s."
        ),
    ),
    # --- Letter and payment that crossed. A demand that calls itself not sent invites
    # the defence that it was not: article 3:37(3) BW.
    "crossed": Sentence(
        _lt("If your payment and this letter have crossed, please disregard it.")
    ),
    "crossed_formal": Sentence(
        _lt("If you have already paid the full amount, that settles this letter."),
        _lt("If the full amount has already been paid, that settles this letter."),
    ),
    "crossed_mail": Sentence(
        _lt("If your payment and this message have crossed, please disregard it.")
    ),
    "crossed_mail_formal": Sentence(
        _lt("If you have already paid the full amount, that settles this message."),
        _lt("If the full amount has already been paid, that settles this message."),
    ),
}
