from odoo import fields, models

from ...tools.groups import ACCOUNTING_GROUPS
from ..timeline.res_partner import SHOWN_EVENTS, Event


class ResPartner(models.Model):
    """Contacts with a debtor."""

    _inherit = "res.partner"

    dunning_contact_count = fields.Integer(
        string="Contact moments",
        compute="_compute_dunning_contact_count",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    def _compute_dunning_contact_count(self):
        counts = dict(
            self.env["dunning.contact"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.dunning_contact_count = counts.get(partner.commercial_partner_id, 0)

    # === ACTION METHODS === #

    def action_open_dunning_contacts(self):
        """Open the contacts with this debtor."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_contact_action"
        )
        debtor = self.commercial_partner_id
        action["domain"] = [("partner_id", "=", debtor.id)]
        action["context"] = {"default_partner_id": debtor.id}
        return action

    # === BUSINESS METHODS === #

    def _get_dunning_phone(self, debtor):
        """Return the number of whom to speak to, else that of the debtor himself.

        :param debtor: the commercial partner; never called when somebody else
            represents him
        :rtype: str or bool
        """
        own = debtor if self.commercial_partner_id == debtor else self.browse()
        return self.phone or own.phone

    def _get_dunning_events(self, company):
        # EXTENDS 'l10n_nl_dunning'
        contacts = self.env["dunning.contact"].search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", self.id),
                ("outcome", "!=", "planned"),
            ],
            limit=SHOWN_EVENTS,
        )
        return super()._get_dunning_events(company) + [
            Event(
                day=contact._get_day(),
                kind="contact",
                title=contact.display_name,
                detail=" · ".join(
                    filter(
                        None,
                        (contact.reason_id.name, contact.note, contact.user_id.name),
                    )
                ),
                model="dunning.contact",
                record_id=contact.id,
                tone="success" if contact.outcome == "reached" else "",
            )
            for contact in contacts
        ]
