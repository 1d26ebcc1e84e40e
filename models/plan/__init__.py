from . import (
    account_move_line,
    dunning_planner,
    res_company,
    res_partner,
)
