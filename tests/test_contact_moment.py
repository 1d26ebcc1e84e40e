from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .contact_common import CALL, ContactCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestContact(ContactCommon):
    """Recording what came of a call."""

    def test_form_shows_all_one_needs_to_call(self):
        self._create_due_invoice(60, due=date(2026, 11, 20))

        form = self._open_form()

        self.assertEqual(form.phone, "+31 33 555 01 01")
        self.assertEqual(form.move_line_ids[:], self.item)
        self.assertEqual(form.amount_open, 250)
        self.assertEqual(form.notice_ids[:].level_id, self.reminder)
        self.assertFalse(form.next_date)

    def test_outcome_is_recorded_with_reason_and_note(self):
        reason = self.env.ref("l10n_nl_dunning.dunning_reason_not_received")

        contact, action = self._record(
            "reached", reason_id=reason, note="Asks for <b>a copy</b>"
        )

        self.assertEqual(action, {"type": "ir.actions.act_window_close"})
        self.assertRecordValues(
            contact,
            [
                {
                    "company_id": self.company.id,
                    "person_id": self.debtor.id,
                    "move_line_ids": self.item.ids,
                    "type": "call",
                    "direction": "out",
                    "user_id": self.clerk.id,
                    "outcome": "reached",
                    "reason_id": reason.id,
                    "next_date": False,
                }
            ],
        )
        for record in (self.debtor, self.move):
            body = record.message_ids[0].body
            self.assertIn("Reached", body)
            self.assertIn("Invoice not received", body)
            self.assertIn("&lt;b&gt;a copy", body)

    def test_outcome_must_be_chosen(self):
        with freeze_time(CALL), self.assertRaisesRegex(UserError, "outcome"):
            self._open_form().save().action_save()

    def test_failed_attempt_proposes_the_next_day(self):
        form = self._open_form()
        with freeze_time(CALL):
            form.outcome = "voicemail"

        self.assertEqual(form.next_date, date(2026, 11, 12))
        self.assertFalse(form.is_last_attempt)
        self._record("voicemail")
        self._record("not_reached", day=date(2026, 11, 12))
        form = self._open_form(date(2026, 11, 16))
        with freeze_time("2026-11-16"):
            form.outcome = "not_reached"
        self.assertFalse(form.next_date)
        self.assertTrue(form.is_last_attempt)

    def test_outcome_of_a_planned_call_is_the_contact_itself(self):
        planned = self.env["dunning.contact"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.debtor.id,
                "outcome": "planned",
                "next_date": date(2026, 11, 9),
                "note": "Ask for the order number",
            }
        )
        self.assertEqual(self._open_form().wish, "Ask for the order number")

        contact, _action = self._record("reached", note="Number 4711")

        self.assertEqual(contact, planned)
        self.assertRecordValues(
            contact, [{"outcome": "reached", "note": "Number 4711", "next_date": False}]
        )

    def test_planned_call_of_a_colleague_for_later_stays_planned(self):
        shared = {
            "company_id": self.company.id,
            "partner_id": self.debtor.id,
            "outcome": "planned",
        }
        tomorrow = CALL + timedelta(days=1)
        own, theirs = self.env["dunning.contact"].create(
            [
                {**shared, "next_date": date(2026, 12, 1), "user_id": self.clerk.id},
                {**shared, "next_date": tomorrow, "user_id": self.env.user.id},
            ]
        )

        self._record("reached", note="Called about something else")

        self.assertEqual((theirs.outcome, theirs.next_date), ("planned", tomorrow))
        self.assertEqual(own.note, "Called about something else")
        self._record("reached", day=tomorrow)
        self.assertEqual(theirs.outcome, "reached")

    def test_planned_call_that_is_due_first_is_used_up(self):
        shared = {
            "company_id": self.company.id,
            "partner_id": self.debtor.id,
            "outcome": "planned",
        }
        due, later = self.env["dunning.contact"].create(
            [{**shared, "next_date": day} for day in (CALL, date(2026, 12, 1))]
        )

        self._record("reached")

        self.assertEqual(due.outcome, "reached")
        self.assertEqual(later.outcome, "planned")

    def test_last_attempt_without_items_is_told_on_the_debtor(self):
        self.company.dunning_call_max_attempts = 1
        contact = self.env["dunning.contact"].with_user(self.clerk)
        with freeze_time(CALL):
            contact.create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.debtor.id,
                    "outcome": "not_reached",
                }
            )

        activity = self.debtor.activity_ids
        self.assertEqual(activity.user_id, self.clerk)
        self.assertIn("not reached", activity.summary)
        activity.with_user(self.clerk).action_feedback("Called the accountant")
        self.assertFalse(activity.active)

    def test_colleague_who_records_the_same_call_takes_nothing_away(self):
        planned = self.env["dunning.contact"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.debtor.id,
                "outcome": "planned",
                "next_date": date(2026, 11, 9),
            }
        )
        with freeze_time(CALL):
            forms = [self._open_form(), self._open_form(user=self.env.user)]
            for form, note in zip(forms, ("First", "Second"), strict=True):
                form.outcome = "reached"
                form.note = note
            for form in forms:
                form.save().action_save()
            contacts = self.env["dunning.contact"].search(
                [("partner_id", "=", self.debtor.id)]
            )
            self.assertFalse(self.env["dunning.call"].search([]))

        self.assertEqual(planned.note, "First")
        self.assertEqual((contacts - planned).note, "Second")

    def test_next_debtor_opens_after_saving_and_after_skipping(self):
        garage = self._create_debtor("Garage")
        self._create_due_invoice(90, partner=garage)
        self.env["dunning.contact"].create(
            {
                "company_id": self.company.id,
                "partner_id": garage.id,
                "outcome": "planned",
                "next_date": CALL,
            }
        )

        with freeze_time(CALL):
            skipped = self._open_form().save().action_skip()
            form = self._open_form()
            form.outcome = "reached"
            following = form.save().action_save_next()
            self.assertEqual(self.env["dunning.call"].search([]).partner_id, garage)

        for action in (skipped, following):
            self.assertEqual(action["context"]["default_partner_id"], garage.id)
            self.assertEqual(action["res_model"], "dunning.contact.record")

    def test_last_debtor_ends_the_list(self):
        with freeze_time(CALL):
            form = self._open_form()
            form.outcome = "reached"
            action = form.save().action_save_next()

        self.assertEqual(action["tag"], "display_notification")

    def test_copy_of_the_invoice_is_sent_by_the_mail_job(self):
        self._record("reached", send_copy=True)

        self.assertEqual(self.move.sending_data["author_user_id"], self.clerk.id)

    def test_copy_needs_an_address(self):
        self.debtor.email = False

        with self.assertRaisesRegex(UserError, "e-mail address"):
            self._record("reached", send_copy=True)

    def test_changed_contact_details_are_kept(self):
        manager = self.env.user
        person = self._create_debtor(
            "Ria", parent_id=self.debtor.id, is_company=False, phone=False
        )

        self._record(
            "reached",
            user=manager,
            person_id=person,
            phone="+31 6 55 50 10 99",
            letter_contact_id=person,
        )

        self.assertEqual(person.phone, "+31 6 55 50 10 99")
        self.assertEqual(self.debtor.phone, "+31 33 555 01 01")
        self.assertEqual(self.debtor.dunning_contact_id, person)

    def test_contact_about_one_invoice(self):
        other = self._create_due_invoice(60)

        action = other.action_record_dunning_contact()
        form = self._open_form(
            default_move_id=action["context"]["default_move_id"],
            default_is_call_list=False,
        )

        self.assertEqual(form.move_line_ids[:], self._get_item(other))

    def test_customer_counts_and_lists_his_contacts(self):
        contact, _action = self._record("reached")

        self.assertEqual(self.debtor.dunning_contact_count, 1)
        action = self.debtor.action_open_dunning_contacts()
        found = self.env["dunning.contact"].search(action["domain"])
        self.assertEqual(found, contact)
        self.assertEqual(self.move.dunning_contact_ids, contact)

    # === ACCESS RIGHTS === #

    def test_clerk_records_but_does_not_delete(self):
        contact, _action = self._record("reached")

        with self.assertRaises(AccessError):
            contact.with_user(self.clerk).unlink()
        contact.with_user(self.env.user).unlink()

    def test_contacts_and_calls_of_another_company_are_invisible(self):
        contact, _action = self._record("reached", next_date=CALL)
        other = self.setup_other_company()["company"]
        self.clerk.write({"company_ids": [(4, other.id)], "company_id": other.id})
        Contact = self.env["dunning.contact"].with_user(self.clerk)

        with freeze_time(CALL):
            for company, found in ((self.company, True), (other, False)):
                records = Contact.with_company(company).with_context(
                    allowed_company_ids=company.ids
                )
                self.assertEqual(bool(records.search([])), found)
                self.assertEqual(bool(records.env["dunning.call"].search([])), found)
        with self.assertRaises(AccessError):
            contact.with_user(self.clerk).with_context(
                allowed_company_ids=other.ids
            ).read(["note"])
