from odoo import api, fields, models

from ..tools.claim_table import ClaimTable


class DunningNotice(models.Model):
    """How the claim of a letter came about, to read years later."""

    _inherit = "dunning.notice"

    claim_specification = fields.Html(
        string="Specification", compute="_compute_claim_specification"
    )

    # === COMPUTE METHODS === #

    @api.depends("claim_data", "currency_id")
    @api.depends_context("lang")
    def _compute_claim_specification(self):
        """Tell what was kept with the letter, and nothing else."""
        for notice in self:
            items = (notice.claim_data or {}).get("items", [])
            table = ClaimTable(self.env, notice.currency_id)
            notice.claim_specification = any(
                item["segments"] or item["payments"] or float(item["costs"])
                for item in items
            ) and table.render([notice._specify_item(item, table) for item in items])

    # === BUSINESS METHODS === #

    @api.model
    def _specify_item(self, item, table):
        """Return what the specification tells of one item.

        :param dict item: the item as it was kept with the letter
        :param ClaimTable table: the table that is made
        :rtype: dict
        """
        payments = [
            (self.env._("Paid on %s", table.day(day)), f"-{amount}")
            for day, amount in item["payments"]
        ]
        disputed = item.get("disputed", "0")
        if float(disputed):
            payments.append((self.env._("Disputed, not claimed"), f"-{disputed}"))
        totals = [
            (self.env._("Charged before"), f"-{item.get('charged_interest', 0)}"),
            (self.env._("Interest"), item["interest"]),
            (self.env._("Collection costs"), item["costs"]),
            (self.env._("VAT on costs"), item["vat"]),
        ]
        return {
            "title": item["number"],
            "lines": [(self.env._("Principal"), item["principal"]), *payments],
            "segments": item["segments"],
            "totals": [total for total in totals if float(total[1])],
        }
