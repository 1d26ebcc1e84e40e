import base64
from io import BytesIO

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfFileReader, PdfReadError

from ..tools.letter_pdf import EngineError, join_sheets, number_sheets, print_letters

LETTER_TEMPLATE = "l10n_nl_dunning.dunning_letter"


class DunningNotice(models.Model):
    """Letters as PDF."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _render_letters(self, values=None):
        """Print the letters, each in the language of its recipient.

        :param dict values: what the letters say, where it is known already
        :return: a PDF for each letter, by id
        :rtype: dict[int, bytes]
        :raise UserError: when a letter cannot be printed
        """
        return {
            notice_id: join_sheets(sheets)
            for notice_id, sheets in self._render_sheets(values).items()
        }

    def _render_sheets(self, values=None):
        """Print the letters, numbered when they have several pages.

        :param dict values: what the letters say, where it is known already
        :return: the sheets of each letter, by id
        :rtype: dict[int, list]
        :raise UserError: when a letter cannot be printed
        """
        letters = self._print_pages(list(self._render_letter_pages(values).values()))
        return {
            notice.id: notice._number_sheets(sheets)
            for notice, sheets in zip(self, letters, strict=True)
        }

    @api.model
    def _print_pages(self, pages):
        """Print HTML pages that each are one letter.

        :return: for each letter its sheets
        :rtype: list[list]
        :raise UserError: when a letter cannot be printed
        """
        try:
            return print_letters(pages)
        except EngineError as error:
            raise UserError(
                self.env._(
                    "The letters cannot be turned into PDF, because the program "
                    "wkhtmltopdf on the server failed or is missing. Ask your "
                    "administrator. It said: %s",
                    error,
                )
            ) from error

    def _render_letter_pages(self, values=None):
        """Return the letters as HTML pages.

        :param dict values: what the letters say, where it is known already
        :rtype: dict[int, Markup]
        """
        letters = values or self._prepare_letter_values()
        self.line_ids.mapped("amount_paid")  # of all letters at once
        return {
            notice_id: Markup("<!DOCTYPE html>")
            + letter["notice"].env["ir.qweb"]._render(LETTER_TEMPLATE, letter)
            for notice_id, letter in letters.items()
        }

    def _number_sheets(self, sheets):
        """Stamp the page numbers on a letter of more than one page."""
        self.ensure_one()
        Notice = self.with_context(lang=self.lang or self._get_lang())
        return Notice._stamp_sheets(sheets, self.name)

    @api.model
    def _stamp_sheets(self, sheets, name):
        """Stamp a name and the page number on sheets, when there are several."""
        total = len(sheets)
        if total == 1:
            return sheets
        pages = [
            self.env._("Page %(number)s of %(total)s", number=number, total=total)
            for number in range(1, total + 1)
        ]
        labels = [" · ".join(filter(None, (name, page))) for page in pages]
        return number_sheets(sheets, labels)

    def _get_letters(self):
        """Return the letters as they were sent, the others as they would be today.

        :rtype: dict[int, bytes]
        """
        fresh = self.filtered(lambda notice: not notice.letter_id)
        letters = fresh._render_letters() if fresh else {}
        return {
            notice.id: letters.get(notice.id) or notice.letter_id.raw for notice in self
        }

    def _print_together(self):
        """Return one PDF of letters as they were sent, or as they would be today.

        :rtype: bytes
        """
        fresh = self.filtered(lambda notice: not notice.letter_id)
        sheets = fresh._render_sheets() if fresh else {}
        return join_sheets(
            sheet
            for notice in self
            for sheet in sheets.get(notice.id)
            or notice._read_sheets(notice.letter_id.raw)
        )

    def _get_letter_filename(self):
        """Return the name of the PDF file, such as `AM-2026-00012 Sommatie.pdf`."""
        self.ensure_one()
        notice = self.with_context(lang=self.lang or self._get_lang())
        name = f"{notice.name or notice.env._('Draft')} {notice.level_id.name or ''}"
        return f"{name.strip().replace('/', '-')}.pdf"

    def _get_invoices_to_attach(self):
        """Return the invoices of which a copy goes with the letter."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.level_id.attach_invoices)
        return lines.move_id.filtered(lambda move: move.is_invoice())

    def _get_invoice_pdfs(self):
        """Return the copies of invoices that go with these letters.

        :return: a list of (file name, content, attachment) by letter: either the
            attachment that was kept or what was printed is empty
        :rtype: dict[int, list]
        """
        moves = {notice.id: notice._get_invoices_to_attach() for notice in self}
        every_move = self.env["account.move"].union(*moves.values())
        printed = every_move._print_missing_invoices()
        no_attachment = self.env["ir.attachment"]
        return {
            notice_id: [
                (pdf.name, b"", pdf)
                if (pdf := move.invoice_pdf_report_id)
                else (move._get_invoice_report_filename(), printed[move], no_attachment)
                for move in notice_moves
            ]
            for notice_id, notice_moves in moves.items()
        }

    def _action_print_for_post(self):
        """Return one PDF with all letters that wait to be posted, invoices behind.

        :raise UserError: when there is nothing to print
        """
        notices = self.filtered(
            lambda notice: (
                notice.letter_id
                and notice.delivery_ids.filtered(
                    lambda delivery: (
                        delivery.state == "pending"
                        and delivery.channel in ("post", "registered")
                    )
                )
            )
        )
        if not notices:
            raise UserError(
                self.env._(
                    "There is nothing to print: none of these letters waits to be "
                    "posted."
                )
            )
        sheets = notices._collect_post()
        return self._download(self.env._("Letters to post"), join_sheets(sheets))

    def _collect_post(self):
        """Return the sheets of the letters, each followed by its invoices."""
        invoices = self._get_invoice_pdfs()
        sheets = []
        for notice in self:
            copies = [
                content or attachment.raw
                for _name, content, attachment in invoices[notice.id]
            ]
            for content in [notice.letter_id.raw, *copies]:
                sheets += notice._read_sheets(content)
        return sheets

    def _read_sheets(self, content):
        try:
            return list(PdfFileReader(BytesIO(content), strict=False).pages)
        except PdfReadError as error:
            raise UserError(
                self.env._(
                    "A PDF that goes with letter %s is damaged. Print the letter and "
                    "its invoices one by one.",
                    self.display_name,
                )
            ) from error

    def _download(self, name, content):
        """Return an action that downloads a PDF made for this user only."""
        Attachment = self.env["ir.attachment"]
        mark = {"res_model": "dunning.delivery", "res_id": 0, "name": f"{name}.pdf"}
        # The previous print of this user has served its purpose.
        Attachment.search(
            [(field, "=", value) for field, value in mark.items()]
            + [("create_uid", "=", self.env.uid)]
        ).unlink()
        attachment = Attachment.create(
            {**mark, "datas": base64.b64encode(content), "mimetype": "application/pdf"}
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }
