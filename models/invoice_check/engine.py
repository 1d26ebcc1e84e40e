"""What may keep a customer from paying an invoice: the check before the first letter.

Pure: no database, no clock. An error can keep the first letter back, when the company
wants so; the rest is said and no more.
"""

from datetime import date
from typing import NamedTuple

#: Findings in the order in which they are told, with how much they weigh.
SEVERITIES = {
    "mail_failed": "error",
    "no_reference": "error",
    "no_iban": "error",
    "no_vat": "error",
    "network_failed": "warning",
    "not_sent": "warning",
    "no_address": "warning",
    "due_differs": "warning",
    "no_pdf": "info",
    "untrusted_iban": "info",
    "no_trace": "info",
    "no_registry": "info",
}


class InvoiceFacts(NamedTuple):
    """What is known of an invoice, as far as the check needs it."""

    is_sent: bool
    is_mailed: bool  # by a mail to the customer
    mail_failed: bool  # the last of them bounced or was refused
    has_pdf: bool
    has_email: bool
    has_post: bool
    has_iban: bool
    is_iban_trusted: bool
    wants_reference: bool  # the customer demands an order number
    has_reference: bool
    wants_vat: bool  # the fiscal position is for customers with a VAT number
    has_vat: bool
    is_business: bool
    has_registry: bool
    due: date | None
    term_due: date | None  # what the payment term says, None without one
    network_failed: bool = False  # of e-invoicing: it did not take the invoice


def check_invoice(facts):
    """Return what may keep the customer from paying.

    :param InvoiceFacts facts: what is known of the invoice
    :return: codes of `SEVERITIES`, in its order
    :rtype: list[str]
    """
    holds = {
        "mail_failed": facts.mail_failed,
        "network_failed": facts.network_failed,
        "no_reference": facts.wants_reference and not facts.has_reference,
        "no_iban": not facts.has_iban,
        "no_vat": facts.wants_vat and not facts.has_vat,
        "not_sent": not facts.is_sent,
        "no_address": not (facts.has_email or facts.has_post),
        "no_pdf": facts.is_sent and not facts.has_pdf,
        "due_differs": bool(facts.term_due) and facts.due != facts.term_due,
        "untrusted_iban": facts.has_iban and not facts.is_iban_trusted,
        "no_trace": facts.is_sent and not facts.is_mailed,
        "no_registry": facts.is_business and not (facts.has_registry or facts.has_vat),
    }
    return [code for code in SEVERITIES if holds[code]]
