from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_propose_daily = fields.Boolean(
        string="Propose letters every day",
        compute="_compute_dunning_propose_daily",
        store=True,
        readonly=False,
        help="Every day a round proposes the letters that are due. Levels marked as "
        "automatic are sent at once, the others wait for approval.",
    )

    # === BUSINESS METHODS === #

    @api.depends("account_fiscal_country_id")
    def _compute_dunning_propose_daily(self):
        """The ladders are for Dutch companies; others may switch the job on."""
        for company in self:
            country = company.account_fiscal_country_id
            company.dunning_propose_daily = country.code == "NL"
