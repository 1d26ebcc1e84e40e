from . import (
    account_move,
    account_move_line,
    dunning_notice,
    dunning_run,
    res_company,
    res_partner,
    dunning_planner,
)
