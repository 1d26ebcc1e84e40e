from . import (
    account_bank_statement_line,
    account_journal,
    account_move,
    account_move_line,
    res_company,
    res_partner,
    res_partner_bank,
)
