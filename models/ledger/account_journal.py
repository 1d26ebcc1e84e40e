from odoo import fields, models


class AccountJournal(models.Model):
    _inherit = "account.journal"

    dunning_bank_date = fields.Date(
        string="Bank up to date until",
        compute="_compute_dunning_bank_date",
        help="Date of the newest bank statement line.",
    )
    dunning_bank_is_stale = fields.Boolean(compute="_compute_dunning_bank_date")

    # === BUSINESS METHODS === #

    def _compute_dunning_bank_date(self):
        dates = dict(
            self.env["account.bank.statement.line"]._read_group(
                [("journal_id", "in", self.ids)], ["journal_id"], ["date:max"]
            )
        )
        for journal in self:
            newest = dates.get(journal._origin, False)
            journal.dunning_bank_date = newest
            journal.dunning_bank_is_stale = journal.company_id._is_dunning_bank_stale(
                newest
            )
