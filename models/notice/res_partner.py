from odoo import fields, models

from ...tools.actions import open_list
from ...tools.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_notice_count = fields.Integer(
        compute="_compute_dunning_notice_count", groups=ACCOUNTING_GROUPS
    )

    # === COMPUTE METHODS === #

    def _compute_dunning_notice_count(self):
        counts = dict(
            self.env["dunning.notice"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.dunning_notice_count = counts.get(partner.commercial_partner_id, 0)

    # === ACTION METHODS === #

    def action_open_dunning_notices(self):
        """Open the letters to this debtor."""
        self.ensure_one()
        return open_list(
            self.env,
            "dunning_notice_action",
            [("partner_id", "=", self.commercial_partner_id.id)],
        )
