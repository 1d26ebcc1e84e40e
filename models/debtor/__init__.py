# One screen for a debtor: what he owes, what happened, what comes next, how he pays.
from . import (
    account_move,
    account_move_line,
    dunning_debtor,
    dunning_notice,
    res_partner,
)
