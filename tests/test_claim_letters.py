from datetime import date

from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCommon


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

    def test_agreed_interest_compounds_only_when_that_was_agreed(self):
        move = self._create_due_invoice(36000, due=date(2024, 11, 2))
        day = date(2026, 11, 2)
        self.company.dunning_interest_percent = 5

        # 6:119(2) BW is about statutory interest: two years of 5 % of 36,000.
        self.assertEqual(float(self._get_claim(move, day).interest), 3600)

        self.company.dunning_interest_compounds = True
        # The interest of the first year bears 5 % in the second. Here 59 days of that
        # year are each 1/366 of 2024: 1,799.21, and 5 % of 37,799.21 is 1,889.96.
        self.assertEqual(float(self._get_claim(move, day).interest), 3689.17)

        # What was agreed with the customer comes first, its compounding too.
        self.debtor.dunning_interest_percent = 5
        self.assertEqual(float(self._get_claim(move, day).interest), 3600)

        self.debtor.dunning_interest_compounds = True
        self.assertEqual(float(self._get_claim(move, day).interest), 3689.17)

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

    def _pay_around_the_final_demand(self, before=0, after=0):
        """Pay parts of 1,000 on the day of the letter that claims costs.

        :return: the costs of the letter, and those due five days later
        """
        move = self._create_due_invoice(1000)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)
        if before:
            self._pay(move, before, day=date(2026, 12, 31))
        notice = self._send("2026-12-31").notice_ids
        if after:
            self._pay(move, after, day=date(2026, 12, 31))
        later = self._get_claim(move, date(2027, 1, 5))
        return notice.amount_costs, float(later.costs)

    def test_paid_on_the_day_before_the_letter_was_made_lowers_the_costs(self):
        costs, later = self._pay_around_the_final_demand(before=400)

        # 15 % of 600, which is what the letter asks for.
        self.assertEqual((costs, later), (90, 90))

    def test_paid_on_the_day_after_the_letter_was_made_leaves_the_costs(self):
        costs, later = self._pay_around_the_final_demand(after=400)

        self.assertEqual((costs, later), (150, 150))

    def test_costs_of_a_letter_are_not_over_what_is_disputed(self):
        move = self._create_due_invoice(1000)
        item = self._get_items(move)
        day = date(2026, 12, 31)
        self._pay(move, 400, day=day)
        category = self.env.ref("l10n_nl_dunning.dunning_dispute_category_quality")
        with freeze_time(day):
            self.env["dunning.hold"]._dispute_items(
                item, {"date_review": "2027-01-31", "category_id": category.id}, 100
            )
            claims = item._get_dunning_item_claims(day, {item.id: self.final_demand})

        # 15 % of 1,000 less 400 that was paid and 100 in dispute.
        self.assertEqual(float(claims[item.id].costs), 75)

    def test_later_letter_shares_the_scale_with_earlier_costs(self):
        self._create_due_invoice(100)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            notice = self._send(day).notice_ids
        self.assertEqual(notice.amount_costs, 40)
        self._create_due_invoice(100, due=date(2026, 12, 31))
        for day in ("2027-01-07", "2027-01-26", "2027-02-12", "2027-03-03"):
            notice = self._send(day).notice_ids

        # The scale over 200 is 40, which the first letter claimed: not 40 once more.
        self.assertEqual(notice.level_id, self.final_demand)
        self.assertEqual(notice.amount_costs, 0)

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
        self.company.write(
            {"dunning_vat_deductible": False, "dunning_third_party": True}
        )
        self._create_due_invoice(1234.56)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)

        notice = self._send("2026-12-31").notice_ids

        self.assertEqual(
            (notice.amount_costs, notice.amount_costs_vat), (185.18, 38.89)
        )

    def test_own_collection_bears_no_vat(self):
        self.company.dunning_vat_deductible = False
        self._create_due_invoice(1234.56)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)

        notice = self._send("2026-12-31").notice_ids

        # Article 2(3) of the decree: nobody charges the creditor VAT.
        self.assertEqual((notice.amount_costs, notice.amount_costs_vat), (185.18, 0))

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
