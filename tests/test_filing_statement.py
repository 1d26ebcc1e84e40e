from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .letter_common import LetterCommon
from .protection_common import LATER, ProtectionCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestProtectionStatement(ProtectionCommon, LetterCommon):
    """The statement of claim, and letters to a representative."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor.write({"dunning_interest_percent": 10, "ref": "D-10432"})

    def _print_statement(self, protection, day=LATER):
        with freeze_time(day):
            return self._read(protection._get_letters()[protection.id])

    def test_dutch_statement_in_a_bankruptcy(self):
        # 1.00 a day over 9 days, and 0.10 a day over 4: the day of the order counts
        # from its first hour (23 Fw). Of the first, 80 are set off: 9 days over 3,570.
        self._create_due_invoice(3650)
        self._create_due_invoice(365, due=date(2026, 11, 7))
        self._create_due_invoice(80, move_type="out_refund")
        protection = self._protect("bankruptcy", reference="F.16/26/318")

        [page] = self._print_statement(protection)

        for text in (
            "Mr. A.J. van Loon curator in het faillissement van Bakkerij De Gouden "
            "Aar B.V. Postbus 412 3500 AK UTRECHT",
            "F.16/26/318",
            "D-10432",
            "Indiening van onze vordering in het faillissement van Bakkerij",
            "Op 12 november 2026 is Bakkerij De Gouden Aar B.V. failliet verklaard",
            "€ 3.570,00 03-11-2026 11-11-2026 9 10,00% € 8,80",
            "08-11-2026 11-11-2026 4 10,00% € 0,40",
            "Totaal € 3.935,00 € 9,20 € 0,00 € 0,00 € 3.944,20",
            "NL91 ABNA 0417 1643 00",
            "Plaats en datum",
            "Handtekening",
            "Bijlagen, kopieën van:",
        ):
            self.assertIn(text, page)

    def test_english_statement_for_the_heirs(self):
        self.debtor.lang = "en_US"
        self._create_due_invoice(3650)
        protection = self._protect("deceased", representative_id=False)

        [page] = self._print_statement(protection)

        # Interest runs on: 28 days up to the day of the statement.
        for text in (
            "The heirs of Bakkerij De Gouden Aar B.V. Dorpsstraat 1",
            "Please accept our condolences",
            "Total € 3,650.00 € 28.00 € 0.00 € 0.00 € 3,678.00",
        ):
            self.assertIn(text, page)

    def test_debts_from_after_the_ruling_are_left_out(self):
        old = self._create_due_invoice(3650)
        new = self._create_due_invoice(100, invoice_date=date(2026, 11, 12))
        protection = self._protect("moratorium")

        [page] = self._print_statement(protection)

        self.assertIn(old.name, page)
        self.assertNotIn(new.name, page)

    def test_what_was_received_later_is_taken_off(self):
        move = self._create_due_invoice(3650)
        protection = self._protect("bankruptcy")
        self._pay(move, 1000, day=date(2026, 11, 20))

        [page] = self._print_statement(protection)

        self.assertIn("Totaal € 3.650,00 € 9,00 € 0,00 € 0,00 € 3.659,00", page)
        self.assertIn("Ontvangen na 12 november 2026 € -1.000,00", page)
        self.assertIn("Onze vordering € 2.659,00", page)

    def test_statement_is_kept(self):
        self._create_due_invoice()
        protection = self._protect("bankruptcy")

        with freeze_time(LATER):
            action = protection.action_print_statement()

        attachment = protection.message_ids.attachment_ids
        self.assertIn(f"/{attachment.id}?", action["url"])
        self.assertEqual(attachment.company_id, self.company)
        self.assertTrue(attachment.raw.startswith(b"%PDF"))

    def test_statement_needs_a_claim_and_somebody_to_file_it_with(self):
        protection = self._protect("bankruptcy", representative_id=False)
        with self.assertRaisesRegex(UserError, "choose the trustee"):
            protection._get_letters()

        protection.representative_id = self.trustee
        with self.assertRaisesRegex(UserError, "nothing on that day"):
            protection._get_letters()

        self._create_due_invoice()
        with self.assertRaisesRegex(UserError, "No claim is filed"):
            self._protect("administration")._get_letters()

    def test_statement_lists_the_claim_of_one_company(self):
        other = self.setup_other_company()["company"]
        move = self._create_due_invoice(100)
        theirs = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.debtor.id,
                    "invoice_date": date(2026, 10, 1),
                    "name": "OTHER/2026/0001",
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Chair", "price_unit": 10, "tax_ids": []}
                        )
                    ],
                }
            )
        )
        theirs.action_post()
        protection = self._protect("bankruptcy")

        [page] = self._print_statement(protection)

        self.assertIn(move.name, page)
        self.assertNotIn("OTHER/2026/0001", page)

    def test_letter_to_an_administrator_names_the_capacity(self):
        self._create_due_invoice()
        self._protect("administration")
        with freeze_time(LATER):
            notice = self._propose(LATER).notice_ids

            [page] = self._print(notice)

        self.assertIn(
            "Mr. A.J. van Loon bewindvoerder van Bakkerij De Gouden Aar B.V. Postbus",
            page,
        )
        self.assertIn(
            "In uw hoedanigheid van bewindvoerder over de goederen van Bakkerij De "
            "Gouden Aar B.V. schrijven wij u over de vordering op Bakkerij De Gouden "
            "Aar B.V.",
            page,
        )
        self.assertIn("Geachte Mr. A.J. van Loon", page)
