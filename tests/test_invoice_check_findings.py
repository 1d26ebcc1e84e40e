from datetime import date
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..models.invoice_check.account_move import FINDINGS, NETWORK_STATES
from ..models.invoice_check.engine import SEVERITIES, InvoiceFacts, check_invoice
from .common import FIRST_REMINDER, DunningCommon
from .test_charge_posting import ChargeCommon

SOUND = InvoiceFacts(
    is_sent=True,
    is_mailed=True,
    mail_failed=False,
    has_pdf=True,
    has_email=True,
    has_post=True,
    has_iban=True,
    is_iban_trusted=True,
    wants_reference=True,
    has_reference=True,
    wants_vat=True,
    has_vat=True,
    is_business=True,
    has_registry=True,
    due=date(2026, 11, 2),
    term_due=date(2026, 11, 2),
)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestInvoiceCheck(DunningCommon):
    """What may keep a customer from paying, before the first letter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "nl_NL"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.debtor = cls.debtor.with_env(cls.env)
        cls.debtor.vat = "NL123456782B90"

    def _mail(self, move, status="sent", partner=None, address=False):
        """Do as the mail queue does with the mail of an invoice."""
        message = move.message_post(body="Invoice", message_type="email_outgoing")
        return self.env["mail.notification"].create(
            {
                "mail_message_id": message.id,
                "notification_type": "email",
                "notification_status": status,
                "res_partner_id": not address and (partner or self.debtor).id,
                "mail_email_address": address,
            }
        )

    def _get_codes(self, move):
        move.invalidate_recordset()
        return move._get_dunning_findings(move._get_dunning_last_mails())[move.id]

    # === THE RULES === #

    def test_sound_invoice_without_findings(self):
        self.assertEqual(check_invoice(SOUND), [])

    def test_each_finding(self):
        cases = {
            "mail_failed": {"mail_failed": True},
            "network_failed": {"network_failed": True},
            "no_reference": {"has_reference": False},
            "no_iban": {"has_iban": False},
            "no_vat": {"has_vat": False},
            "not_sent": {"is_sent": False},
            "no_address": {"has_email": False, "has_post": False},
            "due_differs": {"term_due": date(2026, 11, 1)},
            "no_pdf": {"has_pdf": False},
            "untrusted_iban": {"is_iban_trusted": False},
            "no_trace": {"is_mailed": False},
            "no_registry": {
                "has_registry": False,
                "has_vat": False,
                "wants_vat": False,
            },
        }
        self.assertEqual(set(cases), set(SEVERITIES))
        self.assertEqual(set(cases), set(FINDINGS))
        for code, change in cases.items():
            with self.subTest(finding=code):
                self.assertEqual(check_invoice(SOUND._replace(**change)), [code])

    def test_nothing_wanted_nothing_found(self):
        facts = SOUND._replace(
            wants_reference=False, has_reference=False, has_post=False, term_due=None
        )

        self.assertEqual(check_invoice(facts), [])

    # === THE INVOICE === #

    def test_mailed_invoice_tells_when_and_to_whom(self):
        move = self._create_due_invoice()
        with freeze_time("2026-10-01 10:00:00"):
            self._mail(move)

        self.assertEqual(self._get_codes(move), ["no_pdf"])
        self.assertEqual(move.dunning_finding_count, 0)
        self.assertIn("administratie@goudenaar.example", move.dunning_findings)
        self.assertIn("1 October 2026", move.dunning_findings)

    def test_bounced_mail(self):
        move = self._create_due_invoice()
        self._mail(move, "bounce")

        self.assertEqual(self._get_codes(move), ["mail_failed", "no_pdf"])
        self.assertEqual(move.dunning_finding_count, 1)

    def test_later_mail_arrived(self):
        move = self._create_due_invoice()
        self._mail(move, "bounce")
        self._mail(move, address="boekhouding@goudenaar.example")

        self.assertEqual(self._get_codes(move), ["no_pdf"])
        self.assertIn("boekhouding@goudenaar.example", move.dunning_findings)

    def test_failed_mail_to_a_colleague_is_no_finding(self):
        move = self._create_due_invoice()
        self._mail(move)
        self._mail(move, "exception", partner=self.env.user.partner_id)

        self.assertEqual(self._get_codes(move), ["no_pdf"])

    def test_order_number_that_the_customer_demands(self):
        self.debtor.dunning_require_reference = True
        move = self._create_due_invoice()

        self.assertIn("no_reference", self._get_codes(move))

        move.ref = "PO 4711"
        self.assertNotIn("no_reference", self._get_codes(move))

    def test_network_of_e_invoices_that_did_not_deliver(self):
        move = self._create_due_invoice()
        self.assertNotIn("network_failed", self._get_codes(move))

        # The fields of the networks come with their modules: one of core stands in.
        with patch.dict(NETWORK_STATES, {"payment_state": ("not_paid",)}):
            self.assertIn("network_failed", self._get_codes(move))

    def test_bank_account_missing_or_not_trusted(self):
        move = self._create_due_invoice()
        self.bank_account.sudo().allow_out_payment = False
        self.assertIn("untrusted_iban", self._get_codes(move))

        move.partner_bank_id = False
        codes = self._get_codes(move)
        self.assertIn("no_iban", codes)
        self.assertNotIn("untrusted_iban", codes)

    def test_vat_number_for_reverse_charge(self):
        self.debtor.vat = False
        position = self.env["account.fiscal.position"].create(
            {"name": "EU", "vat_required": True, "company_id": self.company.id}
        )
        move = self._create_due_invoice(fiscal_position_id=position.id)

        self.assertIn("no_vat", self._get_codes(move))
        self.assertIn("no_registry", self._get_codes(move))

    def test_due_date_of_the_payment_term(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        move = self._create_due_invoice(invoice_payment_term_id=term.id)
        # 1 October and 30 days is 31 October.
        self.assertEqual(move.invoice_date_due, date(2026, 10, 31))
        self.assertNotIn("due_differs", self._get_codes(move))

        term.line_ids.nb_days = 14
        self.assertIn("due_differs", self._get_codes(move))

    def test_customer_without_any_address(self):
        self.debtor.write({"email": False, "city": False})

        self.assertIn("no_address", self._get_codes(self._create_due_invoice()))

    def test_after_the_first_letter_nothing_is_checked(self):
        move = self._create_due_invoice()
        self._mail(move, "bounce")
        self._send(FIRST_REMINDER)

        move.invalidate_recordset()
        self.assertEqual(move.dunning_finding_count, 0)

    # === THE PROPOSAL === #

    def test_round_counts_letters_with_findings(self):
        self._mail(self._create_due_invoice(), "bounce")
        sound = self._create_debtor("Garage Vos", vat="NL123456782B90")
        self._mail(self._create_due_invoice(partner=sound), partner=sound)

        run = self._propose(FIRST_REMINDER)

        self.assertEqual(run.finding_count, 1)
        notice = run.notice_ids.filtered("finding_count")
        self.assertEqual(notice.partner_id, self.debtor)
        self.assertIn("did not arrive", notice.findings)

    def test_company_without_check(self):
        self.company.dunning_invoice_check = "none"
        move = self._create_due_invoice()
        self._mail(move, "bounce")

        run = self._propose(FIRST_REMINDER)

        self.assertFalse(move.dunning_findings)
        self.assertEqual(run.finding_count, 0)

    # === KEEPING THE LETTER BACK === #

    def test_warning_keeps_nothing_back(self):
        move = self._create_due_invoice()
        self._mail(move, "bounce")

        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

    def test_fault_keeps_the_first_letter_back(self):
        self.company.dunning_invoice_check = "block"
        position = self.env["account.fiscal.position"].create(
            {"name": "EU", "vat_required": True, "company_id": self.company.id}
        )
        sound = self._create_due_invoice()
        faults = {
            "mail_failed": self._create_due_invoice(),
            "no_iban": self._create_due_invoice(),
            "no_vat": self._create_due_invoice(
                fiscal_position_id=position.id,
                partner=self._create_debtor("Eichenhof GmbH"),
            ),
            "no_reference": self._create_due_invoice(
                partner=self._create_debtor("Gemeente", dunning_require_reference=True)
            ),
        }
        self._mail(faults["mail_failed"], "bounce")
        faults["no_iban"].partner_bank_id = False

        self.assertFalse(self._get_obstacle(sound, FIRST_REMINDER))
        errors = {code for code, weight in SEVERITIES.items() if weight == "error"}
        self.assertEqual(set(faults), errors)
        for code, move in faults.items():
            with self.subTest(fault=code):
                self.assertEqual(
                    self._get_obstacle(move, FIRST_REMINDER), "invoice_check"
                )
                item = self._get_item(move).with_context(dunning_day="2026-11-05")
                self.assertEqual(item.dunning_lift, " ".join(map(str, FINDINGS[code])))
                # The statement and the check of the invoice agree.
                self.assertIn(code, self._get_codes(move))

    def test_mended_invoice_gets_its_letter(self):
        self.company.dunning_invoice_check = "block"
        move = self._create_due_invoice()
        self._mail(move, "bounce")
        self._mail(move, address="boekhouding@goudenaar.example")

        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))

    def test_fault_does_not_stop_later_letters(self):
        move = self._create_due_invoice()
        self._send(FIRST_REMINDER)
        self.company.dunning_invoice_check = "block"
        self._mail(move, "bounce")

        self.assertFalse(self._get_obstacle(move, date(2026, 11, 24)))

    # === SCALE AND RIGHTS === #

    def test_statements_do_not_grow_with_invoices(self):
        def count(moves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            moves.mapped("dunning_findings")
            return self.env.cr.sql_log_count - before

        moves = self.env["account.move"].union(
            *(self._create_due_invoice(ref=str(number)) for number in range(100))
        )
        count(moves[:2])  # fills the caches of the registry

        self.assertEqual(count(moves), count(moves[:2]))

    def test_reader_sees_the_findings(self):
        move = self._create_due_invoice()
        self._mail(move, "bounce")
        reader = new_test_user(
            self.env,
            login="dunning_reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
        )

        self.assertIn("did not arrive", move.with_user(reader).dunning_findings)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCheckOfCharges(ChargeCommon):
    """What a letter charged is an invoice too, but goes out with the letter."""

    def test_charge_is_not_checked(self):
        invoice, notice = self._charge()
        charge = notice.charge_move_id

        self.assertEqual(charge.payment_state, "not_paid")
        self.assertFalse(charge.is_move_sent)
        self.assertFalse(charge.dunning_findings)
        self.assertEqual(charge.dunning_finding_count, 0)
        other = self._create_due_invoice(is_move_sent=False)
        self.assertIn("was not sent", other.dunning_findings)
