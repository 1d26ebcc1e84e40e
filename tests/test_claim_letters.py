from datetime import date

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon


class ClaimCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.final_demand.write({"with_interest": True, "debtor_kind": "business"})
        cls.final_demand.charges = "claim"
        cls.consumer = cls._create_debtor(
            "Janneke de Wit", is_company=False, email="janneke@wit.example"
        )
        cls.consumer_policy = cls.env["dunning.policy"].create(
            {
                "name": "Consumers",
                "company_id": cls.company.id,
                "debtor_kind": "consumer",
                "sequence": 1,
                "level_ids": [
                    Command.create(
                        cls._prepare_level("demand", "Aanmaning", sequence=10)
                    ),
                    Command.create(
                        cls._prepare_level(
                            "fourteen_day",
                            "Veertiendagenbrief",
                            sequence=20,
                            debtor_kind="consumer",
                            charges="announce",
                            letter_opening="You owe us {amount}.",
                        )
                    ),
                    Command.create(
                        cls._prepare_level(
                            "final_demand",
                            "Sommatie",
                            term=7,
                            sequence=30,
                            charges="claim",
                            with_interest=True,
                        )
                    ),
                ],
            }
        )

    def _get_claim(self, moves, day):
        claims = self._get_items(moves)._get_dunning_claims(day)
        self.assertEqual(len(claims), 1)
        return next(iter(claims.values()))

    def _get_items(self, moves):
        return moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimOfBusiness(ClaimCommon):
    """Commercial interest from the day after the due date; costs when claimed."""

    def test_commercial_interest_from_the_day_after_the_due_date(self):
        move = self._create_due_invoice(5000, due=date(2026, 7, 1))

        claim = self._get_claim(move, date(2026, 8, 30))

        # 5,000 x 10.40 % x 60 / 365 = 85.48.
        self.assertEqual(float(claim.interest), 85.48)
        self.assertEqual(float(claim.costs), 0)
        self.assertEqual(float(claim.total), 5085.48)

    def test_agreed_interest_of_company_and_of_debtor(self):
        move = self._create_due_invoice(36500, due=date(2026, 7, 1))
        self.company.dunning_interest_percent = 12

        # 36,500 x 12 % x 10 / 365 = 120.
        self.assertEqual(float(self._get_claim(move, date(2026, 7, 11)).interest), 120)

        self.debtor.dunning_interest_percent = 6
        self.assertEqual(float(self._get_claim(move, date(2026, 7, 11)).interest), 60)

    def test_payment_lowers_interest_and_credit_note_the_principal(self):
        move = self._create_due_invoice(4650, due=date(2026, 7, 1))
        self.company.dunning_interest_percent = 10
        credit = self._create_due_invoice(1000, move_type="out_refund")
        (self._get_items(move) | self._get_items(credit)).reconcile()
        self._pay(move, 1835, day=date(2026, 7, 11))

        claim = self._get_claim(move, date(2026, 7, 21))

        # Of 4,650 less the credit note 3,650 was ever owed: 10 days at 1 euro a day.
        # 1,835 pays these 10 and 1,825 of the principal, then 10 days at 0.50.
        self.assertEqual(float(claim.principal), 3650)
        self.assertEqual(float(claim.interest), 15)
        self.assertEqual(float(claim.total), 1830)

    def test_costs_on_the_final_demand_only(self):
        moves = self._create_due_invoice(1000) | self._create_due_invoice(234.56)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            notice = self._send(day).notice_ids
            self.assertEqual((notice.amount_costs, notice.amount_interest), (0, 0))

        notice = self._send("2026-12-31").notice_ids

        # 15 % of 1,234.56; 1,234.56 x 10.40 % x 59 / 365 = 20.754.
        self.assertRecordValues(
            notice,
            [
                {
                    "amount_total": 1234.56,
                    "amount_costs": 185.18,
                    "amount_costs_vat": 0.0,
                    # Rounded for each invoice: 1,000 -> 16.81, 234.56 -> 3.94.
                    "amount_interest": 20.75,
                    "amount_claim": 1440.49,
                }
            ],
        )
        claim = self._get_claim(moves, date(2026, 12, 31))
        self.assertEqual(float(claim.total), 1440.49)

    def test_flat_costs_for_each_invoice(self):
        self.company.dunning_costs = "flat"
        self._create_due_invoice(1000)
        self._create_due_invoice(500)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)

        notice = self._propose("2026-12-31").notice_ids

        with freeze_time("2026-12-31"):
            self.assertEqual(notice.amount_costs, 80)

    def test_vat_on_costs_when_not_deductible(self):
        self.company.dunning_vat_deductible = False
        self._create_due_invoice(1234.56)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)

        notice = self._send("2026-12-31").notice_ids

        self.assertEqual(
            (notice.amount_costs, notice.amount_costs_vat), (185.18, 38.89)
        )

    def test_foreign_currency_costs_by_the_scale_in_euro(self):
        usd = self.setup_other_currency("USD", rates=[("1900-01-01", 2.0)])
        self._create_due_invoice(1000, currency_id=usd.id)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)

        notice = self._send("2026-12-31").notice_ids

        # 1,000 dollars is 500 euro; 15 % is 75 euro or 150 dollars.
        self.assertEqual(notice.amount_costs, 150)

    def test_frozen_claim_does_not_follow_later_payments(self):
        move = self._create_due_invoice(1000)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            notice = self._send(day).notice_ids
        frozen = notice.read(["amount_claim", "claim_data"])

        self._pay(move, 500, day=date(2027, 1, 4))
        notice.line_ids.invalidate_recordset()

        self.assertEqual(notice.read(["amount_claim", "claim_data"]), frozen)
        [item] = notice.claim_data["items"]
        self.assertEqual(item["principal"], "1000.00")
        self.assertEqual(item["segments"][0]["percent"], "10.40")
        self.assertEqual(item["segments"][0]["days"], 59)

    def test_removed_line_lowers_the_proposed_claim(self):
        self._create_due_invoice(1000)
        self._create_due_invoice(500)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)
        notice = self._propose("2026-12-31").notice_ids

        with freeze_time("2026-12-31"):
            self.assertEqual(notice.amount_costs, 225)  # 15 % of 1,500
            notice.line_ids[1].unlink()
            self.assertEqual(notice.amount_costs, 150)


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
