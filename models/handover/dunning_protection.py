from odoo import api, models


class DunningProtection(models.Model):
    """A protected status after a handover: the agency must know it at once."""

    _inherit = "dunning.protection"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        statuses = super().create(vals_list)
        # sudo: it counts in every company
        handovers = (
            self.env["dunning.handover"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", statuses.partner_id.ids),
                    ("state", "in", ("sent", "accepted", "collecting")),
                ]
            )
        )
        by_debtor = {status.partner_id: status for status in statuses}
        for handover in handovers:
            handover = handover._in_agency_lang()
            status = by_debtor[handover.partner_id].with_env(handover.env)
            handover._tell_agency(
                handover.env._("Protected debtor in file %s", handover.name),
                status.summary,
            )
        return statuses
