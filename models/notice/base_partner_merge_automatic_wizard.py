from odoo import api, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Customers that were one all along: their letters become those of one debtor."""

    _inherit = "base.partner.merge.automatic.wizard"

    # === BUSINESS METHODS === #

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        # EXTENDS 'base'
        # sudo: who merges customers need not do the books
        Notice = self.env["dunning.notice"].sudo()
        Notice._merge_debtors(src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
