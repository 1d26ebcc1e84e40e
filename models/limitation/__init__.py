from . import (
    account_move_line,
    dunning_level,
    dunning_notice,
    dunning_run,
    dunning_today,
)
