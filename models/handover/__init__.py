from . import (
    dunning_agency,
    dunning_handover_item,
    dunning_handover_rules,
    dunning_handover,
    account_move,
    account_move_line,
    account_partial_reconcile,
    dunning_hold,
    dunning_notice,
    dunning_protection,
    dunning_run,
    res_partner,
)
