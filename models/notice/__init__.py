from . import (
    dunning_notice,
    dunning_notice_line,
    account_move,
    account_move_line,
    res_partner,
    base_partner_merge_automatic_wizard,
    dunning_level,
    dunning_planner,
)
