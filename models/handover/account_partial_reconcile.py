from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Money that comes in after a handover: the agency hears of it the same day."""

    _inherit = "account.partial.reconcile"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'account'
        partials = super().create(vals_list)
        partials._tell_dunning_agencies()
        return partials

    # === BUSINESS METHODS === #

    def _tell_dunning_agencies(self):
        # sudo: whoever reconciles, a job or a payment provider too
        items = (
            self.env["dunning.handover.item"]
            .sudo()
            .search(
                [
                    ("move_line_id", "in", self.debit_move_id.ids),
                    ("handover_id.state", "in", ("sent", "accepted", "collecting")),
                ]
            )
        )
        handovers = {item.move_line_id: item.handover_id for item in items}
        for partial in self.sudo():  # the same
            if handover := handovers.get(partial.debit_move_id):
                handover._tell_payment(
                    partial.debit_move_id,
                    partial.debit_amount_currency,
                    partial.credit_move_id.date,
                )
