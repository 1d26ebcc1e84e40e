"""Payments that were undone: a direct debit that came back, a payment taken back.

Odoo keeps no trace of them: the reconciliation is deleted. So one small record is made
of each, and the ledger says whether the money is really gone.
"""

from . import (
    account_move,
    account_move_line,
    account_partial_reconcile,
    account_payment,
    dunning_notice,
    dunning_planner,
    dunning_returned,
    res_company,
)
