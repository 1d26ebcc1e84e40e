from odoo import fields, models

from ...tools.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_policy_id = fields.Many2one(
        comodel_name="dunning.policy",
        string="Dunning policy",
        company_dependent=True,
        check_company=True,
        groups=ACCOUNTING_GROUPS,
        help="Policy for all invoices of this customer. Without one, the first policy "
        "that fits applies.",
    )
