"""Dutch law on late payment: pure functions of amounts and days.

Amounts are euro as ``Decimal`` (int and str are taken too, floats are not), days are
``date``. What cannot be right is a ``ValueError`` that starts with the argument's name.
"""

from ._arithmetic import add_years
from .bad_debts import refund_date, unpaid_share
from .collection_costs import collection_costs
from .default import trade_term
from .imputation import Imputation, impute
from .interest import InterestStatement, Rates, Segment, interest
from .limitation import limitation_date, title_limitation_date
from .notice_term import (
    NoticeTerm,
    add_working_days,
    is_working_day,
    notice_term,
    presumed_delivery,
)

__all__ = [
    "Imputation",
    "InterestStatement",
    "NoticeTerm",
    "Rates",
    "Segment",
    "add_working_days",
    "add_years",
    "collection_costs",
    "impute",
    "interest",
    "is_working_day",
    "limitation_date",
    "notice_term",
    "presumed_delivery",
    "refund_date",
    "title_limitation_date",
    "trade_term",
    "unpaid_share",
]
