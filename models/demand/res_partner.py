from odoo import api, fields, models

from ...tools.actions import open_list
from ...tools.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    """What a customer still owes of interest and costs on invoices that he settled."""

    _inherit = "res.partner"

    dunning_amount_left = fields.Monetary(
        string="Interest and costs left",
        compute="_compute_dunning_amount_left",
        groups=ACCOUNTING_GROUPS,
        help="Interest and collection costs that letters asked and that are left after "
        "the invoices were settled.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("company", "allowed_company_ids")
    def _compute_dunning_amount_left(self):
        """Work out what is left of these customers together."""
        company = self.env.company
        lines = self._get_dunning_left_lines(company)
        by_item = lines.move_line_id._get_dunning_left(company._get_dunning_today())
        for partner in self:
            debtor = partner.commercial_partner_id._origin
            own = lines.filtered(
                lambda line, debtor=debtor: (
                    line.notice_id.partner_id.commercial_partner_id == debtor
                    and line._is_own()
                )
            )
            partner.dunning_amount_left = sum(
                item.currency_id._convert(
                    float(sum(by_item.get(item.id, ()))),
                    company.currency_id,
                    company,
                    company._get_dunning_today(),
                )
                for item in own.move_line_id
            )

    # === ACTION METHODS === #

    def action_open_dunning_left(self):
        """Open the letters of which something is left."""
        self.ensure_one()
        lines = self._get_dunning_left_lines(self.env.company)
        notices = lines.notice_id.filtered("amount_left")
        return open_list(self.env, "dunning_notice_action", [("id", "in", notices.ids)])

    # === BUSINESS METHODS === #

    def _get_dunning_left_lines(self, company):
        """Return what letters that claim something said about settled items.

        :param company: the `res.company` that claims
        :rtype: recordset of `dunning.notice.line`
        """
        lines = self.env["dunning.notice.line"].search(
            [
                ("notice_id.company_id", "=", company.id),
                ("notice_id.partner_id", "in", self.commercial_partner_id._origin.ids),
                ("state", "=", "sent"),
                ("level_id", "!=", False),
                ("move_line_id.reconciled", "=", True),
            ]
        )
        return lines.filtered(lambda line: line.level_id._claims_besides())
