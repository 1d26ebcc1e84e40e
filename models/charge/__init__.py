from . import (
    res_partner,
    dunning_today,
    account_move,
    account_move_line,
    account_partial_reconcile,
    dunning_notice,
    res_company,
    dunning_planner,
)
