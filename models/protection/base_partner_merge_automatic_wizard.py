from odoo import api, models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """A customer has one protected status, so two of them need a decision."""

    _inherit = "base.partner.merge.automatic.wizard"

    # === BUSINESS METHODS === #

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS 'base'
        # sudo: who merges customers need not do the books
        Protection = self.env["dunning.protection"].sudo()
        statuses = Protection._get_open(src_partners | dst_partner)
        if len(statuses) > 1:
            raise UserError(
                self.env._(
                    "These customers each have a protected status: %s. End those that "
                    "do not hold for the merged customer first.",
                    ", ".join(statuses.mapped("display_name")),
                )
            )
        return super()._update_foreign_keys(src_partners, dst_partner)
