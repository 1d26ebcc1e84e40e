from collections import defaultdict

from odoo import api, fields, models


class DunningRunObstacle(models.Model):
    """The items that a round left alone for one reason."""

    _name = "dunning.run.obstacle"
    _description = "Items not dunned in a round"
    _order = "run_id, item_count desc, id"

    run_id = fields.Many2one(
        comodel_name="dunning.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    obstacle = fields.Selection(
        selection=lambda self: self.env["dunning.planner"]._get_selection(),
        string="Reason",
        required=True,
    )
    item_count = fields.Integer(string="Items")
    amount = fields.Monetary(help="Open amount in company currency.")
    # A list of ids: a row per item and round would be millions a year.
    item_data = fields.Json()

    # === BUSINESS METHODS === #

    def action_open_items(self):
        """Open the items that were left alone for this reason."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_item_action"
        )
        action["display_name"] = dict(
            self._fields["obstacle"]._description_selection(self.env)
        )[self.obstacle]
        action["domain"] = [("id", "in", self.item_data)]
        return action

    @api.model
    def _record(self, run, steps):
        """Count the items of a plan that get no letter, by reason.

        :param run: the round
        :param list[Step] steps: steps with an obstacle
        """
        items = defaultdict(list)
        for step in steps:
            items[step.obstacle].append(step.item)
        self.create(
            [
                {
                    "run_id": run.id,
                    "obstacle": obstacle,
                    "item_count": len(group),
                    "amount": sum(item.residual_company for item in group),
                    "item_data": [item.line_id for item in group],
                }
                for obstacle, group in items.items()
            ]
        )
