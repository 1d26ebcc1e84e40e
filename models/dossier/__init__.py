from . import (
    dunning_terms,
    dunning_dossier_content,
    dunning_dossier,
    account_move,
    account_move_line,
    res_partner,
)
