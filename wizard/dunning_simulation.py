from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..models.plan.plan_table import PlanTable


class DunningSimulation(models.TransientModel):
    """What would happen on a day: the plan of that day, and nothing is written."""

    _name = "dunning.simulation"
    _description = "Look ahead"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    day = fields.Date(
        required=True, default=lambda self: self.env.company._get_dunning_today()
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Debtors",
        check_company=True,
        domain="[('parent_id', '=', False)]",
    )
    letters = fields.Html(compute="_compute_tables", sanitize=False)
    obstacles = fields.Html(compute="_compute_tables", sanitize=False)
    is_future = fields.Boolean(compute="_compute_is_future")

    # === COMPUTE METHODS === #

    @api.depends("company_id", "day", "partner_ids")
    @api.depends_context("lang")
    def _compute_tables(self):
        for simulation in self:
            table = PlanTable(simulation.env, simulation.company_id.currency_id)
            steps = simulation._get_steps()
            simulation.letters = table.render_letters(steps)
            simulation.obstacles = table.render_obstacles(steps)

    @api.depends("company_id", "day")
    def _compute_is_future(self):
        for simulation in self:
            today = simulation.company_id._get_dunning_today()
            simulation.is_future = bool(simulation.day) and simulation.day > today

    # === CONSTRAINT METHODS === #

    @api.constrains("day")
    def _check_day(self):
        for simulation in self:
            if simulation.day < simulation.company_id._get_dunning_today():
                raise ValidationError(
                    self.env._(
                        "What is open on an earlier day is no longer known. Choose "
                        "today or a later date."
                    )
                )

    # === ACTION METHODS === #

    def action_open_items(self):
        """Open the items with their plan of that day, grouped by what stops them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_item_action"
        )
        domain = fields.Domain(self.env["account.move.line"]._get_dunning_open_domain())
        domain &= fields.Domain("company_id", "=", self.company_id.id)
        if self.partner_ids:
            domain &= fields.Domain(
                "partner_id.commercial_partner_id",
                "in",
                self.partner_ids.commercial_partner_id.ids,
            )
        action["display_name"] = self.env._(
            "Open items on %s", format_date(self.env, self.day, date_format="d MMMM y")
        )
        action["domain"] = list(domain)
        action["context"] = {
            "dunning_day": self.is_future and self.day.isoformat(),
            "search_default_group_obstacle": 1,
            "search_default_group_next_level": 2,
        }
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _action_open(self, **defaults):
        """Return the action that opens a look ahead with some values.

        :param defaults: values by field
        :rtype: dict
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_simulation_action"
        )
        action["context"] = {f"default_{key}": val for key, val in defaults.items()}
        return action

    def _get_steps(self):
        """Plan the day.

        :rtype: list[Step]
        """
        self.ensure_one()
        if not self.day:
            return []
        return self.env["account.move.line"]._plan_dunning(
            self.company_id, self.day, self.partner_ids.commercial_partner_id or None
        )
