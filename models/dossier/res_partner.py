from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.actions import open_list
from ...tools.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    """A dossier of all that a customer owes."""

    _inherit = "res.partner"

    dunning_dossier_count = fields.Integer(
        string="Number of dossiers",
        compute="_compute_dunning_dossier_count",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    def _compute_dunning_dossier_count(self):
        counts = dict(
            self.env["dunning.dossier"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.dunning_dossier_count = counts.get(partner.commercial_partner_id, 0)

    # === ACTION METHODS === #

    def action_make_dunning_dossier(self):
        """Make a dossier of all that these customers owe this company today."""
        company = self.env.company
        items = self.env["account.move.line"].search(
            self._get_dunning_claim_domain(company, company._get_dunning_today())
        )
        if not items:
            raise UserError(
                self.env._(
                    "Nothing is overdue here: there is no claim to make a dossier of. "
                    "Choose invoices to make one of these."
                )
            )
        return items.action_make_dunning_dossier()

    def action_open_dunning_dossiers(self):
        """Open the dossiers of this customer."""
        self.ensure_one()
        return open_list(
            self.env,
            "dunning_dossier_action",
            [("partner_id", "=", self.commercial_partner_id.id)],
        )
