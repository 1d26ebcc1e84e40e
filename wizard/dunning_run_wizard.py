from odoo import api, fields, models


class DunningRunWizard(models.TransientModel):
    """Collects what a round is about; the round itself is the preview."""

    _name = "dunning.run.wizard"
    _description = "Start a dunning round"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    date = fields.Date(
        required=True, default=lambda self: self.env.company._get_dunning_today()
    )
    policy_ids = fields.Many2many(
        comodel_name="dunning.policy", string="Policies", check_company=True
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Debtors",
        check_company=True,
        domain="[('parent_id', '=', False)]",
    )
    bank_journal_ids = fields.Many2many(
        comodel_name="account.journal",
        string="Bank",
        compute="_compute_bank_journal_ids",
    )
    bank_warning = fields.Char(compute="_compute_bank_journal_ids")

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    def _compute_bank_journal_ids(self):
        for wizard in self:
            company = wizard.company_id
            wizard.bank_journal_ids = company._get_dunning_bank_journals()
            wizard.bank_warning = company._get_dunning_bank_warning()

    # === ACTION METHODS === #

    def action_look_ahead(self):
        """Show what would happen on this date without proposing anything."""
        self.ensure_one()
        return self.env["dunning.simulation"]._action_open(
            company_id=self.company_id.id,
            day=max(self.date, self.company_id._get_dunning_today()).isoformat(),
            partner_ids=self.partner_ids.ids,
        )

    def action_propose(self):
        """Propose the letters and open the round."""
        self.ensure_one()
        run = self.env["dunning.run"].propose(
            self.company_id,
            self.date,
            policies=self.policy_ids,
            partners=self.partner_ids,
        )
        return run.action_open()
