"""Personal data: how long it is kept, what is known of a person, and who looked."""

from . import (
    dunning_access_log,
    dunning_dossier,
    dunning_personal_data,
    dunning_privacy,
    dunning_protection,
    res_company,
    res_partner,
)
