from datetime import date

from odoo.tests import tagged

from .claim_common import ClaimCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestFourteenDayAlone(ClaimCommon):
    """The fourteen-day notice is a letter of its own: 6:96(6) BW.

    The ladder of consumers: demand on 5 November with a term until the 19th, then the
    notice on Tuesday 24 November.
    """

    def setUp(self):
        super().setUp()
        self.first = self._create_due_invoice(300, partner=self.consumer)
        self._send("2026-11-05")

    def test_holds_nothing_else(self):
        # Due on the 18th: the demand is due on Monday 23 November.
        second = self._create_due_invoice(
            200, partner=self.consumer, due=date(2026, 11, 18)
        )

        [notice] = self._send("2026-11-24").notice_ids

        self.assertEqual(notice.level_id.kind, "fourteen_day")
        self.assertEqual(notice.line_ids.move_id, self.first)
        self.assertEqual((notice.amount_claim, notice.amount_announced), (300, 45))
        self.assertEqual(self._get_obstacle(second, date(2026, 11, 24)), "interval")

    def test_round_says_why_the_other_item_waits(self):
        second = self._create_due_invoice(
            200, partner=self.consumer, due=date(2026, 11, 18)
        )

        self.assertEqual(self._get_obstacle(second, date(2026, 11, 24)), "alone")
        run = self._propose("2026-11-24")

        self.assertRecordValues(
            run.obstacle_ids,
            [{"obstacle": "alone", "item_data": self._get_item(second).ids}],
        )

    def test_other_item_follows_after_the_interval(self):
        second = self._create_due_invoice(
            200, partner=self.consumer, due=date(2026, 11, 18)
        )
        self._send("2026-11-24")

        self.assertFalse(self._send("2026-11-30").notice_ids)
        [notice] = self._send("2026-12-01").notice_ids

        self.assertEqual(notice.line_ids.move_id, second)
        self.assertEqual(notice.level_id.kind, "demand")

    def test_letter_of_yesterday_does_not_keep_it_back(self):
        self._create_due_invoice(200, partner=self.consumer, due=date(2026, 11, 18))
        self._send("2026-11-23")

        [notice] = self._send("2026-11-24").notice_ids

        self.assertEqual(notice.line_ids.move_id, self.first)

    def test_two_items_of_that_level_in_one_demand(self):
        second = self._create_due_invoice(
            200, partner=self.consumer, due=date(2026, 11, 3)
        )
        self._send("2026-11-12")

        [notice] = self._send("2026-12-01").notice_ids

        # Demand of the second on the 12th, term until the 26th, then three days.
        self.assertEqual(notice.line_ids.move_id, self.first | second)
        # 15 % of 500, once.
        self.assertEqual(notice.amount_announced, 75)

    def test_two_levels_are_two_letters(self):
        # The same ladder for invoices up to 250, another day later.
        small = self.consumer_policy.copy({"amount_to": 250, "sequence": 0})
        second = self._create_due_invoice(
            200, partner=self.consumer, due=date(2026, 11, 3)
        )
        self._send("2026-11-12")

        [first] = self._send("2026-12-01").notice_ids
        [other] = self._send("2026-12-02").notice_ids

        self.assertEqual(first.line_ids.move_id, self.first)
        self.assertEqual(other.line_ids.move_id, second)
        self.assertEqual(other.level_id.policy_id, small)
        # 15 % of 300; then 15 % of 500, of which 45 were told.
        self.assertEqual((first.amount_announced, other.amount_announced), (45, 30))

    def test_what_is_nothing_on_balance_does_not_keep_the_others_back(self):
        second = self._create_due_invoice(
            500, partner=self.consumer, due=date(2026, 11, 18)
        )
        self._create_due_invoice(320, partner=self.consumer, move_type="out_refund")

        [notice] = self._send("2026-11-24").notice_ids

        self.assertEqual(notice.line_ids.filtered("level_id").move_id, second)
