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
    dunning_term = fields.Selection(
        selection=[
            ("agreed", "Agreed with the customer"),
            ("printed", "Only on the invoice"),
            ("public", "Public body: thirty days"),
        ],
        string="Payment term",
        groups=ACCOUNTING_GROUPS,
        help="Whether the term on the invoice was agreed with this customer, which "
        "decides from when he is in default. Without a choice, what the settings say. "
        "A public body has thirty days, whatever is printed (article 6:119b BW).",
    )
