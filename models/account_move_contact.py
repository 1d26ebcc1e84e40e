from odoo import api, fields, models

from .res_partner import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """Contacts about an invoice, on its dunning tab."""

    _inherit = "account.move"

    dunning_contact_ids = fields.Many2many(
        comodel_name="dunning.contact",
        string="Contact moments",
        compute="_compute_dunning_contact_ids",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids")
    def _compute_dunning_contact_ids(self):
        contacts = self.env["dunning.contact"].search(
            [("move_line_ids.move_id", "in", self.ids)]
        )
        for move in self:
            move.dunning_contact_ids = contacts.filtered(
                lambda contact, move=move: move in contact.move_line_ids.move_id
            )

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
