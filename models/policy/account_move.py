from odoo import fields, models

from ...tools.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    _inherit = "account.move"

    dunning_policy_id = fields.Many2one(
        comodel_name="dunning.policy",
        string="Dunning policy",
        check_company=True,
        copy=False,
        index="btree_not_null",
        groups=ACCOUNTING_GROUPS,
        help="Policy for this invoice. Without one, that of the customer applies, or "
        "the first that fits.",
    )
