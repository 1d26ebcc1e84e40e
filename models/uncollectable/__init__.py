"""What will not be paid: VAT that is refunded, write-offs, and titles that are kept."""

from . import (
    account_move,
    dunning_handover,
    dunning_title,
    dunning_uncollectable,
    dunning_uncollectable_line,
    res_company,
)
