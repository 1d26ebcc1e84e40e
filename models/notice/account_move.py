from odoo import fields, models

from ...tools.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_notice_line_ids = fields.One2many(
        comodel_name="dunning.notice.line",
        inverse_name="move_id",
        string="Letters",
        groups=ACCOUNTING_GROUPS,
    )
