from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Credit notes on invoices over which interest and costs were charged."""

    _inherit = "account.partial.reconcile"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Have somebody look at charges over what is credited after them."""
        # EXTENDS 'account'
        partials = super().create(vals_list)
        credited = partials.filtered(
            lambda partial: partial.credit_move_id.move_type == "out_refund"
        ).debit_move_id
        if credited:
            credited._check_dunning_charges()
        return partials
