from . import (
    dunning_today,
    dunning_protection,
    account_move,
    account_move_line,
    dunning_hold,
    dunning_notice,
    res_partner,
    base_partner_merge_automatic_wizard,
    dunning_run,
    dunning_planner,
)
