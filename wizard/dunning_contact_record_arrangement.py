from odoo import models


class DunningContactRecord(models.TransientModel):
    """The debtor wants to pay in instalments."""

    _inherit = "dunning.contact.record"

    # === ACTION METHODS === #

    def action_arrange(self):
        """Record the contact and draw up an arrangement."""
        self.ensure_one()
        items = self.move_line_ids
        return self._record() or self.env["payment.arrangement.wizard"]._open_for(items)
