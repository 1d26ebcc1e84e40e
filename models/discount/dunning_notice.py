from odoo import models


class DunningNotice(models.Model):
    """A letter about the rest of an invoice that was paid too late for its discount."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _get_request(self, section, values):
        """Say why a rest is owed of what the debtor thinks that he paid."""
        # EXTENDS 'l10n_nl_dunning'
        paragraphs = super()._get_request(section, values)
        fmt = values["fmt"]
        items = section.lines.filtered(
            lambda line: line.move_id.invoice_payment_term_id.early_discount
        ).move_line_id
        told = [
            self._say(
                "discount_missed",
                invoice=item.move_id.name,
                last_day=fmt.date(item.discount_date),
                paid=fmt.date(paid_on),
            )
            for item in items.filtered("discount_date")
            if (paid_on := item._get_dunning_late_discount())
        ]
        return [*told, *paragraphs]
