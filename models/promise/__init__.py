from . import (
    dunning_hold,
    res_partner,
    dunning_planner,
    dunning_today,
)
