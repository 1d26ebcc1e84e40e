from odoo import api, fields, models

from ...tools.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """Invoices that are handed over to an agency."""

    _inherit = "account.move"

    dunning_handover_next = fields.Text(
        string="Before the handover",
        compute="_compute_dunning_handover_next",
        groups=ACCOUNTING_GROUPS,
        help="What still stands in the way of a handover to an agency.",
    )

    # === COMPUTE METHODS === #

    @api.depends("dunning_obstacle", "dunning_next_level_id")
    @api.depends_context("lang")
    def _compute_dunning_handover_next(self):
        """Say of what reached that level which condition is not met, each in a line."""
        reached = self.filtered(
            lambda move: (
                move.dunning_obstacle == "finished"
                and move.dunning_next_level_id.kind == "handover"
            )
        )
        self.dunning_handover_next = False
        items = reached.dunning_item_ids
        live = self.env["dunning.handover.item"].search(
            [("move_line_id", "in", items.ids), ("is_live", "=", True)]
        )
        handovers = {item.move_line_id: item.handover_id for item in live}
        agencies = self.env["dunning.agency"].search(
            [("company_id", "in", reached.company_id.ids)]
        )
        for move in reached:
            items = move.dunning_item_ids.filtered(lambda line: not line.reconciled)
            proposed = next((handovers[i] for i in items if i in handovers), None)
            if proposed:
                move.dunning_handover_next = move.env._(
                    "Handover %(name)s to %(agency)s waits for approval.",
                    name=proposed.name,
                    agency=proposed.agency_id.display_name,
                )
                continue
            own = agencies.filtered(
                lambda a, move=move: a.company_id == move.company_id
            )
            agency = own._pick(
                move.commercial_partner_id, sum(items.mapped("amount_residual"))
            )
            sentences = self.env["dunning.handover.rules"]._find_obstacles(
                items, agency
            )
            move.dunning_handover_next = "\n".join(sentences) or move.env._(
                "Nothing stands in the way: the next round proposes it."
            )

    # === ACTION METHODS === #

    def action_hand_over_dunning(self):
        """Propose to hand the open items of these invoices over to an agency."""
        items = self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        return items.action_hand_over_dunning()
