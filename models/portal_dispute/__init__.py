from . import (
    dunning_hold,
    dunning_notice,
    dunning_today,
)
