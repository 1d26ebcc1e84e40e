from odoo import api, fields, models

from ..notice.dunning_notice import OPEN_STATES


class DunningNotice(models.Model):
    """What was waived of what a letter claims."""

    _inherit = "dunning.notice"

    waiver_ids = fields.Many2many(
        comodel_name="dunning.waiver", string="Waivers", compute="_compute_waiver_ids"
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.move_line_id.dunning_waiver_ids")
    def _compute_waiver_ids(self):
        for notice in self:
            items = notice.line_ids.filtered("level_id").move_line_id
            notice.waiver_ids = items.dunning_waiver_ids

    # === ACTION METHODS === #

    def action_waive(self):
        """Ask what is waived of the claim in these letters, and why."""
        items = self.line_ids.filtered("level_id").move_line_id
        return items.action_waive_dunning()

    # === BUSINESS METHODS === #

    def _get_charges(self):
        """Leave out what was waived after the letter was made, before it was sent."""
        charges = super()._get_charges()
        items = self.line_ids.move_line_id.filtered(lambda item: item.id in charges)
        waivers = items.dunning_waiver_ids.filtered(lambda waiver: not waiver.end_date)
        if not waivers:
            return charges
        day = self.date or self.company_id._get_dunning_today()
        levels = {line.move_line_id.id: line.level_id for line in self.line_ids}
        claims = items._get_dunning_item_claims(day, levels)
        for waiver in waivers:
            for item in waiver.item_ids & items:
                charges[item.id] = waiver._lower_charge(
                    charges[item.id], claims.get(item.id)
                )
        return {
            item_id: charge for item_id, charge in charges.items() if any(charge[1:])
        }

    @api.model
    def _work_out_proposals(self, items):
        """Work out again what proposed letters about some items ask for.

        :param items: the items (`account.move.line`)
        """
        lines = self.env["dunning.notice.line"].search(
            [("move_line_id", "in", items.ids), ("state", "in", OPEN_STATES)]
        )
        for company, notices in lines.notice_id.grouped("company_id").items():
            notices._work_out_claims(company._get_dunning_today())
