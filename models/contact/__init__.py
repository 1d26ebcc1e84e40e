from . import (
    dunning_today,
    dunning_call,
    dunning_contact,
    dunning_reason,
    account_move,
    dunning_level,
    res_company,
    res_partner,
)
