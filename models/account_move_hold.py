from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import format_date

from .res_partner import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """Pauses on the dunning tab of an invoice."""

    _inherit = "account.move"

    dunning_hold_id = fields.Many2one(
        comodel_name="dunning.hold",
        string="Pause",
        compute="_compute_dunning_next",
        groups=ACCOUNTING_GROUPS,
        help="The pause that is in force today.",
    )
    dunning_hold_ids = fields.Many2many(
        comodel_name="dunning.hold",
        string="Pauses",
        compute="_compute_dunning_hold_ids",
        groups=ACCOUNTING_GROUPS,
        help="All pauses of this invoice or of the whole customer, also those that "
        "are over.",
    )

    # === COMPUTE METHODS === #

    @api.depends("dunning_item_ids", "commercial_partner_id")
    def _compute_dunning_hold_ids(self):
        """Read the holds of all these invoices together."""
        holds = self.env["dunning.hold"].search(
            Domain("company_id", "in", self.company_id.ids)
            & (
                Domain("move_line_ids", "in", self.dunning_item_ids.ids)
                | Domain("is_debtor_wide", "=", True)
                & Domain("partner_id", "in", self.commercial_partner_id.ids)
            )
        )
        for move in self:
            move.dunning_hold_ids = [
                Command.set(holds.filtered(move._is_dunning_held_by).ids)
            ]

    # === ACTION METHODS === #

    def action_dunning_pause(self):
        """Ask why and until when these invoices must not be dunned."""
        items = self.dunning_item_ids.filtered(lambda line: not line.reconciled)
        return items.action_dunning_pause()

    def action_dunning_end_pause(self):
        """Ask why the pause that is in force is over."""
        return self.dunning_hold_id.action_end()

    # === BUSINESS METHODS === #

    def _is_dunning_held_by(self, hold):
        """Whether a hold covers this invoice: an item of it, or the whole debtor."""
        self.ensure_one()
        if hold.is_debtor_wide:
            return (hold.company_id, hold.partner_id) == (
                self.company_id,
                self.commercial_partner_id,
            )
        return bool(hold.move_line_ids & self.dunning_item_ids)

    def _get_dunning_hold_terms(self):
        """Return what the sentence about a pause tells of it.

        :rtype: dict[str, str]
        """
        self.ensure_one()
        hold = self.dunning_hold_id
        if not hold:
            return {}
        return {
            "day": format_date(self.env, hold._get_last_day(), date_format="d MMMM y"),
            "reason": hold._get_kind_name(),
        }

    def _get_dunning_hold_note(self):
        """Return what was noted with the pause that is in force, in a line."""
        self.ensure_one()
        return " ".join((self.dunning_hold_id.note or "").split())
