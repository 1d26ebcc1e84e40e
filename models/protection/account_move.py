from odoo import api, fields, models

from ...tools.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """What the dunning tab says of a debtor who is protected by law."""

    _inherit = "account.move"

    dunning_protection_id = fields.Many2one(
        comodel_name="dunning.protection",
        string="Protected status",
        compute="_compute_dunning_protection_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_protection_text = fields.Char(
        compute="_compute_dunning_protection_text",
        compute_sudo=True,
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "dunning_protection_ids",
        "commercial_partner_id.dunning_protection_ids.ended_on",
        "commercial_partner_id.dunning_protection_ids.date_end",
    )
    def _compute_dunning_protection_id(self):
        for move in self:
            move.dunning_protection_id = move.dunning_protection_ids._get_in_force()

    @api.depends("dunning_protection_id")
    @api.depends_context("lang")
    def _compute_dunning_protection_text(self):
        for move in self:
            move.dunning_protection_text = move.dunning_protection_id.summary
