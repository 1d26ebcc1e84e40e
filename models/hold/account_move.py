from odoo import fields, models
from odoo.tools import format_date

from ...tools.groups import ACCOUNTING_GROUPS


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

    # === ACTION METHODS === #

    def action_dunning_pause(self):
        """Ask why and until when these invoices must not be dunned."""
        items = self.dunning_item_ids.filtered(lambda line: not line.reconciled)
        return items.action_dunning_pause()

    def action_dunning_end_pause(self):
        """Ask why the pause that is in force is over."""
        return self.dunning_hold_id.action_end()

    # === BUSINESS METHODS === #

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
