from datetime import date

from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCommon

LATER = date(2027, 1, 20)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimAfterNotice(ClaimCommon):
    """What a fourteen-day notice announced shrinks to what is owed, and never grows."""

    def setUp(self):
        super().setUp()
        self.move = self._create_due_invoice(1000, partner=self.consumer)

    def _announce(self):
        self._send("2026-11-05")
        return self._send("2026-11-24").notice_ids

    def _get_costs(self, day=LATER):
        claim = self._get_claim(self.move, day)
        return float(claim.costs), float(claim.vat)

    def _dispute(self, amount, day, review="2027-03-01"):
        category = self.env.ref("l10n_nl_dunning.dunning_dispute_category_quality")
        with freeze_time(day):
            return self.env["dunning.hold"]._dispute_items(
                self._get_item(self.move),
                {"category_id": category.id, "date_review": review},
                amount,
            )

    def test_credit_note(self):
        notice = self._announce()
        self.assertEqual(notice.amount_announced, 150)
        credit = self._create_due_invoice(
            400,
            partner=self.consumer,
            move_type="out_refund",
            invoice_date=date(2026, 12, 20),
        )
        (self._get_items(self.move) | self._get_items(credit)).reconcile()

        # 15 % of 600.
        self.assertEqual(self._get_costs(), (90, 0))

    def test_payment_within_the_term(self):
        self._announce()
        self._pay(self.move, 600, day=date(2026, 12, 10))

        # 15 % of 400.
        self.assertEqual(self._get_costs(), (60, 0))

    def test_payment_after_the_term_leaves_the_costs(self):
        self._announce()
        self._pay(self.move, 600, day=date(2026, 12, 20))

        self.assertEqual(self._get_costs(), (150, 0))

    def test_dispute_while_it_lasts_and_when_it_was_justified(self):
        self._announce()
        hold = self._dispute(400, "2026-12-01")
        # 15 % of 600.
        self.assertEqual(self._get_costs(), (90, 0))

        with freeze_time("2026-12-20"):
            hold.outcome = "justified"
            hold._end("He is right")
            credit = self._create_due_invoice(
                400,
                partner=self.consumer,
                move_type="out_refund",
                invoice_date=date(2026, 12, 20),
            )
        (self._get_items(self.move) | self._get_items(credit)).reconcile()

        self.assertEqual(self._get_costs(), (90, 0))

    def test_claimed_when_a_dispute_ran_out_as_they_were_announced(self):
        self._create_due_invoice(130, partner=self.consumer, move_type="out_refund")
        self._dispute(400, "2026-11-04", review="2026-12-04")
        notice = self._announce()
        # 1,000 less what is disputed and what is credited: 15 % of 470.
        self.assertEqual((notice.amount_total, notice.amount_announced), (470, 70.5))

        self._send("2026-12-07")  # asks the owner of the dispute what to do next
        final = self._send("2026-12-15").notice_ids

        # All is demanded now, but the costs are those that were announced.
        self.assertEqual(final.level_id.kind, "final_demand")
        self.assertEqual((final.amount_total, final.amount_costs), (870, 70.5))

    def test_waiver_and_its_end(self):
        self._announce()
        with freeze_time("2026-12-20"):
            waiver = self.env["dunning.waiver"]._waive(
                self._get_items(self.move), "costs", False, "Coulance"
            )
        self.assertEqual(self._get_costs(), (0, 0))

        waiver.write(
            {
                "end_date": "2027-01-04",
                "end_reason": "By mistake",
                "end_user_id": self.env.uid,
            }
        )

        self.assertEqual(self._get_costs(), (150, 0))

    def test_costs_waived_when_the_notice_was_made_were_not_announced(self):
        self._send("2026-11-05")
        with freeze_time("2026-11-20"):
            waiver = self.env["dunning.waiver"]._waive(
                self._get_items(self.move), "costs", False, "Coulance"
            )
        notice = self._send("2026-11-24").notice_ids
        self.assertEqual(notice.amount_announced, 0)

        waiver.write(
            {
                "end_date": "2027-01-04",
                "end_reason": "By mistake",
                "end_user_id": self.env.uid,
            }
        )

        # No costs were announced, so none become due (6:96(6) BW).
        self.assertEqual(self._get_costs(), (0, 0))

    def test_payment_that_comes_back_does_not_raise_the_costs(self):
        payment = self._pay(self.move, 500, day=date(2026, 11, 20))
        notice = self._announce()
        self.assertEqual(notice.amount_announced, 75)
        payment.action_draft()
        payment.action_cancel()

        self.assertEqual(self._get_costs(), (75, 0))

    def test_vat_that_was_not_announced_is_not_claimed(self):
        self._announce()
        self.company.write(
            {"dunning_vat_deductible": False, "dunning_third_party": True}
        )

        self.assertEqual(self._get_costs(), (150, 0))

    def test_vat_is_announced_where_a_third_party_charges_it(self):
        self.company.write(
            {"dunning_vat_deductible": False, "dunning_third_party": True}
        )
        notice = self._announce()

        # 21 % of 150 is 31.50.
        self.assertEqual(notice.amount_announced, 181.5)
        self.assertEqual(notice.claim_data["announced_vat"], "31.50")
        self.assertEqual(self._get_costs(), (150, 31.5))

    def test_other_rate_of_a_currency_does_not_raise_the_costs(self):
        usd = self.setup_other_currency(
            "USD", rates=[("1900-01-01", 2.0), ("2027-01-01", 4.0)]
        )
        move = self._create_due_invoice(
            100, partner=self._create_consumer(), currency_id=usd.id
        )
        for day in ("2026-11-05", "2026-11-24"):
            self._send(day, partners=move.partner_id)

        # The minimum of 40 euro was 80 dollars; it would be 160 today.
        self.assertEqual(float(self._get_claim(move, LATER).costs), 80)

    def _create_consumer(self):
        return self._create_debtor("Piet", is_company=False, email="piet@example.com")
