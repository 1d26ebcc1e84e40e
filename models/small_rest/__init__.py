"""Small rests: what is left after a payment and not worth a letter is let off."""

from . import account_move_line, dunning_run, res_company
