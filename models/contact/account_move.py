from odoo import models


class AccountMove(models.Model):
    """Contacts about an invoice, on its dunning tab."""

    _inherit = "account.move"

    # === ACTION METHODS === #

    def action_record_dunning_contact(self):
        """Record a contact with the customer about this invoice."""
        self.ensure_one()
        return (
            self.env["dunning.contact"]
            .with_context(
                default_partner_id=self.commercial_partner_id.id,
                default_move_id=self.id,
            )
            .action_record()
        )
