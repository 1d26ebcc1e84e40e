from datetime import date

from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCommon

LATER = date(2027, 1, 20)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestAnnouncedCosts(ClaimCommon):
    """A consumer owes costs over what the fourteen-day notice asked of him, no more."""

    def _send_notice(self, move):
        for day in ("2026-11-05", "2026-11-24"):
            notice = self._send(day).notice_ids
        self.assertEqual(notice.level_id.kind, "fourteen_day")
        self.assertEqual(notice.line_ids.move_line_id, self._get_items(move))
        return notice

    def test_payment_of_the_same_day_is_taken_off(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        self._send("2026-11-05")
        self._pay(move, 500, day=date(2026, 11, 24))

        notice = self._send("2026-11-24").notice_ids

        # 15 % of the 500 that the notice asks for: one wrong euro and it has no effect.
        self.assertEqual((notice.amount_claim, notice.amount_announced), (500, 75))
        self.assertEqual(float(self._get_claim(move, LATER).costs), 75)

    def test_payment_that_comes_back_after_the_notice(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        payment = self._pay(move, 500, day=date(2026, 11, 20))
        notice = self._send_notice(move)
        self.assertEqual(notice.amount_announced, 75)

        payment.action_draft()
        payment.action_cancel()

        claim = self._get_claim(move, LATER)
        self.assertEqual((claim.open_principal, float(claim.costs)), (1000, 75))

    def test_dispute_that_was_not_justified(self):
        move = self._create_due_invoice(1000, partner=self.consumer)
        self._send("2026-11-05")
        with freeze_time("2026-11-20"):
            hold = self.env["dunning.hold"]._dispute_items(
                self._get_item(move),
                {
                    "category_id": self.env.ref(
                        "l10n_nl_dunning.dunning_dispute_category_quality"
                    ).id
                },
                400,
            )
        notice = self._send("2026-11-24").notice_ids
        # 15 % of 600.
        self.assertEqual((notice.amount_claim, notice.amount_announced), (600, 90))

        with freeze_time("2026-12-01"):
            hold.outcome = "unjustified"
            hold._end("Looked into it")

        claim = self._get_claim(move, LATER)
        self.assertEqual((claim.open_principal, float(claim.costs)), (1000, 90))

    def test_business_owes_costs_over_all(self):
        move = self._create_due_invoice(1000)
        payment = self._pay(move, 500, day=date(2026, 11, 20))
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            self._send(day)
        payment.action_draft()
        payment.action_cancel()

        self.assertEqual(float(self._get_claim(move, LATER).costs), 150)
