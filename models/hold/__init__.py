from . import (
    dunning_today,
    dunning_hold,
    account_move,
    account_move_line,
    res_partner,
    dunning_run,
    dunning_planner,
)
