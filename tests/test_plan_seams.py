from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER
from .seams_common import SEAMS, SeamCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestObstacleOfAnotherModule(SeamCommon):
    """The credit insurer of an invoice asks to wait: one file of another module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._install("dunning_credit_insurance")

    def test_it_keeps_the_invoice_back_and_says_why(self):
        move = self._create_due_invoice()
        other = self._create_due_invoice()
        move.dunning_insurer_asks = True

        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "insurer_asks")
        self.assertFalse(self._get_obstacle(other, FIRST_REMINDER))
        item = self._get_item(move).with_context(dunning_day="2026-11-05")
        self.assertEqual(
            item.dunning_lift,
            "Agree with the insurer, then take the mark off the invoice.",
        )

    def test_round_counts_it_and_a_letter_drops_it(self):
        move = self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        self.assertEqual(run.notice_ids.line_ids.move_id, move)
        move.dunning_insurer_asks = True

        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._deliver(FIRST_REMINDER)

        self.assertEqual(run.notice_ids.state, "cancelled")
        again = self._propose(FIRST_REMINDER)
        self.assertEqual(again.obstacle_ids.mapped("obstacle"), ["insurer_asks"])

    def test_each_seam_takes_less_than_a_hundred_lines(self):
        for path in SEAMS.glob("*.py"):
            with self.subTest(path=path.name):
                self.assertLess(len(path.read_text().splitlines()), 100)
