"""Discount for early payment: who paid the discounted sum in its days owes nothing."""

from . import account_move_line, dunning_notice, dunning_planner
