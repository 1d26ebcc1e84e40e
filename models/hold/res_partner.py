from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...tools.actions import open_dialog, open_list
from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.sql import any_of
from ..timeline.res_partner import SHOWN_EVENTS


class ResPartner(models.Model):
    """Pauses of a customer."""

    _inherit = "res.partner"

    dunning_hold_ids = fields.One2many(
        comodel_name="dunning.hold",
        inverse_name="partner_id",
        string="Pauses",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_hold_count = fields.Integer(
        string="Number of pauses",
        compute="_compute_dunning_hold_count",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends("dunning_hold_ids.state")
    @api.depends_context("allowed_company_ids")
    def _compute_dunning_hold_count(self):
        """Count what is in force today."""
        counts = dict(
            self.env["dunning.hold"]._read_group(
                [
                    ("partner_id", "in", self.commercial_partner_id.ids),
                    ("state", "in", ("planned", "active")),
                ],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.dunning_hold_count = counts.get(partner.commercial_partner_id, 0)

    # === ACTION METHODS === #

    def action_dunning_pause(self):
        """Ask why and until when these customers must not be dunned."""
        return open_dialog(
            "dunning.hold.add",
            self.env._("Pause dunning"),
            default_partner_ids=self.commercial_partner_id.ids,
        )

    def action_open_dunning_holds(self):
        """Open the pauses of this customer."""
        self.ensure_one()
        return open_list(
            self.env,
            "dunning_hold_action",
            [("partner_id", "=", self.commercial_partner_id.id)],
        )

    # === BUSINESS METHODS === #

    def _take_dunning_turn(self):
        """Let one user or request at a time count or end what a customer has running.

        A lock alone would let the next one in with what it saw before. Writing makes
        it start anew, and see what the first one did.

        :raise UserError: while somebody else is busy
        """
        if self.try_lock_for_update(allow_referencing=True) != self:
            raise UserError(
                self.env._(
                    "Something else is being recorded here at this moment. Please try "
                    "again in a minute."
                )
            )
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET active = active WHERE id = %s",
                any_of(self._ids),
            )
        )

    def _get_dunning_events(self, company):
        """Tell each pause, and its end where it was ended."""
        # EXTENDS 'l10n_nl_dunning'
        holds = self.env["dunning.hold"].search(
            [("company_id", "=", company.id), ("partner_id", "=", self.id)],
            limit=SHOWN_EVENTS,
        )
        events = super()._get_dunning_events(company)
        for hold in holds:
            events += hold._get_events()
        return events
