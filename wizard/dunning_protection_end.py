from odoo import api, fields, models


class DunningProtectionEnd(models.TransientModel):
    """Asks when and why a protected status ended."""

    _name = "dunning.protection.end"
    _description = "End a protected status"

    protection_id = fields.Many2one(
        comodel_name="dunning.protection", required=True, readonly=True
    )
    date = fields.Date(
        string="Ended on",
        required=True,
        default=lambda self: self.env.company._get_dunning_today(),
    )
    reason = fields.Char(required=True)
    exclude_items = fields.Boolean(
        string="Exclude what is open from dunning",
        compute="_compute_exclude_items",
        store=True,
        readonly=False,
        help="For debts that are no longer owed or cannot be recovered. Otherwise "
        "letters go out again from the next round on.",
    )

    # === COMPUTE METHODS === #

    @api.depends("protection_id")
    def _compute_exclude_items(self):
        for wizard in self:
            kind = wizard.protection_id.kind
            wizard.exclude_items = kind in ("bankruptcy", "debt_restructuring")

    # === ACTION METHODS === #

    def action_end(self):
        """End the status."""
        self.ensure_one()
        if self.exclude_items:
            self.protection_id._exclude_items()
        self.protection_id._end(self.date, self.reason)
        return {"type": "ir.actions.act_window_close"}
