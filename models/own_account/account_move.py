from odoo import fields, models
from odoo.tools import SQL

from ...tools.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """The share of an invoice that is paid to a blocked account."""

    _inherit = "account.move"

    dunning_blocked_percent = fields.Float(
        string="Share for the blocked account (%)",
        groups=ACCOUNTING_GROUPS,
        help="The share of this invoice that is paid to your blocked account "
        "(g-rekening). Without one, the share of the customer.",
    )
    dunning_blocked_amount = fields.Monetary(
        string="Amount for the blocked account",
        groups=ACCOUNTING_GROUPS,
        help="The part of this invoice that is paid to your blocked account "
        "(g-rekening), instead of a share in percent.",
    )

    _check_dunning_blocked = models.Constraint(
        "CHECK(dunning_blocked_percent BETWEEN 0 AND 100 "
        "AND dunning_blocked_amount >= 0)",
        "The share for the blocked account is from 0 to 100 percent, and no less than "
        "nothing.",
    )

    # === BUSINESS METHODS === #

    def _get_dunning_blocked(self):
        """Return the part of this invoice that is for the blocked account.

        :rtype: float
        """
        self.ensure_one()
        move = self.sudo()  # the debtor who looks at his page may not read these
        if move.dunning_blocked_amount:
            return min(move.dunning_blocked_amount, move.amount_total)
        percent = (
            move.dunning_blocked_percent
            or move.commercial_partner_id.dunning_blocked_percent
        )
        return move.currency_id.round(move.amount_total * percent / 100)

    def _get_dunning_paid_to(self, account):
        """Return what was paid of these invoices to an account: one statement.

        :param account: the `res.partner.bank`
        :return: amounts by id of the invoice
        :rtype: dict[int, float]
        """
        self.env["account.partial.reconcile"].flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT debit.move_id, SUM(partial.debit_amount_currency)::float
                      FROM account_partial_reconcile partial
                      JOIN account_move_line debit ON debit.id = partial.debit_move_id
                      JOIN account_move_line credit
                        ON credit.id = partial.credit_move_id
                      JOIN account_journal journal ON journal.id = credit.journal_id
                     WHERE debit.move_id IN %s
                       AND journal.bank_account_id = %s
                  GROUP BY debit.move_id
                    """,
                    self._ids or (0,),
                    account.id,
                )
            )
        )
