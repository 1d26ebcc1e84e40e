from . import (
    dunning_letter,
    dunning_today,
    dunning_hold,
    res_partner,
    dunning_planner,
)
