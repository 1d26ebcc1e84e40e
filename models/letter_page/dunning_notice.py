import base64
from io import BytesIO
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_repr
from odoo.tools.pdf import PdfFileReader, PdfReadError

from ...tools.pdf import EngineError, join_sheets, number_sheets, print_letters
from ...tools.qr_code import QrCode
from ..letter.letter_format import format_account

#: Half the room of a bank transfer, so that the code stays coarse enough to scan.
REFERENCE_SIZE = 70


#: Nobody types more references than this from paper.
PRINTED_REFERENCES = 4


LETTER_TEMPLATE = "l10n_nl_dunning.dunning_letter"


class Sender(NamedTuple):
    """Whom a mail comes from."""

    author: models.BaseModel  # res.partner
    email: str


#: The styles that are tried one by one to keep a letter on one page.
SMALLER = ("dense", "dense tight")


class DunningNotice(models.Model):
    """How the debtor can pay: account, reference, code to scan, link."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _prepare_payment(self, values, shared):
        """Return how the claim can be paid.

        :param dict values: the values of the letter so far
        :param dict shared: what all letters need
        :rtype: dict
        """
        self.ensure_one()
        is_online = shared["online"][self.company_id]
        # No union: its records would be read from the database for each letter.
        moves = [
            move for section in values["sections"] for move in section.lines.move_id
        ]
        return {
            **self._prepare_transfer(moves, self.amount_claim, shared["scannable"]),
            "is_online": is_online,
            "link": is_online and self._get_payment_link(),
        }

    def _prepare_transfer(self, moves, amount, scannable=None, bank=None):
        """Return what a bank transfer needs: account, reference, code to scan.

        :param moves: the invoices to pay, in the order in which they are referred to:
            records or a list of them
        :param float amount: what is to be paid
        :param dict scannable: whether there is a code to scan, as far as it was found
            out, by account and currency
        :param bank: the account to pay to, where it is not that of the letter's items
        :rtype: dict
        """
        self.ensure_one()
        scannable = {} if scannable is None else scannable
        bank = bank or self._get_bank_account()
        is_iban = bank.acc_type == "iban"
        references = self._get_payment_references(moves)
        printed = references[:1] if len(references) > PRINTED_REFERENCES else references
        return {
            "account": bank.acc_number
            and (format_account(bank.acc_number) if is_iban else bank.acc_number),
            "bic": bank.bank_bic,
            "holder": bank.acc_holder_name or self.company_id.name,
            "reference": ", ".join(printed),
            "qr": self._get_payment_qr(bank, " ".join(references), amount, scannable),
        }

    def _get_bank_account(self):
        """Return the account that the invoices ask to pay to."""
        moves = self.line_ids.filtered("level_id").move_id
        return self.company_id._get_dunning_bank_account(moves)

    def _get_payment_references(self, moves):
        """Return what the debtor should state: the letter and its invoices.

        The payment references of the invoices are what the bank reconciliation looks
        for. There is room for so many; a reference is never cut in two.

        :rtype: list[str]
        """
        references = [self.name]
        for move in moves:
            references += self._get_move_references(move)
        references = list(dict.fromkeys(filter(None, references)))
        while len(" ".join(references)) > REFERENCE_SIZE:
            references.pop()
        return references

    def _get_move_references(self, move):
        """Return by what the debtor knows what he has to pay of an entry.

        An entry with opening balances may hold those of others too.

        :rtype: list[str]
        """
        if move.is_invoice(include_receipts=True):
            return [move.payment_reference or move.name]
        lines = self.line_ids.filtered(lambda line: line.move_id == move)
        return lines.filtered("level_id").mapped("move_name")

    def _get_payment_qr(self, bank, reference, amount, scannable):
        """Return the code that a bank app can scan.

        :return: `QrCode`, or False when Odoo cannot make the code
        """
        key = bank, self.currency_id
        if key not in scannable:
            scannable[key] = self._is_scannable(bank)
        if not scannable[key]:
            return False
        text = bank._get_qr_code_generation_params(
            "sct_qr",
            float(float_repr(amount, self.currency_id.decimal_places)),
            self.currency_id,
            self.partner_id,
            reference,
            "",
        )["value"]
        return QrCode(text)

    def _is_scannable(self, bank):
        """Whether Odoo makes codes for transfers to an account in this currency."""
        methods = dict(bank.get_available_qr_methods_in_sequence())
        return "sct_qr" in methods and bool(
            bank._build_qr_code_vals(
                1, "", "", self.currency_id, self.partner_id, qr_method="sct_qr"
            )
        )

    def _get_payment_link(self):
        """Return a link to pay online what the letter claims.

        A link is signed for one invoice and its amount, so there is one only when the
        letter claims exactly that. A proposal gets none: each link is a row.
        """
        moves = self.line_ids.move_id
        if not self.name or len(moves) != 1 or not moves._has_to_be_paid():
            return False
        if self.currency_id.compare_amounts(self.amount_claim, moves.amount_residual):
            return False
        # sudo: the row behind the link belongs to no accountant
        return moves.sudo()._get_portal_payment_link()

    # --- Letters as PDF.

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
            "page": self._get_portal_page(),
            "is_posted": self.by_post or self.by_registered,
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
