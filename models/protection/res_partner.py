from odoo import api, fields, models

from ...tools.groups import ACCOUNTING_GROUPS
from ..timeline.res_partner import Event


class ResPartner(models.Model):
    """Customers who are protected by law."""

    _inherit = "res.partner"

    dunning_protection_ids = fields.One2many(
        comodel_name="dunning.protection",
        inverse_name="partner_id",
        string="Protected statuses",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_protection_id = fields.Many2one(
        comodel_name="dunning.protection",
        string="Protected status",
        compute="_compute_dunning_protection_id",
        groups=ACCOUNTING_GROUPS,
        help="The status of this customer that is in force today.",
    )
    dunning_protection_text = fields.Char(
        compute="_compute_dunning_protection_text",
        string="What the status means",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "commercial_partner_id.dunning_protection_ids.ended_on",
        "commercial_partner_id.dunning_protection_ids.date_end",
    )
    def _compute_dunning_protection_id(self):
        for partner in self:
            statuses = partner.commercial_partner_id.dunning_protection_ids
            partner.dunning_protection_id = statuses._get_in_force()

    @api.depends("dunning_protection_id")
    @api.depends_context("lang")
    def _compute_dunning_protection_text(self):
        for partner in self:
            partner.dunning_protection_text = partner.dunning_protection_id.summary

    # === ACTION METHODS === #

    def action_protect_dunning(self):
        """Ask which protection the law gives this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Protected status"),
            "res_model": "dunning.protection",
            "view_mode": "form",
            "views": [
                (
                    self.env.ref("l10n_nl_dunning.dunning_protection_view_dialog").id,
                    "form",
                )
            ],
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def action_open_dunning_protection(self):
        """Open the status that is in force."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "dunning.protection",
            "res_id": self.dunning_protection_id.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _get_dunning_person(self):
        """Speak to the representative of a customer who may not be called."""
        status = self.dunning_protection_id
        if status.representative_id and not status._get_effect().calls:
            return status.representative_id
        return super()._get_dunning_person()

    def _get_dunning_events(self, company):
        """Tell protections, which count for every company, and their end."""
        # EXTENDS 'l10n_nl_dunning'
        events = super()._get_dunning_events(company)
        for protection in self.dunning_protection_ids:
            kinds = dict(protection._fields["kind"]._description_selection(self.env))
            event = Event(
                day=protection.date,
                kind="protection",
                title=kinds[protection.kind],
                detail=protection.reference or "",
                model="dunning.protection",
                record_id=protection.id,
                tone="danger",
            )
            events.append(event)
            if protection.ended_on:
                title = self.env._("%s ended", event.title)
                events.append(
                    event._replace(
                        day=protection.ended_on,
                        title=title,
                        detail=protection.end_reason or "",
                        tone="",
                    )
                )
        return events
