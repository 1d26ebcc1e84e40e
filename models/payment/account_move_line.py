from odoo import api, models

from ..demand.dunning_notice import ARRIVING_STATES


class AccountMoveLine(models.Model):
    """Items that a customer pays at once."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def reconcile(self):
        """Divide the payment of a choice as the law does."""
        # EXTENDS 'account'
        transaction_id = self.env.context.get("dunning_transaction_id")
        if not transaction_id:
            return super().reconcile()
        lines = self.with_context(dunning_transaction_id=False)
        transaction = self.env["payment.transaction"].browse(transaction_id)
        return transaction.with_env(lines.env)._reconcile_dunning(
            lines.filtered("move_id.origin_payment_id")
        )

    def _pay_dunning_part(self, line, amount):
        """Pay part of an item with this payment, and no more.

        Odoo itself always sets off as much as there is.

        :param line: the item
        :param float amount: the part of it
        """
        self.ensure_one()
        amount = min(amount, -self.amount_residual_currency)
        if line.currency_id != line.company_currency_id:
            (self | line).reconcile()
        elif line.currency_id.compare_amounts(amount, 0) > 0:
            amounts = ("amount", "debit_amount_currency", "credit_amount_currency")
            self.env["account.partial.reconcile"].create(
                {
                    "debit_move_id": line.id,
                    "credit_move_id": self.id,
                    **dict.fromkeys(amounts, amount),
                }
            )

    @api.model
    def _match_dunning_waiting(self, bank_lines, items):
        """A bank line that states the reference of a choice is for its items."""
        # EXTENDS 'l10n_nl_dunning'
        found = super()._match_dunning_waiting(bank_lines, items)
        Payment = self.env["dunning.payment"].sudo()  # the same for all who plan
        chosen = Payment._find_stated({line: line.text for line in bank_lines})
        wanted = {item.item_id for item in items}
        for line, choice in chosen.items():
            for key in wanted.intersection(choice.item_ids.ids):
                lines = {*found.get(key, ()), line}
                found[key] = [other for other in bank_lines if other in lines]
        return found

    def _get_dunning_claiming_notices(self, notice):
        """Return the letter that asked interest and costs of each of these items.

        :param notice: the letter that is being paid: it comes first
        :return: letters by id of the item; items without one are left out
        :rtype: dict[int, dunning.notice]
        """
        found = self.env["dunning.notice.line"].search(
            [
                ("move_line_id", "in", self.ids),
                ("state", "in", ARRIVING_STATES),
                ("is_limitation", "=", False),
            ],
            order="id",
        )
        claiming = found.filtered(
            lambda line: line.level_id and line.level_id._claims_besides()
        ).filtered(lambda line: line._is_own())
        claiming = claiming.sorted(lambda line: (line.notice_id == notice, line.id))
        return {line.move_line_id.id: line.notice_id for line in claiming}
