from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PaymentArrangementWizard(models.TransientModel):
    """Collects what an arrangement is about and shows its instalments in advance."""

    _name = "payment.arrangement.wizard"
    _inherit = ["payment.arrangement.terms"]
    _description = "Draw up a payment arrangement"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Debtor", required=True, readonly=True
    )
    replaces_id = fields.Many2one(
        comodel_name="payment.arrangement", string="In the place of", readonly=True
    )
    item_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="payment_arrangement_wizard_item_rel",
        string="Items",
        check_company=True,
        domain="[('partner_id.commercial_partner_id', '=', partner_id), "
        "('currency_id', '=', currency_id), "
        "('company_id', '=', company_id), ('account_type', '=', 'asset_receivable'), "
        "('parent_state', '=', 'posted'), ('reconciled', '=', False), "
        "('amount_residual', '>', 0)]",
    )
    first_date = fields.Date(
        default=lambda self: self.env.company._get_dunning_today() + timedelta(days=14)
    )
    with_interest = fields.Boolean(string="With interest up to today", default=True)
    with_costs = fields.Boolean(string="With collection costs", default=True)
    is_consumer = fields.Boolean(compute="_compute_is_consumer")
    amount_principal = fields.Monetary(string="Open", compute="_compute_preview")
    amount_interest = fields.Monetary(string="Interest", compute="_compute_preview")
    amount_costs = fields.Monetary(
        string="Collection costs", compute="_compute_preview"
    )
    amount_running = fields.Monetary(
        string="Interest in advance", compute="_compute_preview"
    )
    amount_total = fields.Monetary(string="Total", compute="_compute_preview")
    warning = fields.Char(compute="_compute_preview")
    preview_ids = fields.One2many(
        comodel_name="payment.arrangement.wizard.line",
        inverse_name="wizard_id",
        string="Instalments",
        compute="_compute_preview",
    )

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_is_consumer(self):
        consumers = self.partner_id._get_dunning_consumers()
        for wizard in self:
            wizard.is_consumer = wizard.partner_id.id in consumers

    @api.depends(
        "item_ids",
        "with_interest",
        "with_costs",
        "division",
        "instalment_count",
        "instalment_amount",
        "down_payment",
        "first_date",
        "rhythm",
        "month_day",
        "interest_policy",
    )
    def _compute_preview(self):
        """Show the claim and the instalments, or what is wrong with the terms."""
        for wizard in self:
            claims = wizard._preview_claim()
            wizard.update(
                {
                    "warning": False,
                    "amount_running": 0,
                    "preview_ids": [Command.clear()],
                }
            )
            try:
                wizard._preview_instalments(claims)
            except UserError as error:
                wizard.warning = str(error)

    def _preview_claim(self):
        """Show what is owed today, and return it by item."""
        self.ensure_one()
        Arrangement = self.env["payment.arrangement"]
        claims = Arrangement._prepare_items(
            self.item_ids._origin,
            self.company_id._get_dunning_today(),
            self.with_interest,
            self.with_costs,
        )
        for part in Arrangement._claim_parts():
            self[f"amount_{part}"] = sum(claim[part] for claim in claims)
        self.amount_total = self._get_claim_total()
        return claims

    def _preview_instalments(self, claims):
        """Show the instalments.

        :param list[dict] claims: what is owed, see `_prepare_items` of the arrangement
        :raise UserError: saying what is wrong with the items or the terms
        """
        self.ensure_one()
        Arrangement = self.env["payment.arrangement"]
        Arrangement._check_items(self.item_ids._origin)
        parts, running = Arrangement._get_parts(
            self,
            self.item_ids._origin,
            claims,
            self.company_id._get_dunning_today(),
        )
        self.amount_running = float(running)
        self.amount_total += float(running)
        self.preview_ids = [
            Command.create(
                {
                    "date": due,
                    "amount": float(amount),
                    "currency_id": self.currency_id.id,
                }
            )
            for due, amount in parts
        ]

    # === CRUD METHODS === #

    @api.model
    def default_get(self, fields_list):
        """Start from the invoices, items, debtor or letter that is open."""
        values = super().default_get(fields_list)
        items = self._get_default_items(values)
        if items:
            values.update(
                {
                    "company_id": items.company_id[:1].id,
                    "partner_id": items.partner_id.commercial_partner_id[:1].id,
                    "currency_id": items.currency_id[:1].id,
                    "item_ids": [Command.set(items.ids)],
                }
            )
        return values

    # === ACTION METHODS === #

    def action_draw_up(self):
        """Draw up the arrangement as a draft and open it."""
        self.ensure_one()
        arrangement = self.env["payment.arrangement"]._draw_up(
            self.item_ids, self, self.with_interest, self.with_costs
        )
        arrangement.replaces_id = self.replaces_id
        return arrangement.action_open()

    # === BUSINESS METHODS === #

    @api.model
    def _open_for(self, records):
        """Return the action that opens this wizard for some records."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Draw up a payment arrangement"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": records._name, "active_ids": records.ids},
        }

    @api.model
    def _get_default_items(self, values):
        """Return the open items that the wizard starts with.

        :raise UserError: when nothing is open
        """
        MoveLine = self.env["account.move.line"]
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids", [])
        if replaces_id := values.get("replaces_id"):
            replaced = self.env["payment.arrangement"].browse(replaces_id)
            field, ids = "id", replaced.item_ids.move_line_id.ids
        elif model == "dunning.notice":
            lines = self.env[model].browse(ids).line_ids.filtered("level_id")
            field, ids = "id", lines.move_line_id.ids
        elif model == "res.partner":
            field = "partner_id"
            ids = self.env[model].browse(ids).commercial_partner_id.ids
        else:
            field = {"account.move": "move_id", "account.move.line": "id"}.get(model)
        if not field:
            return MoveLine
        items = MoveLine.search(
            [*MoveLine._get_dunning_open_domain(), (field, "in", ids)]
        )
        if model == "res.partner":
            items = items.filtered(lambda line: line.company_id == self.env.company)
        elif not replaces_id:
            items |= items._get_dunning_charges_alone()
        self.env["payment.arrangement"]._check_items(items)
        return items

    def _get_claim_total(self):
        self.ensure_one()
        total = self.amount_principal + self.amount_interest + self.amount_costs
        return self.currency_id.round(total) if self.currency_id else Decimal()


class PaymentArrangementWizardLine(models.TransientModel):
    """An instalment in the preview."""

    _name = "payment.arrangement.wizard.line"
    _description = "Instalment in the preview of a payment arrangement"

    wizard_id = fields.Many2one(
        comodel_name="payment.arrangement.wizard", ondelete="cascade"
    )
    currency_id = fields.Many2one(comodel_name="res.currency")
    date = fields.Date(string="Due date")
    amount = fields.Monetary()
