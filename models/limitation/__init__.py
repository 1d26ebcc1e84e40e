from . import (
    dunning_today,
    account_move_line,
    dunning_level,
    dunning_notice,
    dunning_run,
)
