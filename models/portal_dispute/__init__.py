from . import (
    dunning_today,
    dunning_hold,
    dunning_notice,
)
