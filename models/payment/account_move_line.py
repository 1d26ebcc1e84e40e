from odoo import models

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
