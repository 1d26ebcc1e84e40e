from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import FIRST_REMINDER
from .protection_common import LATER, RULING, ProtectionCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestProtectionLetters(ProtectionCommon):
    """What happens to letters when a status is recorded, and who may record it."""

    def _create_notice(self, state):
        self._create_due_invoice()
        notice = self._propose(FIRST_REMINDER).notice_ids
        with freeze_time(FIRST_REMINDER):
            if state != "draft":
                notice.action_confirm()
        if state == "pending":
            self._deliver(FIRST_REMINDER)
        self.assertEqual(notice.state, state)
        return notice

    def test_proposal_disappears(self):
        notice = self._create_notice("draft")

        self._protect("bankruptcy")

        self.assertFalse(notice.exists())

    def test_queued_letter_is_cancelled_with_its_reason(self):
        notice = self._create_notice("queued")

        self._protect("bankruptcy")

        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(notice.cancel_reason, "Bankruptcy since 12 November 2026.")
        self.assertFalse(self._deliver(LATER))
        self.assertIn("withdrawn: 1", self.debtor.message_ids[0].body)

    def test_letter_in_the_mail_queue_is_called_back(self):
        notice = self._create_notice("pending")

        self._protect("administration")

        self.assertEqual(notice.state, "cancelled")
        self.assertEqual(notice.delivery_ids.state, "cancelled")
        self.assertEqual(notice.delivery_ids.mail_id.state, "cancel")
        # The same level goes out to the administrator instead.
        again = self._propose(LATER).notice_ids
        self.assertEqual(again.level_id, self.reminder)
        self.assertEqual(again.recipient_id, self.trustee)

    def test_failed_letter_is_not_sent_again_to_the_debtor(self):
        notice = self._create_notice("pending")
        self._refuse_mails(notice)
        self.assertEqual(notice.state, "failed")

        self._protect("administration")

        self.assertEqual(notice.state, "cancelled")

    def test_letter_that_left_stays_evidence(self):
        self._create_due_invoice()
        notice = self._send(FIRST_REMINDER).notice_ids

        self._protect("bankruptcy")

        self.assertEqual(notice.state, "sent")

    def test_post_of_a_letter_that_left_by_mail_is_stopped(self):
        self._create_due_invoice()
        notice = self._propose(FIRST_REMINDER).notice_ids
        notice.by_post = True
        with freeze_time(FIRST_REMINDER):
            notice.action_confirm()
        self._deliver(FIRST_REMINDER)
        self._accept_mails(notice)

        self._protect("bankruptcy")

        states = {d.channel: d.state for d in notice.delivery_ids}
        self.assertEqual(states, {"email": "sent", "post": "cancelled"})
        self.assertEqual(notice.state, "sent")

    def test_other_representative_gets_the_letter(self):
        self._create_due_invoice()
        protection = self._protect("administration")
        notice = self._propose(LATER).notice_ids
        other = self._create_debtor("Bewind Oost", email="oost@bewind.example")

        with freeze_time(LATER):
            protection.representative_id = other

        self.assertFalse(notice.exists())
        self.assertEqual(self._propose(LATER).notice_ids.recipient_id, other)

    def test_letter_proposed_at_the_same_moment_is_not_sent(self):
        notice = self._create_notice("queued")
        protection = self._protect("administration")
        # As another transaction would leave it: queued, addressed to the debtor.
        notice.write({"state": "queued"})

        self._deliver(LATER)

        self.assertEqual(notice.state, "failed")
        self.assertIn("has changed since", notice.error)
        self.assertTrue(protection.is_active)

    def test_letter_queued_at_the_same_moment_is_cancelled_when_nothing_may_go(self):
        notice = self._create_notice("queued")
        self._protect("bankruptcy")
        notice.write({"state": "queued"})

        self._deliver(LATER)

        self.assertEqual(notice.state, "cancelled")
        self.assertFalse(notice.delivery_ids)

    def test_somebody_is_told_to_file_the_claim(self):
        self._create_due_invoice()

        self._protect("bankruptcy")
        self.assertEqual(
            self.debtor.activity_ids.summary, "File the claim on the customer"
        )

        self._protect("administration")
        self.assertEqual(len(self.debtor.activity_ids), 1)

    def test_somebody_is_told_to_write_to_the_heirs(self):
        self._create_due_invoice()

        self._protect("deceased", representative_id=False)

        self.assertEqual(
            self.debtor.activity_ids.summary, "Write to the heirs of the customer"
        )
        self.assertEqual(
            self.debtor.activity_ids.user_id,
            self.company._get_dunning_responsible(),
        )

    def test_nobody_has_to_file_what_is_not_owed(self):
        self._protect("bankruptcy")

        self.assertFalse(self.debtor.activity_ids)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestProtectionAccess(ProtectionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company()["company"]
        cls.clerk, cls.reader, cls.seller = (
            new_test_user(
                cls.env,
                login=f"protection_{name}",
                groups=groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for name, groups in [
                ("clerk", "account.group_account_invoice,base.group_partner_manager"),
                ("reader", "account.group_account_readonly"),
                ("seller", "base.group_user,base.group_partner_manager"),
            ]
        )

    def _record(self, user, partner=None):
        with freeze_time(RULING):
            return (
                self.env["dunning.protection"]
                .with_user(user)
                .create(
                    {
                        "partner_id": (partner or self.debtor).id,
                        "kind": "bankruptcy",
                        "date": RULING,
                        "representative_id": self.trustee.id,
                    }
                )
            )

    def test_clerk_records_and_ends_but_never_deletes(self):
        self._create_due_invoice()
        protection = self._record(self.clerk)

        with self.assertRaises(AccessError):
            protection.unlink()
        self._end(protection, exclude_items=True)
        self.assertEqual(protection.ended_on, LATER)

    def test_reader_reads_only(self):
        protection = self._protect("bankruptcy").with_user(self.reader)

        self.assertEqual(protection.kind, "bankruptcy")
        with self.assertRaises(AccessError):
            protection.note = "Seen"
        with self.assertRaises(AccessError):
            self._record(self.reader)

    def test_user_without_accounting_rights_sees_nothing(self):
        protection = self._protect("bankruptcy").with_user(self.seller)

        with self.assertRaises(AccessError):
            protection.read(["kind"])
        fields = self.debtor.with_user(self.seller).fields_get()
        self.assertNotIn("dunning_protection_id", fields)

    def test_letters_of_all_companies_are_withdrawn(self):
        self._create_due_invoice()
        mine = self._propose(FIRST_REMINDER).notice_ids
        theirs = mine.with_company(self.other).create(
            {
                "company_id": self.other.id,
                "partner_id": self.debtor.id,
                "recipient_id": self.debtor.id,
                "currency_id": self.other.currency_id.id,
                "state": "queued",
            }
        )

        self._record(self.clerk)

        self.assertFalse(mine.exists())
        self.assertEqual(theirs.state, "cancelled")

    def test_status_of_a_customer_of_another_company_is_invisible(self):
        partner = self._create_debtor("Theirs", company_id=self.other.id)
        self._protect("bankruptcy", partner=partner)

        found = self.env["dunning.protection"].with_user(self.clerk).search([])

        self.assertFalse(found)
