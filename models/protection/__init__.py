from . import (
    dunning_protection,
    account_move,
    account_move_line,
    dunning_notice,
    res_partner,
)
