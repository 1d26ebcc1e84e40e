import doctest
from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import BaseCase, freeze_time, tagged

from ..law import protection as rules
from .common import FIRST_REMINDER
from .protection_common import LATER, RULING, ProtectionCommon

STOPPED = ("bankruptcy", "debt_restructuring", "debt_counselling", "deceased")


@tagged("post_install_l10n", "post_install", "-at_install")
class TestProtectionRules(BaseCase):
    def test_examples_are_true(self):
        outcome = doctest.testmod(rules)

        self.assertGreater(outcome.attempted, 0)
        self.assertEqual(outcome.failed, 0)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestProtectionPlan(ProtectionCommon):
    """What each status does to the next letter."""

    def _create_later_invoice(self):
        """An invoice from after the ruling, due on Friday 20 November."""
        return self._create_due_invoice(
            due=date(2026, 11, 20), invoice_date=date(2026, 11, 13)
        )

    def test_statuses_that_stop_everything(self):
        old, new = self._create_due_invoice(), self._create_later_invoice()

        for kind in STOPPED:
            with self.subTest(kind=kind):
                self._protect(kind)
                self.assertEqual(self._get_obstacle(old, LATER), "protected")
                self.assertEqual(self._get_obstacle(new, LATER), "protected")

    def test_moratorium_stops_earlier_debts_only(self):
        old, new = self._create_due_invoice(), self._create_later_invoice()
        delivered = self._create_later_invoice()
        delivered.delivery_date = date(2026, 11, 11)

        self._protect("moratorium")

        self.assertEqual(self._get_obstacle(old, LATER), "protected")
        self.assertEqual(self._get_obstacle(delivered, LATER), "protected")
        self.assertFalse(self._get_obstacle(new, LATER))
        run = self._propose(LATER)
        self.assertEqual(run.notice_ids.line_ids.move_id, new)
        self.assertEqual(run.notice_ids.recipient_id, self.debtor)

    def test_debt_of_the_day_itself_is_not_earlier(self):
        move = self._create_due_invoice(due=date(2026, 11, 20), invoice_date=RULING)

        self._protect("moratorium")

        self.assertFalse(self._get_obstacle(move, LATER))

    def test_cooling_off_ends_on_its_date(self):
        move = self._create_due_invoice()

        self._protect("cooling_off", date_end=LATER)

        self.assertEqual(self._get_obstacle(move, LATER), "protected")
        self.assertFalse(self._get_obstacle(move, date(2026, 12, 1)))

    def test_administration_and_guardianship_go_on_at_the_representative(self):
        self._create_due_invoice()
        self.debtor.dunning_contact_id = self._create_debtor(
            "Ria", parent_id=self.debtor.id, is_company=False
        )

        for kind in ("administration", "guardianship"):
            with self.subTest(kind=kind):
                protection = self._protect(kind)
                notice = self._propose(LATER).notice_ids
                self.assertRecordValues(
                    notice,
                    [
                        {
                            "partner_id": self.debtor.id,
                            "recipient_id": self.trustee.id,
                            "protection_id": protection.id,
                            "by_email": True,
                        }
                    ],
                )
                self.assertIn("vanloon@curatoren.example", notice.email)
                self.assertEqual(notice.postal_address, "Postbus 412, 3500 AK Utrecht")

    def test_address_of_the_debtor_is_no_fallback(self):
        move = self._create_due_invoice()
        self.trustee.write({"email": False, "street": False})

        self._protect("administration")

        self.assertEqual(self._get_obstacle(move, LATER), "no_address")

    def test_ended_status_lets_letters_out_again(self):
        move = self._create_due_invoice()
        protection = self._protect("bankruptcy")

        self._end(protection, exclude_items=False)

        self.assertFalse(self._get_obstacle(move, LATER))
        self.assertEqual(self._propose(LATER).notice_ids.recipient_id, self.debtor)
        self.assertRecordValues(
            protection, [{"ended_on": LATER, "end_reason": "Opgeheven"}]
        )

    def test_whom_to_call(self):
        self.debtor.phone = "+31 33 555 01 01"
        for kind in ("administration", "bankruptcy"):
            self._protect(kind)
            with freeze_time(LATER):
                person = self.debtor._get_dunning_person()
            self.assertEqual(person, self.trustee)
            self.assertFalse(person._get_dunning_phone(self.debtor))

        self._protect("moratorium")
        with freeze_time(LATER):
            person = self.debtor._get_dunning_person()
        self.assertEqual(person, self.debtor)
        self.assertEqual(person._get_dunning_phone(self.debtor), "+31 33 555 01 01")

    def test_what_is_lost_is_excluded_when_a_bankruptcy_ends(self):
        move = self._create_due_invoice()
        protection = self._protect("bankruptcy")

        self._end(protection)

        self.assertEqual(self._get_obstacle(move, LATER), "excluded")

    def test_round_counts_what_is_protected(self):
        self._create_due_invoice()
        self._protect("bankruptcy")

        run = self._propose(LATER)

        self.assertFalse(run.notice_ids)
        self.assertRecordValues(
            run.obstacle_ids, [{"obstacle": "protected", "item_count": 1}]
        )

    def test_tab_says_which_status_and_what_to_do(self):
        move = self._create_due_invoice()
        self._protect("bankruptcy", reference="F.16/26/318")

        with freeze_time(LATER):
            self.assertEqual(
                move.dunning_summary,
                "The customer is protected by law. "
                "Bankruptcy since 12 November 2026 (F.16/26/318). No letters go out, "
                "and no interest runs from that day. File the claim with the trustee. "
                "Trustee: Mr. A.J. van Loon",
            )
            dutch = move.with_context(lang="nl_NL")
            self.assertIn("Faillissement sinds 12 november 2026", dutch.dunning_summary)

    def test_limitation_is_interrupted_at_the_representative(self):
        move = self._create_due_invoice()
        protection = self._protect("bankruptcy")

        with freeze_time(LATER):
            notice = self.env["dunning.notice"]._interrupt_limitation(
                self._get_item(move)
            )
            notice.action_confirm()
        self._deliver(LATER)

        self.assertEqual(notice.state, "pending")
        self.assertEqual(notice.recipient_id, self.trustee)
        self.assertEqual(notice.protection_id, protection)

    def test_a_new_status_takes_the_place_of_the_old_one(self):
        self._create_due_invoice()
        first = self._protect("moratorium")

        second = self._protect("bankruptcy", day=LATER)

        self.assertEqual(first.ended_on, LATER)
        self.assertEqual(self.debtor.dunning_protection_ids, first | second)
        with freeze_time(LATER):
            self.assertEqual(self.debtor.dunning_protection_id, second)

    def test_status_of_a_contact_is_that_of_the_customer(self):
        contact = self._create_debtor("Ria", parent_id=self.debtor.id)
        contact.is_company = False

        protection = self._protect("bankruptcy", partner=contact)

        self.assertEqual(protection.partner_id, self.debtor)
        with freeze_time(LATER):
            self.assertEqual(contact.dunning_protection_id, protection)

    def test_incomplete_status_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "future"), self.cr.savepoint():
            self._protect("bankruptcy", day=LATER, now=RULING)
        with (
            self.assertRaisesRegex(ValidationError, "Enter that day"),
            self.cr.savepoint(),
        ):
            self._protect("cooling_off")
        with (
            self.assertRaisesRegex(ValidationError, "who represents"),
            self.cr.savepoint(),
        ):
            self._protect("administration", representative_id=False)
        with (
            self.assertRaisesRegex(ValidationError, "represent themselves"),
            self.cr.savepoint(),
        ):
            self._protect("bankruptcy", representative_id=self.debtor.id)

    def test_status_that_would_end_later_is_refused(self):
        move = self._create_due_invoice()
        protection = self._protect("bankruptcy")

        with self.assertRaisesRegex(ValidationError, "beforehand"), self.cr.savepoint():
            self._end(protection, day=RULING, date=LATER)

        self.assertEqual(self._get_obstacle(move, LATER), "protected")

    def test_kind_of_a_status_stays_on_record(self):
        protection = self._protect("bankruptcy")

        with self.assertRaisesRegex(UserError, "stays on record"):
            protection.kind = "moratorium"

    def test_before_the_ruling_letters_went_out(self):
        move = self._create_due_invoice()

        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))
