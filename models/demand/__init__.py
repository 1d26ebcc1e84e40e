from . import (
    account_move_line,
    dunning_notice,
    res_partner,
)
