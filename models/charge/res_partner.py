from odoo import api, models


class ResPartner(models.Model):
    """What was charged, in the time line of a debtor."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    @api.model
    def _tell_dunning_entry(self, move, amount):
        # EXTENDS 'l10n_nl_dunning'
        kind, title, tone = super()._tell_dunning_entry(move, amount)
        if not move.dunning_charge_notice_id:
            return kind, title, tone
        if move.move_type == "out_refund":
            return "charge", self.env._("Charge taken back"), "warning"
        return "charge", self.env._("Interest and costs charged"), tone
