from odoo import fields, models
from odoo.fields import Command


class DunningUncollectableLine(models.Model):
    """VAT of one tax that is asked back, or is due again, in a VAT return."""

    _name = "dunning.uncollectable.line"
    _description = "VAT on what was not paid"
    _order = "period desc, tax_id, id"

    record_id = fields.Many2one(
        comodel_name="dunning.uncollectable",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="record_id.company_id", store=True)
    currency_id = fields.Many2one(related="record_id.currency_id")
    move_id = fields.Many2one(related="record_id.move_id", store=True)
    partner_id = fields.Many2one(related="record_id.partner_id", store=True)
    date = fields.Date(related="record_id.date", store=True)
    period = fields.Char(related="record_id.period", store=True)
    entry_state = fields.Selection(related="record_id.entry_id.state", string="Entry")
    tax_id = fields.Many2one(
        comodel_name="account.tax", required=True, ondelete="restrict"
    )
    base = fields.Monetary(string="Taxable amount")
    vat = fields.Monetary(
        string="VAT", help="To be asked back; below zero where it is due again."
    )

    # === BUSINESS METHODS === #

    def _prepare_entry_lines(self, tax, is_refund, clearing):
        """Return the lines of an entry for one tax: in the boxes of the VAT return.

        The boxes are those of a credit note, or of an invoice where it is due again.

        :param tax: the `account.tax`
        :param bool is_refund: whether the VAT is asked back
        :param clearing: the `account.account` of VAT that the customer still owes
        :rtype: list[dict]
        """
        repartition = (
            tax.refund_repartition_line_ids
            if is_refund
            else tax.invoice_repartition_line_ids
        )
        on_base = repartition.filtered(lambda line: line.repartition_type == "base")
        on_tax = repartition.filtered(
            lambda line: line.repartition_type == "tax" and line.factor_percent > 0
        )[:1]
        base, vat = sum(self.mapped("base")), sum(self.mapped("vat"))
        numbers = ", ".join(self.move_id.mapped("name"))
        label = f"{tax.name}: {numbers}"
        return [
            {
                "name": label,
                "account_id": (on_tax.account_id or clearing).id,
                "balance": vat,
                "tax_tag_ids": [Command.set(on_tax.tag_ids.ids)],
            },
            {
                "name": label,
                "account_id": clearing.id,
                "balance": base,
                "tax_tag_ids": [Command.set(on_base.tag_ids.ids)],
            },
            {"name": label, "account_id": clearing.id, "balance": -base - vat},
        ]
