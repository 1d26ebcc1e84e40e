from datetime import date, datetime

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .dossier_common import MADE_ON, DossierCommon
from .handover_common import HANDED_ON, HandoverCommon

#: Seven years after the contact of 1 December 2026, and a day.
LATE = date(2033, 12, 2)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPrivacyRetention(DossierCommon):
    """What is made anonymous once it was kept long enough, and what never is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notice = cls._create_letter((1000, cls._get_level("final_demand")))
        cls.notice._attach_letters()
        cls.move = cls.notice.line_ids.move_id
        cls.item = cls.notice.line_ids.move_line_id
        cls.person = cls.env["res.partner"].create(
            {"name": "Jan Jansen", "parent_id": cls.debtor.id}
        )
        cls.contact = cls._create_contact()

    @classmethod
    def _create_contact(cls, moment="2026-12-01 10:00:00", **values):
        return cls.env["dunning.contact"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.debtor.id,
                "person_id": cls.person.id,
                "move_line_ids": [Command.set(cls.item.ids)],
                "date": moment,
                "note": "Is ziek en kan niet betalen",
                **values,
            }
        )

    def _settle(self):
        self._pay(self.move, day=date(2026, 12, 20))
        self.env.flush_all()

    def _clean(self, day=LATE):
        with freeze_time(day):
            self.env.invalidate_all()
            return self.env["dunning.privacy"]._clean(self.company)

    def test_contacts(self):
        self._settle()

        # Kept for 84 months: up to and including 1 December 2033.
        self._clean(date(2033, 12, 1))
        self.assertTrue(self.contact.note)
        self._clean()

        self.assertRecordValues(
            self.contact,
            [
                {
                    "note": False,
                    "person_id": False,
                    "date": datetime(2026, 12, 1, 10),
                    "outcome": "reached",
                    "partner_id": self.debtor.id,
                }
            ],
        )
        self.assertFalse(self._clean())

    def test_addresses_of_other_letters_go_but_the_letters_stay(self):
        with freeze_time("2026-12-01"):
            promise = self.env["dunning.hold"]._promise(
                self.item, {"promise_amount": 1000, "promise_date": "2026-12-18"}
            )
            self.debtor.email = False
            letter = promise._issue_letter("promise")
            self.debtor.email = "administratie@goudenaar.example"
        self._settle()

        while self._clean():
            pass

        self.assertEqual(letter.delivery_ids.address, "–")
        self.assertTrue(letter.document_id.raw)

    def test_note_in_the_chatter_goes_too(self):
        said = self.env["mail.message"].search([("body", "ilike", "Is ziek")])
        self.assertEqual(set(said.mapped("model")), {"res.partner", "account.move"})
        self._settle()

        self._clean()
        self.env.flush_all()

        self.assertFalse(self.env["mail.message"].search([("body", "ilike", "ziek")]))

    def test_who_still_owes_is_left_alone(self):
        self.assertFalse(self._clean())
        self.assertTrue(self.contact.note)

    def test_debtor_with_a_title_is_left_alone(self):
        self._settle()
        with freeze_time("2027-01-04"):
            title = self.env["dunning.title"].create(
                {
                    "name": "11234567",
                    "company_id": self.company.id,
                    "partner_id": self.debtor.id,
                    "date": date(2027, 1, 4),
                }
            )

        self.assertFalse(self._clean())
        title.action_end()
        self.assertTrue(self._clean())

    def test_zero_keeps_for_good_and_months_are_those_of_the_company(self):
        self._settle()
        self.company.dunning_keep_contacts = 0
        self._clean(date(2090, 1, 1))
        self.assertTrue(self.contact.note)

        self.company.dunning_keep_contacts = 6
        # Six months after 1 December 2026.
        self._clean(date(2027, 6, 1))
        self.assertTrue(self.contact.note)
        self._clean(date(2027, 6, 2))
        self.assertFalse(self.contact.note)

    def test_notes_of_disputes_and_their_files(self):
        with freeze_time("2026-12-01"):
            hold = self.env["dunning.hold"].create(
                {
                    "partner_id": self.debtor.id,
                    "kind": "dispute",
                    "move_line_ids": [Command.set(self.item.ids)],
                    "amount_disputed": 1000,
                    "note": "Mijn vrouw heeft het nooit ontvangen",
                }
            )
            file = self.env["ir.attachment"].create(
                {
                    "name": "foto.png",
                    "raw": b"x",
                    "res_model": hold._name,
                    "res_id": hold.id,
                }
            )
        self._settle()

        self._clean(date(2040, 1, 2))

        self.assertRecordValues(
            hold, [{"note": False, "kind": "dispute", "amount_disputed": 1000}]
        )
        self.assertFalse(file.exists())

    def test_addresses_of_deliveries(self):
        delivery = self.env["dunning.delivery"].create(
            {
                "notice_id": self.notice.id,
                "channel": "email",
                "address": "jan@example.com",
                "address_cc": "piet@example.com",
                "state": "sent",
                "date_sent": datetime(2026, 11, 23, 9),
            }
        )
        self._settle()

        # The letter is of 23 November 2026.
        self._clean(date(2033, 11, 23))
        self.assertEqual(delivery.address, "jan@example.com")
        self._clean(date(2033, 11, 24))

        self.assertRecordValues(
            delivery,
            [
                {
                    "address": "–",
                    "address_cc": False,
                    "state": "sent",
                    "date_sent": datetime(2026, 11, 23, 9),
                }
            ],
        )

    def test_files_of_dossiers(self):
        dossier = self._make_dossier(self.item)
        files = dossier.archive_id + dossier.document_id
        total = dossier.sum_sha256
        self._settle()

        # Made on 15 December 2026.
        self._clean(MADE_ON.replace(year=2033))
        self.assertTrue(files.exists())
        self._clean(date(2033, 12, 16))

        self.assertFalse(files.exists())
        self.assertRecordValues(
            dossier, [{"removed_on": date(2033, 12, 16), "sum_sha256": total}]
        )
        with self.assertRaisesRegex(Exception, "were removed"):
            dossier.action_download()

    def test_documents_of_the_books_are_never_touched(self):
        self._settle()
        self._make_dossier(self.item)

        def read():
            self.env.invalidate_all()
            moves = self.env["account.move"].search(
                [("company_id", "=", self.company.id)]
            )
            return (
                moves.read(["name", "ref", "partner_id", "narration", "amount_total"]),
                moves.line_ids.read(["name", "partner_id", "balance"]),
                moves.mapped("invoice_pdf_report_id.raw"),
                self.notice.letter_id.raw,
                self.debtor.read(["name", "street", "email"]),
            )

        before = read()
        while self._clean(date(2050, 1, 1)):
            pass

        self.assertEqual(read(), before)

    def test_job_runs(self):
        self._settle()

        with freeze_time(LATE), self.enter_registry_test_mode():
            self.env.ref("l10n_nl_dunning.ir_cron_privacy").method_direct_trigger()

        self.contact.invalidate_recordset()
        self.assertFalse(self.contact.note)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPrivacyHandover(HandoverCommon):
    """Closed files of agencies: what was written goes, the letter stays."""

    def test_closed_file(self):
        handover = self._hand_over(state="accepted")
        move = handover.item_ids.move_id
        letter = handover.notice_file_id
        with freeze_time(HANDED_ON):
            handover.action_pay()
        self._pay(move, day=date(2026, 12, 20))
        self.env.flush_all()
        dossiers = handover.message_ids.attachment_ids - letter
        self.assertTrue(dossiers)

        # Closed on 15 December 2026.
        for day, is_there in ((date(2033, 12, 15), True), (date(2033, 12, 16), False)):
            with freeze_time(day):
                self.env.invalidate_all()
                self.env["dunning.privacy"]._clean(self.company)
            self.assertEqual(bool(dossiers.exists()), is_there)

        self.assertTrue(letter.exists())
        self.assertFalse(any(handover.message_ids.mapped("body")))
        self.assertRecordValues(handover, [{"state": "paid", "amount_total": 1162.25}])
