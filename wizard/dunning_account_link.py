from odoo import api, fields, models


class DunningAccountLink(models.TransientModel):
    """Shows the link to all that a customer owes, to copy it into a message."""

    _name = "dunning.account.link"
    _description = "Link to all that a customer owes"

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", required=True, readonly=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    url = fields.Char(string="Link", compute="_compute_url")
    days = fields.Integer(related="company_id.dunning_account_days")

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "company_id")
    def _compute_url(self):
        for wizard in self:
            debtor = wizard.partner_id.commercial_partner_id
            lang = self.env["res.lang"]._get_frontend().get(debtor.lang)
            prefix = f"/{lang.url_code}" if lang else ""
            path = debtor._get_dunning_account_url(wizard.company_id)
            wizard.url = f"{wizard.company_id.get_base_url()}{prefix}{path}"
