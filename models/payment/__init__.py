"""Paying online or by bank all that a customer chose: a letter, some items, everything.

A choice has one reference. What is paid with it is divided as the law does, and
interest and costs that a letter asked for are charged at that moment.
"""

from . import (
    res_company,
    account_bank_statement_line,
    account_move_line,
    dunning_notice,
    dunning_payment,
    payment_transaction,
    res_partner,
)
