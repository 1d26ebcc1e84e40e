from odoo import models

INVOICE_REPORT = "account.account_invoices"


class AccountMove(models.Model):
    _inherit = "account.move"

    # === BUSINESS METHODS === #

    def _print_missing_invoices(self):
        """Print those of these invoices of which no PDF was kept, in one go.

        They were sent in another way; a pro forma would be wrong beside a formal
        letter.

        :return: PDF by invoice
        :rtype: dict[account.move, bytes]
        """
        missing = self.filtered(lambda move: not move.invoice_pdf_report_id)
        if not missing:
            return {}
        Report = self.env["ir.actions.report"]
        content, kind = Report._pre_render_qweb_pdf(INVOICE_REPORT, missing.ids)
        by_id = Report._get_splitted_report(INVOICE_REPORT, content, kind)
        return {move: by_id[move.id] for move in missing}
