import base64
from io import BytesIO

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.pdf import PdfFileWriter

from .letter_common import LetterCommon

REPORT = "l10n_nl_dunning.dunning_notice_report"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetterPrint(LetterCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls._get_level("reminder")
        cls.other = cls._create_debtor("Slagerij Vermeer B.V.")

    def _print_report(self, notices):
        Report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        return self._read(Report._render_qweb_pdf(REPORT, notices.ids)[0])

    def _issue(self, *notices):
        for notice in notices:
            notice._attach_letters()
            notice._set_pending()
            notice._send()

    def _add_invoice_pdf(self, notice):
        writer = PdfFileWriter()
        writer.addBlankPage(100, 100)
        stream = BytesIO()
        writer.write(stream)
        move = notice.line_ids.move_id
        move.invoice_pdf_report_file = base64.b64encode(stream.getvalue())
        move.invalidate_recordset(["invoice_pdf_report_id"])

    def test_report_prints_many_letters_in_their_order(self):
        first = self._create_letter((10, self.level))
        second = self._create_letter((20, self.level), partner=self.other)

        pages = self._print_report(second | first)

        self.assertEqual(len(pages), 2)
        self.assertIn("Slagerij Vermeer B.V.", pages[0])
        self.assertIn("Bakkerij De Gouden Aar B.V.", pages[1])

    def test_report_shows_a_sent_letter_as_it_was_sent(self):
        notice = self._create_letter((10, self.level))
        notice._attach_letters()
        self.debtor.name = "Heel anders B.V."

        [page] = self._print_report(notice)

        self.assertIn("Bakkerij De Gouden Aar B.V.", page)

    def test_sent_letters_and_proposals_are_printed_together(self):
        sent = self._create_letter((10, self.level))
        sent._attach_letters()
        long = self._create_long_letter(40, self.level, partner=self.other)

        pages = self._print_report(sent | long)

        self.assertIn("Bakkerij De Gouden Aar B.V.", pages[0])
        self.assertIn("Slagerij Vermeer B.V.", pages[1])
        self.assertIn("Pagina 1 van 2", pages[1])
        self.assertEqual(len(pages), 3)

    def test_report_can_be_shown_as_html(self):
        notice = self._create_letter((10, self.level))

        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            REPORT, notice.ids
        )

        self.assertIn(b"Bakkerij De Gouden Aar B.V.", html)
        self.assertNotIn(b"&lt;html", html)

    def test_file_name_says_which_letter_it_is(self):
        notice = self._create_letter((10, self.level))

        self.assertEqual(
            notice._get_letter_filename(),
            f"{notice.name.replace('/', '-')} Betalingsherinnering.pdf",
        )

    def test_post_is_one_file_with_each_letter_before_its_invoices(self):
        self.level.attach_invoices = True
        first = self._create_letter((10, self.level), by_email=False, by_post=True)
        second = self._create_letter(
            (20, self.level), by_email=False, by_post=True, partner=self.other
        )
        self._issue(first, second)
        for notice in first | second:
            self._add_invoice_pdf(notice)

        action = (first | second)._action_print_for_post()

        attachment_id = int(action["url"].split("/")[3].split("?")[0])
        pages = self._read(self.env["ir.attachment"].browse(attachment_id).raw)
        self.assertEqual([bool(page) for page in pages], [True, False] * 2)
        self.assertIn(first.name, pages[0])
        self.assertIn(second.name, pages[2])

    def test_post_leaves_no_files_behind(self):
        notice = self._create_letter((10, self.level), by_email=False, by_post=True)
        self._issue(notice)
        domain = [("res_model", "=", "dunning.delivery")]

        for _round in range(2):
            notice._action_print_for_post()

        self.assertEqual(self.env["ir.attachment"].search_count(domain), 1)

    def test_invoice_without_kept_pdf_goes_along_under_its_own_name(self):
        self.level.attach_invoices = True
        notice = self._create_letter((10, self.level))

        [(name, _content, attachment)] = notice._get_invoice_pdfs()[notice.id]

        self.assertFalse(attachment)
        self.assertNotIn("proforma", name)
        self.assertEqual(name, notice.line_ids.move_id._get_invoice_report_filename())

    def test_post_without_letters_is_refused(self):
        by_email = self._create_letter((10, self.level))
        self._issue(by_email)
        proposal = self._create_letter(
            (10, self.level),
            partner=self._create_debtor("Other"),
            issue=False,
            by_post=True,
        )

        with self.assertRaisesRegex(UserError, "nothing to print"):
            (by_email | proposal)._action_print_for_post()
