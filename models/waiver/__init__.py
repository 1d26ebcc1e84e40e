from . import (
    dunning_waiver,
    account_move,
    account_move_line,
    dunning_notice,
    res_partner,
)
