from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon

#: The demand goes out on Tuesday 24 November; the call is due three working days later.
DEMAND = date(2026, 11, 24)
CALL = date(2026, 11, 27)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCallList(DunningCommon):
    """Whom to call today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.demand.write({"with_call": True, "call_delay": 3})
        cls.company.write(
            {"dunning_call_retry_days": 2, "dunning_call_max_attempts": 3}
        )
        cls.move = cls._create_due_invoice(250)
        cls.item = cls._get_item(cls.move)

    def setUp(self):
        super().setUp()
        self._send(FIRST_REMINDER)
        self._send(DEMAND)

    def _get_calls(self, day):
        """Return the list of a day."""
        self.env.invalidate_all()
        with freeze_time(day):
            calls = self.env["dunning.call"].search([])
            calls.fetch()
        return calls

    def _create_contact(self, day, outcome, **values):
        with freeze_time(f"{day} 09:00:00"):
            return self.env["dunning.contact"].create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.debtor.id,
                    "move_line_ids": [Command.set(self.item.ids)],
                    "outcome": outcome,
                    **values,
                }
            )

    # === AFTER A LETTER === #

    def test_level_with_call_puts_debtor_on_the_list_after_its_delay(self):
        self.assertFalse(self._get_calls(date(2026, 11, 26)))
        calls = self._get_calls(CALL)

        self.assertRecordValues(
            calls,
            [
                {
                    "partner_id": self.debtor.id,
                    "company_id": self.company.id,
                    "kind": "letter",
                    "date": CALL,
                    "amount": 250,
                    "item_count": 1,
                    "days_late": 25,  # 2 to 27 November
                }
            ],
        )
        self.assertEqual(calls.level_id, self.demand)
        self.assertEqual(calls.notice_date, DEMAND)

    def test_level_without_call_puts_nobody_on_the_list(self):
        self.demand.with_call = False

        self.assertFalse(self._get_calls(CALL))

    def test_later_letter_without_call_takes_debtor_off(self):
        self._send(date(2026, 12, 11))

        self.assertFalse(self._get_calls(date(2026, 12, 18)))

    def test_undelivered_letter_asks_for_no_call(self):
        other = self._create_debtor("Garage")
        self._create_due_invoice(partner=other)
        self._send(FIRST_REMINDER)
        run = self._propose(DEMAND)
        with freeze_time(DEMAND):
            run.action_confirm()
        self._deliver(DEMAND)
        self.assertTrue(run.notice_ids)
        self._refuse_mails(run.notice_ids)

        self.assertEqual(self._get_calls(CALL).partner_id, self.debtor)

    def test_paid_item_is_not_called_about(self):
        self._pay(self.move)

        self.assertFalse(self._get_calls(CALL))

    def test_open_credit_that_covers_all_takes_debtor_off(self):
        refund = self._create_due_invoice(250, move_type="out_refund")
        self.assertFalse(self._get_calls(CALL))

        refund.button_draft()
        self.assertTrue(self._get_calls(CALL))

    def test_excluded_item_is_not_called_about(self):
        self.move.no_followup = True

        self.assertFalse(self._get_calls(CALL))

    def test_call_is_about_all_that_is_overdue(self):
        self._create_due_invoice(40, due=date(2026, 11, 25))
        self._create_due_invoice(60, due=date(2026, 12, 25))

        calls = self._get_calls(CALL)

        self.assertRecordValues(calls, [{"amount": 290, "item_count": 2}])

    def test_debtor_who_was_reached_is_off_the_list(self):
        self._create_contact(CALL, "reached")

        self.assertFalse(self._get_calls(date(2026, 12, 7)))

    def test_contact_before_the_letter_does_not_count(self):
        self._create_contact(date(2026, 11, 20), "reached")

        self.assertTrue(self._get_calls(CALL))

    # === WHO WAS NOT REACHED === #

    def test_failed_attempt_returns_after_working_days(self):
        contact = self._create_contact(CALL, "voicemail")

        self.assertEqual(contact.next_date, date(2026, 12, 1))  # over the weekend
        self.assertFalse(self._get_calls(date(2026, 11, 30)))
        self.assertRecordValues(
            self._get_calls(date(2026, 12, 1)),
            [{"kind": "retry", "date": date(2026, 12, 1)}],
        )

    def test_last_attempt_in_vain_ends_in_an_activity(self):
        self._create_contact(CALL, "voicemail")
        self._create_contact(date(2026, 12, 1), "not_reached")
        self.assertFalse(self.move.activity_ids)

        last = self._create_contact(date(2026, 12, 3), "not_reached")

        self.assertFalse(last.next_date)
        self.assertFalse(self._get_calls(date(2026, 12, 10)))
        self.assertRecordValues(
            self.move.activity_ids,
            [
                {
                    "summary": "Bakkerij De Gouden Aar B.V. was not reached by "
                    "telephone",
                    "user_id": self.env.uid,
                }
            ],
        )

    def test_attempts_count_anew_when_the_debtor_was_reached_in_between(self):
        self._create_contact(CALL, "voicemail")
        self._create_contact(date(2026, 11, 28), "not_reached")
        self._create_contact(date(2026, 12, 1), "reached")

        contact = self._create_contact(date(2026, 12, 3), "not_reached")

        self.assertEqual(contact.next_date, date(2026, 12, 7))

    def test_attempts_count_anew_after_a_letter(self):
        for day in (date(2026, 11, 27), date(2026, 12, 1)):
            self._create_contact(day, "voicemail")
        self._send(date(2026, 12, 11))

        contact = self._create_contact(date(2026, 12, 14), "voicemail")

        self.assertEqual(contact.next_date, date(2026, 12, 16))

    def test_paid_item_is_not_called_about_again(self):
        self._create_contact(CALL, "voicemail")
        self._pay(self.move)
        self._create_due_invoice(40)

        self.assertFalse(self._get_calls(date(2026, 12, 1)))

    # === PLANNED CALLS === #

    def test_planned_call_appears_on_its_day_until_it_was_made(self):
        contact = self._create_contact(
            date(2026, 11, 25),
            "planned",
            next_date=date(2026, 11, 30),
            move_line_ids=False,
        )
        self._create_contact(date(2026, 11, 26), "reached", type="mail")

        self.assertFalse(self._get_calls(CALL))
        self.assertRecordValues(
            self._get_calls(date(2026, 11, 30)), [{"kind": "planned"}]
        )
        contact.outcome = "reached"
        self.assertFalse(contact.next_date)
        self.assertFalse(self._get_calls(date(2026, 11, 30)))

    def test_planned_call_needs_something_open(self):
        self._create_contact(
            date(2026, 11, 25), "planned", next_date=date(2026, 11, 26)
        )
        self._pay(self.move)

        self.assertFalse(self._get_calls(CALL))

    def test_agreed_day_to_call_back_counts(self):
        self._create_contact(CALL, "reached", next_date=date(2026, 12, 3))

        self.assertFalse(self._get_calls(date(2026, 12, 2)))
        self.assertRecordValues(
            self._get_calls(date(2026, 12, 3)), [{"kind": "planned"}]
        )

    # === THE LIST === #

    def test_largest_debt_comes_first_and_next_goes_down(self):
        garage = self._create_debtor("Garage")
        self._create_due_invoice(900, partner=garage)
        self._create_contact(
            date(2026, 11, 25),
            "planned",
            partner_id=garage.id,
            move_line_ids=False,
            next_date=CALL,
        )

        with freeze_time(CALL):
            calls = self.env["dunning.call"].search([])
            self.assertEqual(calls.partner_id, garage | self.debtor)
            self.assertEqual(calls[0]._get_next(), calls[1])
            self.assertFalse(calls[1]._get_next())

    def test_list_is_worked_out_in_few_statements(self):
        with freeze_time(CALL):
            self._get_calls(CALL)
            self.env.invalidate_all()
            with self.assertQueryCount(15):
                self.env["dunning.call"].search([]).mapped("amount")
