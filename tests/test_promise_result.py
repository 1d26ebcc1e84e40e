from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged

from .common import FIRST_REMINDER
from .contact_common import CALL, ContactCommon

#: The debtor promises on Tuesday 10 November to pay by Friday.
PROMISED = date(2026, 11, 13)
#: What the bank received on that Friday is known on Monday.
LAST_DAY = date(2026, 11, 16)
AFTER = date(2026, 11, 17)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPromise(ContactCommon):
    """Promises to pay: dunning waits, and the payments tell whether they were kept."""

    def _promise(self, amount=250, day=CALL, user=None, **values):
        self._record(
            "reached",
            day=day,
            user=user,
            agreement="promise",
            promise_amount=amount,
            promise_date=values.pop("promise_date", PROMISED),
            **values,
        )
        return self.env["dunning.hold"].search([("kind", "=", "promise")], limit=1)

    def _get_result(self, promise, day=AFTER):
        self.env.invalidate_all()
        with freeze_time(day):
            return promise.promise_result

    # === WAITING === #

    def test_promise_holds_its_items_and_keeps_debtor_off_the_list(self):
        promise = self._promise()

        self.assertRecordValues(
            promise,
            [
                {
                    "partner_id": self.debtor.id,
                    "move_line_ids": self.item.ids,
                    "date_from": CALL,
                    "date_review": LAST_DAY,
                    "promise_amount": 250,
                    "promise_date": PROMISED,
                    "user_id": self.clerk.id,
                }
            ],
        )
        for day in (CALL, PROMISED, LAST_DAY):
            self.assertEqual(self._get_obstacle(self.move, day), "promise")
        with freeze_time(CALL):
            self.assertFalse(self.env["dunning.call"].search([]))

    def test_days_in_transit_lengthen_the_wait(self):
        self.company.dunning_correction_days = 2

        promise = self._promise()

        # Two days after Friday is Sunday, the next working day Monday.
        self.assertEqual(promise.date_review, LAST_DAY)
        self.company.dunning_correction_days = 3
        promise = self._promise(promise_is_confirmed=True)
        self.assertEqual(promise.date_review, date(2026, 11, 17))

    def test_dunning_goes_on_at_the_next_level_after_a_broken_promise(self):
        self._promise()
        with freeze_time(LAST_DAY):
            self.env["dunning.run"]._work_daily(self.company)

        run = self._send(date(2026, 11, 24))

        self.assertEqual(run.notice_ids.level_id, self.demand)

    # === KEPT OR NOT === #

    def test_promise_is_open_until_its_last_day(self):
        promise = self._promise()

        self.assertEqual(self._get_result(promise, LAST_DAY), "open")
        self.assertEqual(self._get_result(promise, AFTER), "broken")

    def test_payment_in_time_keeps_the_promise(self):
        promise = self._promise()
        self._pay(self.move, day=PROMISED)

        self.assertEqual(self._get_result(promise, PROMISED), "kept")
        self.assertEqual(self._get_result(promise), "kept")
        self.assertEqual(promise.promise_paid, 250)

    def test_promise_of_a_part_is_kept_by_that_part(self):
        promise = self._promise(amount=100)
        self._pay(self.move, amount=100, day=PROMISED)

        self.assertEqual(self._get_result(promise), "kept")

    def test_payment_of_less_keeps_it_partly(self):
        promise = self._promise()
        self._pay(self.move, amount=100, day=PROMISED)

        self.assertEqual(self._get_result(promise), "partly")
        self.assertEqual(promise.promise_paid, 100)

    def test_payment_before_and_after_do_not_count(self):
        self._pay(self.move, amount=50, day=date(2026, 11, 9))
        promise = self._promise(amount=200)
        self._pay(self.move, day=AFTER)

        self.assertEqual(self._get_result(promise), "broken")

    def test_payment_under_way_counts_when_it_is_matched_afterwards(self):
        promise = self._promise()
        self._pay(self.move, day=date(2026, 11, 9))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dunning_hold SET create_date = create_date - interval '1 hour' "
            "WHERE id = %s",
            [promise.id],
        )

        self.assertEqual(self._get_result(promise), "kept")

    def test_reversed_payment_does_not_count(self):
        promise = self._promise()
        payment = self._pay(self.move, day=PROMISED)
        self.assertEqual(self._get_result(promise), "kept")

        payment.move_id.line_ids.remove_move_reconcile()

        self.assertEqual(self._get_result(promise), "broken")

    def test_credit_note_counts(self):
        promise = self._promise()
        refund = self.move._reverse_moves([{"date": PROMISED}])
        refund.invoice_date = PROMISED
        refund.action_post()
        self.assertTrue(self.item.reconciled)

        self.assertEqual(self._get_result(promise), "kept")

    def test_promise_that_was_ended_by_hand_counts_for_nothing(self):
        promise = self._promise()
        with freeze_time(PROMISED):
            promise._end("Agreed on something else")

        self.assertEqual(self._get_result(promise), "withdrawn")
        self.assertEqual(self.debtor.dunning_broken_promise_count, 0)

    def test_results_can_be_searched_and_are_counted_against_the_debtor(self):
        promise = self._promise()
        Hold = self.env["dunning.hold"]

        for day, result in ((LAST_DAY, "open"), (AFTER, "broken")):
            self.env.invalidate_all()
            with freeze_time(day):
                found = Hold.search([("promise_result", "=", result)])
                self.assertEqual(found, promise)
                self.assertEqual(
                    self.debtor.dunning_broken_promise_count, int(result == "broken")
                )
                others = Hold.search([("promise_result", "!=", result)])
                self.assertNotIn(promise, others)

    def test_owner_is_told_that_a_promise_was_not_kept(self):
        self.env["res.lang"]._activate_lang("en_US")
        self.clerk.lang = "en_US"
        promise = self._promise()
        self._pay(self.move, amount=100, day=PROMISED)
        with freeze_time(LAST_DAY):
            self.env["dunning.hold"]._announce_expiry(self.company)

        activity = promise.activity_ids
        self.assertEqual(activity.user_id, self.clerk)
        self.assertEqual(activity.summary, "Promise to pay not kept")
        self.assertRegex(activity.note, "promised 250.00.* and paid 100.00")

    def test_kept_promise_bothers_nobody(self):
        promise = self._promise(amount=100)
        self._pay(self.move, amount=100, day=PROMISED)
        with freeze_time(LAST_DAY):
            self.env["dunning.hold"]._announce_expiry(self.company)

        self.assertFalse(promise.activity_ids)

    # === ONCE MORE === #

    def test_second_promise_about_the_same_items_must_be_confirmed(self):
        first = self._promise()
        with self.assertRaisesRegex(UserError, "before: 250.00.*13"):
            self._promise()

        second = self._promise(promise_is_confirmed=True)

        self.assertNotEqual(first, second)
        self.assertEqual(self._get_result(first, CALL), "withdrawn")
        self.assertEqual(self._get_result(second, CALL), "open")

    def test_promise_after_a_broken_one_must_be_confirmed(self):
        self._promise()
        other = self._create_due_invoice(60)
        later = date(2026, 11, 18)
        values = {
            "day": later,
            "amount": 60,
            "promise_date": date(2026, 11, 20),
            "move_line_ids": self._get_item(other),
        }
        with self.assertRaisesRegex(UserError, "was not kept"):
            self._promise(**values)

        self._promise(**values, promise_is_confirmed=True)

    def test_promise_of_more_than_is_open_is_refused(self):
        for amount in (0, 250.01):
            with self.assertRaisesRegex(UserError, "no more than is open"):
                self._promise(amount=amount)
        with self.assertRaisesRegex(UserError, "by when"):
            self._promise(promise_date=date(2026, 11, 9))

    def test_dispute_opens_the_form_and_goes_on_with_the_list(self):
        with freeze_time(CALL):
            form = self._open_form()
            form.outcome = "reached"
            form.agreement = "dispute"
            form.note = "Wrong colour"
            action = form.save().action_save_next()
            self.assertEqual(action["res_model"], "dunning.hold.add")
            pause_form = Form(
                self.env["dunning.hold.add"].with_context(**action["context"])
            )
            pause_form.category_id = self.env["dunning.dispute.category"].create(
                {"name": "Goods"}
            )
            pause = pause_form.save()
            following = pause.action_pause()

        self.assertEqual((pause.kind, pause.note), ("dispute", "Wrong colour"))
        self.assertEqual(following["tag"], "display_notification")
        self.assertEqual(self._get_obstacle(self.move, CALL), "dispute")

    def test_level_of_the_reminder_stays(self):
        self._promise()

        self.assertEqual(self.item.dunning_level_id, self.reminder)
        self.assertEqual(self.move.dunning_last_notice_id.date, FIRST_REMINDER)
