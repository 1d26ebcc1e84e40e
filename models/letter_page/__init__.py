from . import (
    dunning_notice,
    ir_actions_report,
)
