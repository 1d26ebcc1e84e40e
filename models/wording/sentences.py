"""The sentences of letters that the law asks for, each with its ground.

`law.letter_contents` tells which letter must have which of them, and which words none
may have. Here stands how they are said: to the debtor himself, and to whoever
represents him, who owes nothing himself. The texts of a level come on top of these.
"""

import re
from typing import NamedTuple

from markupsafe import Markup, escape

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

DOUBLE_STOP = re.compile(r"(?<!\.)\.\.(?!\.)")


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
    # A name such as “Bakker B.V.” ends a sentence without a second full stop.
    return Markup(DOUBLE_STOP.sub(".", escape(env._(text)) % parts))


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
    # --- Why what was paid is open again: no demand, only the fact.
    "collection_returned": Sentence(
        _lt(
            "We collected %(amount)s for %(invoice)s on %(paid)s. That direct debit "
            "came back on %(returned)s, so this amount is open again."
        ),
    ),
    "payment_returned": Sentence(
        _lt(
            "We had booked a payment of %(amount)s for %(invoice)s on %(paid)s. It was "
            "undone on %(returned)s, so this amount is open again."
        ),
    ),
    "discount_missed": Sentence(
        _lt(
            "The discount on %(invoice)s was for payment by %(last_day)s. The payment "
            "came in on %(paid)s, so the full amount was due and the rest is owed."
        ),
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
    # Where no term was agreed with a business: article 6:119a(2) BW.
    "interest_from_receipt": Sentence(
        _lt(
            "We will then claim %(interest)s from thirty days after receipt of each "
            "invoice, or from the day after its due date where that is later."
        ),
    ),
    "interest_and_costs_from_receipt": Sentence(
        _lt(
            "We will then claim %(interest)s from thirty days after receipt of each "
            "invoice, or from the day after its due date where that is later, and "
            "compensation for the extrajudicial collection costs."
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
    "interest_kept_from_receipt": Sentence(
        _lt(
            "Our claim to %(interest)s from thirty days after receipt of each invoice, "
            "or from the day after its due date where that is later, remains."
        ),
    ),
    "interest_and_costs_kept_from_receipt": Sentence(
        _lt(
            "Our claim to %(interest)s from thirty days after receipt of each invoice, "
            "or from the day after its due date where that is later, and to "
            "compensation for the extrajudicial collection costs, remains."
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
    # --- The answer to who disputed an invoice in vain. It asks, unless a letter has
    # demanded already: who asks after that takes the demand back (6:82(1) BW).
    "answer_opening": Sentence(
        _lt(
            "You let us know that you do not agree with the invoice mentioned above. "
            "We have looked into it carefully. We see no reason to lower the amount."
        ),
        _lt(
            "We were told that the invoice mentioned above is disputed. We have looked "
            "into it carefully. We see no reason to lower the amount."
        ),
    ),
    "answer_request": Sentence(
        _lt(
            "You therefore still owe the amount below. We kindly ask you to pay it by "
            "%(day)s. Until then you will not hear from us about it."
        ),
        _lt(
            "%(debtor)s therefore still owes the amount below. We kindly ask you to "
            "see to it that it is paid by %(day)s. Until then you will not hear from "
            "us about it."
        ),
    ),
    "answer_demand": Sentence(
        _lt(
            "You therefore still owe the amount below. We hereby demand that you pay "
            "it by %(day)s. We reserve all our rights, also those from our earlier "
            "letters."
        ),
        _lt(
            "%(debtor)s therefore still owes the amount below. We hereby demand that "
            "you pay it on behalf of %(debtor)s by %(day)s. We reserve all our rights, "
            "also those from our earlier letters."
        ),
    ),
    # --- The confirmation of a promise. A deferral would end default and stop interest
    # (6:81 and 6:119 BW): it grants none.
    "promise_waits": Sentence(_lt("We wait with further steps until that day.")),
    "promise_waits_once": Sentence(
        _lt("We wait with further steps until that day, once and as an exception."),
    ),
    "promise_in_default": Sentence(
        _lt("You remain in default, and we reserve all our rights."),
        _lt("%(debtor)s remains in default, and we reserve all our rights."),
    ),
    "promise_not_in_default": Sentence(
        _lt("The obligation to pay stays as it is, and we reserve all our rights."),
    ),
    "promise_not_kept": Sentence(
        _lt(
            "If we have not received the amount by that day, we will go on collecting "
            "without further notice."
        ),
    ),
    # --- An arrangement to pay in instalments.
    # Acknowledged, so that the limitation begins anew: article 3:318 BW.
    "agreement_acknowledged": Sentence(
        _lt(
            "%(company)s and %(debtor)s agree as follows. By signing, %(debtor)s "
            "acknowledges to owe %(company)s the sum of %(amount)s, made up like this:"
        ),
        _lt(
            "%(company)s and %(debtor)s, represented by %(representative)s, agree as "
            "follows. By the signature, %(debtor)s acknowledges to owe %(company)s the "
            "sum of %(amount)s, made up like this:"
        ),
    ),
    # The debt stays what it was, and whole when it is not kept: articles 6:29 and
    # 6:160 BW.
    "agreement_lapses": Sentence(
        _lt(
            "When an instalment is more than %(grace)s days late, we send one warning. "
            "When it is not paid within %(warning)s days of that, the arrangement "
            "lapses and the whole remainder is due at once."
        ),
    ),
    "agreement_no_novation": Sentence(
        _lt(
            "The arrangement takes the place of no existing obligation: it is no "
            "novation. The invoices stay in force, and we reserve all our rights."
        ),
    ),
    "arrangement_warned": Sentence(
        _lt(
            "We hereby demand that you pay this amount by %(day)s. This is the only "
            "warning. If it is not in our account by then, the arrangement lapses and "
            "all of the remaining %(open)s is due at once."
        ),
        _lt(
            "We hereby demand that you pay this amount on behalf of %(debtor)s by "
            "%(day)s. This is the only warning. If it is not in our account by then, "
            "the arrangement lapses and all of the remaining %(open)s is due at once."
        ),
    ),
    "arrangement_lapsed": Sentence(
        _lt(
            "We agreed on payment arrangement %(arrangement)s on %(day)s. An "
            "instalment was not paid on time, and not after our warning either. The "
            "arrangement has therefore lapsed today, as was agreed."
        ),
    ),
    "arrangement_remainder": Sentence(
        _lt(
            "The whole remainder of %(open)s is due at once. Of the %(total)s in the "
            "arrangement we received %(paid)s. We summon you to pay the remainder by "
            "%(day)s."
        ),
        _lt(
            "The whole remainder of %(open)s is due at once. Of the %(total)s in the "
            "arrangement we received %(paid)s. We summon you to pay the remainder on "
            "behalf of %(debtor)s by %(day)s."
        ),
    ),
    "arrangement_goes_on": Sentence(
        _lt(
            "If it is not paid by then, collection goes on where it stood before the "
            "arrangement. Earlier letters and their terms stay in force."
        ),
    ),
    # --- The claim that is filed: article 110 of the Bankruptcy Act asks for its nature
    # and amount, documents, and whether priority is claimed.
    "statement_subject_bankruptcy": Sentence(
        _lt("Filing of our claim in the bankruptcy of %(debtor)s"),
    ),
    "statement_opening_bankruptcy": Sentence(
        _lt(
            "On %(day)s %(debtor)s was declared bankrupt. We hereby file our claim "
            "with you and ask you to admit it. It is a claim for payment of invoices "
            "for goods delivered and services provided. It amounts to %(amount)s with "
            "interest up to that day, as specified below."
        ),
    ),
    # 257 and 260 of the same act.
    "statement_subject_moratorium": Sentence(
        _lt("Filing of our claim in the suspension of payments of %(debtor)s"),
    ),
    "statement_opening_moratorium": Sentence(
        _lt(
            "On %(day)s suspension of payments was granted to %(debtor)s. We hereby "
            "file our claim with you. It is a claim for payment of invoices for goods "
            "delivered and services provided. It amounts to %(amount)s with interest "
            "up to that day, as specified below."
        ),
    ),
    # 328 of the same act.
    "statement_subject_debt_restructuring": Sentence(
        _lt("Filing of our claim in the statutory debt restructuring of %(debtor)s"),
    ),
    "statement_opening_debt_restructuring": Sentence(
        _lt(
            "On %(day)s the statutory debt restructuring scheme was declared "
            "applicable to %(debtor)s. We hereby file our claim with you and ask you "
            "to admit it. It is a claim for payment of invoices for goods delivered "
            "and services provided. It amounts to %(amount)s with interest up to that "
            "day, as specified below."
        ),
    ),
    "statement_documents": Sentence(
        _lt("Copies of the invoices are enclosed as evidence."),
    ),
    "statement_priority": Sentence(
        _lt("We claim priority: %(priority)s."),
    ),
    "statement_no_priority": Sentence(
        _lt(
            "We claim no priority, pledge, mortgage or right of retention. A "
            "reservation of title stays in force."
        ),
    ),
    "statement_closing": Sentence(
        _lt(
            "Would you please confirm that you have received this statement, and keep "
            "us informed? We reserve all our rights."
        ),
    ),
    # No law but practice: creditors wait.
    "statement_subject_debt_counselling": Sentence(
        _lt("Statement of our claim on %(debtor)s"),
    ),
    "statement_opening_debt_counselling": Sentence(
        _lt(
            "We understand that you assist %(debtor)s in settling debts. Below we "
            "state what we are owed up to and including %(day)s: %(amount)s. We wait "
            "with further steps and let interest and costs rest from that day."
        ),
    ),
    "statement_closing_debt_counselling": Sentence(
        _lt(
            "Would you please let us know when we may expect your proposal? We reserve "
            "all our rights."
        ),
    ),
    # The heirs take the place of the debtor, with time to consider: 4:184 and 4:185 BW.
    "statement_subject_deceased": Sentence(_lt("Claim on the estate of %(debtor)s")),
    "statement_opening_deceased": Sentence(
        _lt(
            "Please accept our condolences on the death of %(debtor)s. We are sorry to "
            "have to trouble you with business matters. Invoices of ours are still "
            "open: you find the claim on the estate below, as it stands on %(today)s."
        ),
    ),
    "statement_closing_deceased": Sentence(
        _lt(
            "Would you please let us know, when it suits you, who settles the estate? "
            "If you have any questions or need more time, please contact us."
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
