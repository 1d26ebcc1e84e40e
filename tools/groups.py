ACCOUNTING_GROUPS = "account.group_account_readonly,account.group_account_invoice"
