from odoo import api, models


class DunningHold(models.Model):
    """A dispute after a handover: the agency must know the defence."""

    _inherit = "dunning.hold"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        for dispute in holds.filtered(lambda hold: hold.kind == "dispute"):
            # sudo: a debtor may have raised it on the portal
            Handover = self.env["dunning.handover"].sudo()
            for handover in Handover._get_of_items(dispute.move_line_ids):
                handover = handover._in_agency_lang()
                handover._tell_agency(
                    handover.env._("Dispute in file %s", handover.name),
                    handover.env._(
                        "The debtor disputes %(numbers)s: %(text)s",
                        numbers=", ".join(dispute.sudo().move_ids.mapped("name")),
                        text=dispute.note or dispute.category_id.name or "–",
                    ),
                )
        return holds
