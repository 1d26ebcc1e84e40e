from io import BytesIO

from odoo import models

#: The report of dunning letters, which are printed by the hundred.
NOTICE_REPORT = "l10n_nl_dunning.report_dunning_notice"


#: Reports that are letters; their models know how to print them (`_get_letters`).
LETTER_REPORTS = (
    NOTICE_REPORT,
    "l10n_nl_dunning.report_dunning_protection",
    "l10n_nl_dunning.report_payment_arrangement",
)


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    # === BUSINESS METHODS === #

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """Put dunning letters into one file without making a file of each first."""
        # EXTENDS 'base'
        report = self._get_report(report_ref)
        if report.report_name != NOTICE_REPORT or len(set(res_ids or ())) < 2:
            return super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        notices = self.env[report.model].browse(dict.fromkeys(res_ids))
        return notices._print_together(), "pdf"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print dunning letters with their own engine call.

        A letter that was sent is shown as it was sent, never printed anew.
        """
        # EXTENDS 'base'
        report = self._get_report(report_ref)
        if report.report_name not in LETTER_REPORTS or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(
                report_ref, data, res_ids=res_ids
            )
        records = self.env[report.model].browse(dict.fromkeys(res_ids))
        return {
            record_id: {"stream": BytesIO(letter), "attachment": None}
            for record_id, letter in records._get_letters().items()
        }
