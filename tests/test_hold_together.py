from datetime import date
from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import FIRST_REMINDER, DunningCommon

REVIEW = date(2026, 11, 12)
LATER = date(2026, 11, 20)
LONG = date(2026, 11, 30)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestHoldTogether(DunningCommon):
    """Several holds at once, and what happens to holds when something goes wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._create_due_invoice(100)
        cls.item = cls._get_item(cls.move)
        cls.other = cls._create_due_invoice(50)

    def _dispute(self, amount=None, until=LONG):
        with freeze_time(FIRST_REMINDER):
            return self.env["dunning.hold"]._dispute_items(
                self.item,
                {
                    "date_review": until,
                    "category_id": self.env.ref(
                        "l10n_nl_dunning.dunning_dispute_category_price"
                    ).id,
                },
                amount,
            )

    def _hold(self, until=REVIEW, **values):
        with freeze_time(FIRST_REMINDER):
            return self.env["dunning.hold"]._hold_debtors(
                self.debtor,
                self.company,
                {"kind": "internal", "date_review": until, **values},
            )

    # === TOGETHER === #

    def test_dispute_goes_on_after_a_pause_of_the_debtor(self):
        self._hold()
        self._dispute()

        self.assertEqual(self._get_obstacle(self.move, REVIEW), "dispute")
        self.assertEqual(self._get_obstacle(self.other, REVIEW), "paused")
        self.assertEqual(self._get_obstacle(self.move, LATER), "dispute")
        self.assertFalse(self._get_obstacle(self.other, LATER))

    def test_pause_covers_also_what_is_not_disputed(self):
        self._hold()
        self._dispute(30)

        self.assertEqual(self._get_obstacle(self.move, REVIEW), "paused")
        self.assertFalse(self._get_obstacle(self.move, LATER))

    def test_more_disputed_than_is_still_open(self):
        self._dispute(60)
        self._pay(self.move, amount=70)

        self.assertEqual(self._get_obstacle(self.move, LATER), "dispute")
        with freeze_time(LATER):
            claims = self.item._get_dunning_disputes(LATER)
        self.assertEqual(claims[self.item.id]["suspended"], 30)

    def test_one_of_two_disputes_over_frees_its_part(self):
        first = self._dispute(60)
        second = self._dispute(40)
        self.assertEqual(self._get_obstacle(self.move, LATER), "dispute")

        with freeze_time(REVIEW):
            first._conclude("withdrawn", "He had miscounted")
        self.assertFalse(self._get_obstacle(self.move, LATER))
        with freeze_time(LATER):
            claims = self.item._get_dunning_disputes(LATER)
        self.assertEqual(claims[self.item.id]["suspended"], 40)
        self.assertEqual(second.state, "active")

    def test_planned_pause_ended_before_it_began(self):
        hold = self._hold(until=LONG, date_from=LATER)
        with freeze_time(FIRST_REMINDER):
            self.assertEqual(hold.state, "planned")

        with freeze_time(REVIEW):
            hold._end("Not needed")
            self.assertEqual(hold.state, "ended")

        self.assertFalse(self._get_obstacle(self.move, LATER))
        with freeze_time(LONG):
            self.env["dunning.hold"]._announce_expiry(self.company)
        self.assertFalse(hold.date_announced or hold.activity_ids)

    # === WHEN SOMETHING GOES WRONG === #

    def test_owner_who_cannot_be_asked_does_not_stop_the_others(self):
        bad, good = self._hold(), self._hold()
        Hold = self.registry["dunning.hold"]
        schedule = Hold._schedule_review

        def fail(hold, today):
            if hold == bad:
                raise ValueError("no such user")
            return schedule(hold, today)

        with (
            freeze_time(REVIEW),
            patch.object(Hold, "_schedule_review", fail),
            mute_logger("odoo.addons.l10n_nl_dunning.models.hold.dunning_hold"),
        ):
            self.env["dunning.run"]._work_daily(self.company)

        self.assertEqual(bad.date_announced, REVIEW)
        self.assertTrue(good.activity_ids)
        self.assertFalse(bad.activity_ids)
