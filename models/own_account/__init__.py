"""Accounts to pay to: one that an invoice names, a factor's, a blocked one.

A letter asks for one sum. It says which part of it goes to which account, so that the
parts come to that sum to the cent.
"""

from . import account_move, dunning_notice, res_partner
