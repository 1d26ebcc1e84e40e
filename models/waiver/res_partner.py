from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    """Waive interest or costs of all that a customer owes."""

    _inherit = "res.partner"

    # === ACTION METHODS === #

    def action_waive_dunning(self):
        """Ask what is waived of the claim on this customer, and why.

        :raise UserError: when he owes nothing
        """
        MoveLine = self.env["account.move.line"]
        items = MoveLine.search(
            Domain(MoveLine._get_dunning_open_domain())
            & Domain("company_id", "=", self.env.company.id)
            & Domain("partner_id", "in", self.commercial_partner_id.ids)
        )
        if not items:
            raise UserError(self.env._("There is nothing open to waive anything of."))
        return items.action_waive_dunning()
