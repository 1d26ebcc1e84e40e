from . import (
    dunning_letter,
    dunning_today,
    dunning_dispute_category,
    account_move_line,
    dunning_hold,
    dunning_planner,
)
