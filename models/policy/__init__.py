from . import (
    dunning_cached_mixin,
    dunning_channel_mixin,
    dunning_interest_rate,
    dunning_level,
    dunning_policy,
    dunning_watched_mixin,
    account_move,
    res_company,
    res_partner,
)
