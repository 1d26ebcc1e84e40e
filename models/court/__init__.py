"""Claims that are brought before a court without an agency: as drafts to be checked."""

from . import (
    account_move,
    account_move_line,
    dunning_court_claim,
    dunning_court_form,
    res_partner,
)
