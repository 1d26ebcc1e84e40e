from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCommon
from .common import FIRST_REMINDER


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimOfConsumer(ClaimCommon):
    """Interest from default; costs after a fourteen-day notice that has lapsed."""

    def _send_up_to(self, *days):
        for day in days:
            notice = self._send(day).notice_ids
        return notice

    def test_no_interest_before_a_demand_has_lapsed(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        self.assertEqual(self._get_claim(move, date(2026, 12, 1)).interest, 0)

        self._send(FIRST_REMINDER)  # demand, deadline Thursday 19 November

        self.assertEqual(self._get_claim(move, date(2026, 11, 19)).interest, 0)
        # 1,000 x 4 % x 10 / 365 = 1.096.
        self.assertEqual(
            float(self._get_claim(move, date(2026, 11, 29)).interest), 1.10
        )

    def test_agreed_term_puts_consumer_in_default(self):
        self.company.dunning_fatal_term = True
        move = self._create_due_invoice(1000, partner=self.consumer)

        # 1,000 x 4 % x 10 / 365 = 1.096.
        self.assertEqual(
            float(self._get_claim(move, date(2026, 11, 12)).interest), 1.10
        )

    def test_agreed_interest_of_the_company_is_not_for_consumers(self):
        self.company.write({"dunning_fatal_term": True, "dunning_interest_percent": 12})
        move = self._create_due_invoice(1000, partner=self.consumer)

        self.assertEqual(
            float(self._get_claim(move, date(2026, 11, 12)).interest), 1.10
        )

    def test_fourteen_day_notice_announces_one_amount_and_claims_none(self):
        self._create_due_invoice(100, partner=self.consumer)
        self._create_due_invoice(200, partner=self.consumer)
        self._create_due_invoice(250, partner=self.consumer)

        notice = self._send_up_to("2026-11-05", "2026-11-24")

        # 15 % of 550.
        self.assertRecordValues(
            notice,
            [
                {
                    "amount_announced": 82.5,
                    "amount_costs": 0.0,
                    "amount_interest": 0.0,
                    "amount_claim": 550.0,
                }
            ],
        )

    def test_costs_are_due_when_the_notice_has_lapsed(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        self._send_up_to("2026-11-05", "2026-11-24")

        # Dispatched on Tuesday 24 November, presumed delivered on Thursday 26; the
        # fourteen days run from Friday 27 to Thursday 10 December.
        self.assertEqual(self._get_claim(move, date(2026, 12, 10)).costs, 0)
        self.assertEqual(float(self._get_claim(move, date(2026, 12, 11)).costs), 150)

    def test_next_letter_waits_for_the_lapse(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        self._send_up_to("2026-11-05", "2026-11-24")

        # Three working days after Thursday 10 December.
        self.assertEqual(self._get_obstacle(move, date(2026, 12, 14)), "waiting")
        self.assertFalse(self._get_obstacle(move, date(2026, 12, 15)))

    def test_part_payment_in_the_term_lowers_the_costs(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        self._send_up_to("2026-11-05", "2026-11-24")
        self._pay(move, 600, day=date(2026, 12, 10))

        notice = self._send("2026-12-15").notice_ids

        # 15 % of the 400 that was left, not of 1,000.
        self.assertEqual(notice.amount_costs, 60)

    def test_notice_that_bounced_makes_no_costs_due(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        notice = self._send_up_to("2026-11-05", "2026-11-24")
        notice._message_receive_bounce("janneke@wit.example", self.consumer)

        self.assertEqual(self._get_claim(move, date(2027, 1, 31)).costs, 0)

    def test_business_ladder_on_a_consumer_charges_no_costs(self):
        business = self._create_policy(name="By mistake", debtor_kind="business")
        business.level_ids[3].write({"charges": "claim", "with_interest": True})
        self.consumer.with_company(self.company).dunning_policy_id = business
        self._create_due_invoice(1000, partner=self.consumer)

        notice = self._send_up_to(
            "2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"
        )

        self.assertEqual(notice.level_id.kind, "final_demand")
        self.assertEqual(notice.amount_costs, 0)

    def test_instalments_count_once_by_default(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (31, 32)
                ],
            }
        )
        self._create_due_invoice(
            1000,
            partner=self.consumer,
            invoice_payment_term_id=term.id,
            invoice_date_due=False,
        )

        notice = self._send_up_to("2026-11-05", "2026-11-24")
        self.assertEqual(notice.amount_announced, 75)  # 15 % of 500
        # The letter names the amount over which they are, not the 1,000 that it asks.
        self.assertEqual(notice.claim_data["announced_over"], "500.00")
        [letter] = notice._prepare_letter_values().values()
        self.assertIn("€\N{NO-BREAK SPACE}500", letter["main"].request[1])

    def test_registered_letter_received_later_lapses_later(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        notice = self._send_up_to("2026-11-05", "2026-11-24")

        with freeze_time("2026-12-01"):
            notice.delivery_ids.action_delivered()

        # Received on Tuesday 1 December: up to and including Tuesday 15.
        self.assertEqual(self._get_claim(move, date(2026, 12, 15)).costs, 0)
        self.assertEqual(float(self._get_claim(move, date(2026, 12, 16)).costs), 150)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLawfulLadder(ClaimCommon):
    """Ladders that the law does not allow cannot be saved."""

    def test_costs_for_consumers_without_fourteen_day_notice(self):
        with self.assertRaisesRegex(ValidationError, r"6:96\(6\) BW"):
            self.default_notice.charges = "announce"

    def test_costs_for_businesses_only(self):
        self.default_notice.write({"debtor_kind": "business", "charges": "announce"})

    def test_opening_a_business_ladder_to_consumers(self):
        policy = self._create_policy(name="Business", debtor_kind="business")
        policy.level_ids[3].charges = "claim"

        with self.assertRaisesRegex(ValidationError, r"6:96\(6\) BW"):
            policy.debtor_kind = "any"

    def test_archiving_the_fourteen_day_notice(self):
        with self.assertRaisesRegex(ValidationError, r"6:96\(6\) BW"):
            self.consumer_policy.level_ids[1].action_archive()

    def test_fourteen_day_notice_with_a_shorter_term(self):
        with self.assertRaisesRegex(ValidationError, "less than fourteen days"):
            self.consumer_policy.level_ids[1].term_days = 13

    def test_fourteen_day_notice_for_businesses(self):
        with self.assertRaisesRegex(ValidationError, "for consumers only"):
            self.default_notice.write(
                {
                    "kind": "fourteen_day",
                    "charges": "announce",
                    "letter_opening": "You owe us {amount}.",
                }
            )

    def test_fourteen_day_notice_that_names_a_date(self):
        with self.assertRaisesRegex(ValidationError, "cannot name {deadline}"):
            self.consumer_policy.level_ids[1].letter_closing = "Pay before {deadline}."

    def test_fourteen_day_notice_that_claims(self):
        with self.assertRaisesRegex(ValidationError, "cannot claim them yet"):
            self.consumer_policy.level_ids[1].charges = "claim"
