from odoo.tests import freeze_time, tagged
from odoo.tools import email_normalize_all

from .common import FIRST_REMINDER
from .ledger_common import LedgerCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCopies(LedgerCommon):
    """Branches with invoices of their own all get the letter: one, with copies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a, cls.b, cls.c = (
            cls._create_debtor(
                name,
                is_company=False,
                parent_id=cls.debtor.id,
                type="invoice",
                email=f"{name.lower()}@goudenaar.example",
            )
            for name in "ABC"
        )

    def _send_mail(self):
        """Send the letter and return whom its mail goes to, and in copy."""
        notice = self._send(FIRST_REMINDER).notice_ids
        [mail] = notice.delivery_ids.mail_id
        return email_normalize_all(mail.email_to), email_normalize_all(mail.email_cc)

    def test_each_branch_with_an_invoice_gets_the_letter(self):
        for branch in (self.a, self.b):
            self._create_due_invoice(100, partner=branch)

        to, copies = self._send_mail()

        # C has no invoice in it.
        self.assertEqual(to, ["a@goudenaar.example"])
        self.assertEqual(copies, ["b@goudenaar.example"])

    def test_delivery_keeps_who_got_a_copy(self):
        for branch in (self.a, self.b, self.c):
            self._create_due_invoice(100, partner=branch)

        self._send_mail()

        delivery = self.env["dunning.delivery"].search([])
        self.assertEqual(
            email_normalize_all(delivery.address_cc),
            ["b@goudenaar.example", "c@goudenaar.example"],
        )

    def test_no_copies_for_a_customer_who_wants_none(self):
        self.debtor.dunning_copies = "none"
        for branch in (self.a, self.b):
            self._create_due_invoice(100, partner=branch)

        self.assertEqual(self._send_mail(), (["a@goudenaar.example"], []))

    def test_no_copies_as_in_the_settings_but_for_who_wants_them(self):
        self.company.dunning_copies = "none"
        for branch in (self.a, self.b):
            self._create_due_invoice(100, partner=branch)
        notice = self._propose(FIRST_REMINDER).notice_ids
        self.assertFalse(notice.email_cc)

        self.debtor.dunning_copies = "cc"

        self.assertIn("b@goudenaar.example", notice.email_cc)

    def test_same_address_gets_one_mail(self):
        self.b.email = "A@goudenaar.example"
        for branch in (self.a, self.b):
            self._create_due_invoice(100, partner=branch)

        self.assertEqual(self._send_mail(), (["a@goudenaar.example"], []))

    def test_archived_branch_gets_no_copy(self):
        for branch in (self.a, self.b):
            self._create_due_invoice(100, partner=branch)
        self.b.active = False

        self.assertEqual(self._send_mail(), (["a@goudenaar.example"], []))

    def test_paid_branch_gets_no_copy(self):
        self._create_due_invoice(100, partner=self.a)
        self._pay(self._create_due_invoice(100, partner=self.b))

        self.assertEqual(self._send_mail(), (["a@goudenaar.example"], []))

    def test_blacklisted_branch_gets_no_copy(self):
        self.env["mail.blacklist"].create({"email": "b@goudenaar.example"})
        for branch in (self.a, self.b, self.c):
            self._create_due_invoice(100, partner=branch)

        self.assertEqual(
            self._send_mail(), (["a@goudenaar.example"], ["c@goudenaar.example"])
        )

    def test_who_represents_the_debtor_is_written_to_alone(self):
        representative = self._create_debtor("Bewindvoerder", email="bw@bw.example")
        for branch in (self.a, self.b):
            self._create_due_invoice(100, partner=branch)
        self.env["dunning.protection"].create(
            {
                "partner_id": self.debtor.id,
                "kind": "administration",
                "date": "2026-09-01",
                "representative_id": representative.id,
            }
        )

        with freeze_time(FIRST_REMINDER):
            notice = self._propose(FIRST_REMINDER).notice_ids
        self.assertEqual(notice.recipient_id, representative)
        self.assertFalse(notice.email_cc)
