from odoo import api, fields, models

from ...tools.groups import ACCOUNTING_GROUPS
from .dunning_hold import FAILED_RESULTS


class ResPartner(models.Model):
    """What a customer's word was worth so far."""

    _inherit = "res.partner"

    dunning_broken_promise_count = fields.Integer(
        string="Broken promises to pay",
        compute="_compute_dunning_broken_promise_count",
        groups=ACCOUNTING_GROUPS,
        help="Promises to pay that were not kept, or kept in part only.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("allowed_company_ids")
    def _compute_dunning_broken_promise_count(self):
        counts = dict(
            self.env["dunning.hold"]._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("promise_result", "in", FAILED_RESULTS),
                    ("company_id", "in", self.env.companies.ids),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            debtor = partner.commercial_partner_id._origin
            partner.dunning_broken_promise_count = counts.get(debtor, 0)

    # === ACTION METHODS === #

    def action_open_dunning_promises(self):
        """Open the promises of this debtor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_promise_action"
        )
        action["domain"] = [
            ("promise_date", "!=", False),
            ("partner_id", "=", self.commercial_partner_id.id),
        ]
        return action
