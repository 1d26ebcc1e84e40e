from . import (
    account_move,
    ir_actions_report,
    res_company,
    res_partner,
)
