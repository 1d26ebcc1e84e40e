"""Which court a claim can be brought before without a lawyer, and by which form.

Wetboek van Burgerlijke Rechtsvordering (Rv) 93, 99 and 111; Regulation (EC) 1896/2006
creating a European order for payment procedure.
"""

from decimal import Decimal

from ._arguments import as_amount

#: Art. 93(a) Rv: claims of at most so many euro, with the interest that has run up to
#: the day of the summons, are heard by the sub-district court, without a lawyer.
SUBDISTRICT_LIMIT = Decimal(25_000)

#: Member States, by ISO code. Denmark takes no part in the regulation: art. 2(3).
EU_COUNTRIES = frozenset(
    ("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU")
    + ("IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK")
)
OUTSIDE_REGULATION = frozenset({"DK"})

#: Boxes of form A, annex I of the regulation.
CONTRACT_CODES = {"sale": "01", "service": "12", "other": "25"}
NOT_PAID = "30"
PLACE_OF_PERFORMANCE = "02"
STATUTORY_INTEREST, AGREED_INTEREST = "01", "02"
WRITTEN_EVIDENCE = "01"


def is_subdistrict(total):
    """Return whether the sub-district court hears a claim, by its amount.

    :param total: principal, interest up to the summons and collection costs, euro

    >>> is_subdistrict("25000.00"), is_subdistrict("25000.01")
    (True, False)
    """
    return as_amount("total", total) <= SUBDISTRICT_LIMIT


def payment_order_obstacle(creditor, debtor, is_consumer):
    """Return why no European order for payment can be asked for, or None.

    The case must be cross-border (art. 3), and a consumer may be sued only where he
    lives (art. 6(2)), so not before a court of the creditor's country.

    :param str creditor: ISO code of the country of the creditor
    :param str debtor: that of the debtor, may be empty
    :param bool is_consumer: whether the debtor is one
    :return: domestic, outside or consumer
    :rtype: str or None

    >>> payment_order_obstacle("NL", "DE", False)
    >>> payment_order_obstacle("NL", "DK", False)
    'outside'
    """
    if not debtor or debtor == creditor:
        return "domestic"
    for country in (creditor, debtor):
        if country not in EU_COUNTRIES or country in OUTSIDE_REGULATION:
            return "outside"
    return "consumer" if is_consumer else None
