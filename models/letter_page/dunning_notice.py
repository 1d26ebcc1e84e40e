from io import BytesIO
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import PdfFileReader, PdfReadError

from ...tools.pdf import EngineError, join_sheets, number_sheets, print_letters

LETTER_TEMPLATE = "l10n_nl_dunning.dunning_letter"


class Sender(NamedTuple):
    """Whom a mail comes from."""

    author: models.BaseModel  # res.partner
    email: str


#: The styles that are tried one by one to keep a letter on one page.
SMALLER = ("dense", "dense tight")


class DunningNotice(models.Model):
    """The letter on paper and in the mail."""

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
        values = values or self._prepare_letter_values()
        letters = self._print_letters(values)
        for density in SMALLER:
            self.filtered(lambda notice: len(letters[notice.id]) == 2)._fit_one_page(
                values, letters, density
            )
        return {notice.id: notice._number_sheets(letters[notice.id]) for notice in self}

    def _print_letters(self, values):
        """Print the letters.

        :return: the sheets of each letter, by id
        :rtype: dict[int, list]
        """
        pages = self._render_letter_pages(values)
        return dict(zip(pages, self._print_pages(list(pages.values())), strict=True))

    def _fit_one_page(self, values, letters, density):
        """Set letters smaller that are just too long for one page.

        :param dict values: what the letters say, by id
        :param dict letters: their sheets by id, put in its place where it helps
        :param str density: the styles to try
        """
        larger = self.filtered(
            lambda notice: not values[notice.id]["density"].startswith(density)
        )
        if not larger:
            return
        smaller = {
            notice.id: values[notice.id] | {"density": density} for notice in larger
        }
        for notice_id, sheets in larger._print_letters(smaller).items():
            if len(sheets) == 1:
                letters[notice_id] = sheets

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

    def _get_invoice_pdfs(self):
        """Return the copies of invoices that go with these letters.

        :return: a list of (file name, content, attachment) by letter: either the
            attachment that was kept or what was printed is empty
        :rtype: dict[int, list]
        """
        moves = {notice.id: notice._get_invoices_to_attach() for notice in self}
        every_move = self.env["account.move"].union(*moves.values())
        printed = every_move._get_dunning_copies()
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

    # --- What goes along with the letter by e-mail.

    def _get_email_from(self):
        """Return the sender: who signs the letter, else the company."""
        self.ensure_one()
        partner = self._get_signatory().partner_id
        if not partner.email_normalized:
            partner = self.company_id.partner_id
        return Sender(partner, self._get_sender_address(partner))

    def _get_reply_addresses(self, senders):
        """Return where replies to the e-mails go.

        :param dict senders: the `Sender` of each letter
        :return: addresses by id of the letter
        :rtype: dict[int, str]
        """
        return self._notify_get_reply_to_batch(
            defaults={notice.id: sender.email for notice, sender in senders.items()},
            author_ids={
                notice.id: sender.author.id for notice, sender in senders.items()
            },
        )

    def _get_sender_address(self, partner):
        return partner.email_formatted or self.env.user.email_formatted

    def _prepare_email_values(self, letter):
        """Return what the e-mail says besides the letter.

        The pages of the invoices on the portal stand in for a payment link, which there
        is only for a letter about one invoice.

        :param dict letter: the values of the letter
        :rtype: dict
        """
        self.ensure_one()
        payment = letter["payment"]
        moves = self.line_ids.filtered("level_id").move_id
        online = []
        if payment["is_online"] and not payment["link"]:
            base = self.company_id.get_base_url()
            invoices = moves.filtered(lambda move: move.is_invoice())
            online = [
                (move.name, f"{base}{move.get_portal_url()}") for move in invoices
            ]
        return {
            "online": online,
            "is_posted": any(c.is_posted for c in self._get_chosen_channels()),
        }

    def _get_email_subject(self, letter):
        """Return the subject of the mail: that of the letter with its reference."""
        return f"{letter['subject']} ({self.name})"

    def _get_email_attachments(self):
        """Return the letter and the copies of its invoices, by letter.

        :return: `ir.attachment` by id of the letter
        :rtype: dict
        """
        invoices = self._get_invoice_pdfs()
        new = [
            {
                "name": name,
                "raw": content,
                "res_model": self._name,
                "res_id": notice_id,
            }
            for notice_id, files in invoices.items()
            for name, content, attachment in files
            if not attachment
        ]
        created = self.env["ir.attachment"].create(new)
        result = {}
        for notice in self:
            existing = [attachment for _n, _c, attachment in invoices[notice.id]]
            result[notice.id] = notice.letter_id.union(
                *existing,
                created.filtered(lambda file, notice=notice: file.res_id == notice.id),
            )
        return result
