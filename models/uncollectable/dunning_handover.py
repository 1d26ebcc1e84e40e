from odoo import models


class DunningHandover(models.Model):
    """What an agency cannot collect will not be paid: its VAT is asked back."""

    _inherit = "dunning.handover"

    # === BUSINESS METHODS === #

    def _move_to(self, state, **values):
        result = super()._move_to(state, **values)
        if state == "uncollectable":
            invoices = self.item_ids.move_line_id.move_id.filtered(
                lambda move: move.move_type == "out_invoice" and move.amount_residual
            )
            invoices._give_up_dunning()
        return result
