from . import (
    dunning_today,
    payment_arrangement_terms,
    payment_arrangement,
    payment_arrangement_item,
    payment_arrangement_line,
    account_move,
    account_move_line,
    res_company,
    res_partner,
    dunning_protection,
    dunning_planner,
)
