from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _is_arrangeable(self):
        """Whether the item is open and in no arrangement that is offered or runs."""
        self.ensure_one()
        return (
            not self.reconciled
            and self.parent_state == "posted"
            and not self.dunning_arrangement_item_ids.filtered("is_live")
        )
