from . import (
    account_move,
    res_company,
    res_partner,
    dunning_today,
)
