from odoo.tests import freeze_time, tagged
from odoo.tools import email_normalize_all

from .common import FIRST_REMINDER
from .ledger_common import LedgerCommon

LONG = "Stichting tot Beheer en Behoud van de Historische Molens " * 2


@tagged("post_install_l10n", "post_install", "-at_install")
class TestMasterData(LedgerCommon):
    """What people typed is read as far as it can be, and said by name where not."""

    def _send_letter(self):
        return self._send(FIRST_REMINDER).notice_ids

    # === NUMBERS === #

    def test_text_in_the_field_of_a_number_makes_no_business(self):
        for text in ("n.v.t.", "N.V.T", "-", "geen", "onbekend", "/", "0", "00000000"):
            with self.subTest(text=text):
                person = self._create_debtor("P", is_company=False)
                person.company_registry = text
                self.assertTrue(person.dunning_is_consumer)

    def test_text_in_the_field_of_the_vat_number_makes_no_business(self):
        person = self._create_debtor("P", is_company=False)
        person.flush_recordset()
        for text in ("n.v.t.", "geen btw", "0", "/"):
            with self.subTest(text=text):
                # As an import leaves it: the form would refuse it.
                self.env.cr.execute(
                    "UPDATE res_partner SET vat = %s WHERE id = %s", (text, person.id)
                )
                person.invalidate_recordset()
                self.assertTrue(person.dunning_is_consumer)

    def test_numbers_make_a_business(self):
        for values in (
            {"company_registry": "12345678"},
            {"company_registry": "KvK 12 34 56 78"},
            {"company_registry": "HRB 12345"},
            {"vat": "NL000099998B57"},
        ):
            with self.subTest(values=values):
                person = self._create_debtor("P", is_company=False, **values)
                self.assertFalse(person.dunning_is_consumer)

    def test_consumer_with_text_for_a_number_gets_the_ladder_of_consumers(self):
        person = self._create_debtor("P", is_company=False, company_registry="n.v.t.")
        self._create_due_invoice(100, partner=person)

        notice = self._send_letter()

        self.assertEqual(notice.level_id.policy_id, self.consumer_policy)

    # === E-MAIL === #

    def test_several_addresses_in_one_field_all_get_the_letter(self):
        for text in (
            "a@goudenaar.example; b@goudenaar.example",
            "a@goudenaar.example,b@goudenaar.example",
            "a@goudenaar.example / b@goudenaar.example",
            "Jan <a@goudenaar.example>\nb@goudenaar.example",
            "a@goudenaar.example.; b@goudenaar.example.",
        ):
            with self.subTest(text=text):
                debtor = self._create_debtor("Meer Adressen B.V.", email=text)
                self._create_due_invoice(100, partner=debtor)
                notice = self._send(FIRST_REMINDER, partners=debtor).notice_ids

                self.assertEqual(
                    email_normalize_all(notice.delivery_ids.mail_id.email_to),
                    ["a@goudenaar.example", "b@goudenaar.example"],
                )
                self.assertEqual(notice.state, "sent")

    def test_one_blacklisted_address_of_several_is_left_out(self):
        self.env["mail.blacklist"].create({"email": "a@goudenaar.example"})
        self.debtor.email = "a@goudenaar.example; b@goudenaar.example"
        self._create_due_invoice(100)

        notice = self._send_letter()

        self.assertEqual(
            email_normalize_all(notice.delivery_ids.mail_id.email_to),
            ["b@goudenaar.example"],
        )

    def test_own_address_at_the_customer_is_said_before_the_letter_leaves(self):
        self.debtor.email = "debiteuren@vandam.example"
        self._create_due_invoice(100)
        self._create_due_invoice(70, partner=self.other)

        notices = self._send_letter()

        own = notices.filtered(lambda n: n.partner_id == self.debtor)
        self.assertEqual(own.state, "draft")
        self.assertIn(self.debtor.name, own.error)
        self.assertEqual((notices - own).state, "sent")

    def test_own_address_beside_that_of_the_customer_is_left_out(self):
        self.debtor.email = "debiteuren@vandam.example; b@goudenaar.example"
        self._create_due_invoice(100)

        mail = self._send_letter().delivery_ids.mail_id

        self.assertEqual(email_normalize_all(mail.email_to), ["b@goudenaar.example"])

    # === POST === #

    def test_without_postal_code_nothing_is_posted(self):
        self.reminder.write({"by_email": False, "by_post": True})
        for zip_code in (False, " ", "-"):
            with self.subTest(zip=zip_code):
                debtor = self._create_debtor("Zonder", zip=zip_code)
                move = self._create_due_invoice(100, partner=debtor)
                self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "no_address")

    def test_level_by_mail_and_post_goes_by_mail_alone(self):
        self.reminder.by_post = True
        self.debtor.zip = "?"
        self._create_due_invoice(100)

        notice = self._send_letter()

        self.assertEqual(notice.delivery_ids.mapped("channel"), ["email"])

    def test_line_breaks_in_names_and_streets(self):
        self.debtor.write(
            {"name": "Bakkerij\nDe Gouden  Aar", "street": "Dorpsstraat 1\nPostbus 2"}
        )
        self._create_due_invoice(100)

        notice = self._send_letter()

        self.assertEqual(notice.state, "sent")
        self.assertEqual(
            notice._get_address_lines()[:4],
            ["Bakkerij", "De Gouden Aar", "Dorpsstraat 1", "Postbus 2"],
        )
        mail = notice.delivery_ids.mail_id
        self.assertNotIn("\n", mail.email_to)
        self.assertNotIn("\n", mail.subject)

    def test_names_of_a_hundred_and_twenty_characters(self):
        contact = self._create_contact(LONG)
        self.debtor.write({"name": LONG, "dunning_contact_id": contact.id})
        self._create_due_invoice(100)

        self.assertEqual(self._send_letter().state, "sent")

    def test_one_bad_record_never_stops_a_round(self):
        bad = [
            {"name": "\n", "email": "niet bekend"},
            {"name": LONG, "email": "a@x.example b@x.example", "zip": "-"},
            {"email": False, "street": False},
            {"email": "debiteuren@vandam.example"},
            {"email": "@", "zip": "1", "city": "\t"},
            {"lang": False, "country_id": False, "company_registry": "n.v.t."},
        ]
        for number, values in enumerate(bad):
            debtor = self._create_debtor(**{"name": f"Slecht {number}", **values})
            self._create_due_invoice(50, partner=debtor)
        self._create_due_invoice(100)

        notices = self._send_letter()

        good = notices.filtered(lambda n: n.partner_id == self.debtor)
        self.assertEqual(good.state, "sent")
        # Without e-mail some are to be posted; the others say what is wrong.
        for notice in notices.filtered(lambda n: n.state not in ("sent", "pending")):
            self.assertTrue(notice.error, notice.partner_id.name)

    def test_bad_record_says_by_name_what_is_missing(self):
        debtor = self._create_debtor("Kapot B.V.", email=False, zip=False)
        move = self._create_due_invoice(50, partner=debtor)
        item = self._get_item(move).with_context(lang="en_US", dunning_day="2026-11-05")

        with freeze_time(FIRST_REMINDER):
            self.assertIn("Kapot B.V.", item.dunning_lift)
