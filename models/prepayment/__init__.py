from . import (
    dunning_today,
    account_move,
    res_company,
    res_partner,
)
