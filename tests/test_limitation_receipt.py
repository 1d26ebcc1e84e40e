from datetime import date

from odoo.tests import freeze_time, tagged

from .arrangement_common import ArrangementCommon
from .limitation_common import LimitationCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestReceipt(LimitationCommon):
    """The term begins anew on the day after receipt: 3:37(3), 3:317 and 3:319 BW."""

    def _post_interruption(self, move, posted, delivered=None):
        self.level.write({"by_email": False, "by_post": True})
        notices = self._interrupt(move, "2026-02-10")
        with freeze_time("2026-02-10"):
            notices.action_confirm()
            notices.deliver()
        with freeze_time(posted):
            notices.delivery_ids._set_posted(posted)
        if delivered:
            with freeze_time(delivered):
                notices.delivery_ids.action_delivered()
        return notices

    def test_posted_letter_is_presumed_to_be_there_on_the_second_day(self):
        for posted, last_day in (
            # Thursday: Friday and Saturday.
            (date(2026, 2, 12), date(2031, 2, 14)),
            # Friday: Saturday, and Tuesday.
            (date(2026, 2, 13), date(2031, 2, 17)),
        ):
            with self.subTest(posted=posted):
                move = self._create_old_invoice(date(2022, 3, 2))
                self._post_interruption(move, posted)

                self.assertEqual(self._get_last_day(move), last_day)

    def test_days_of_margin(self):
        self.company.dunning_delivery_margin = 1
        move = self._create_old_invoice(date(2022, 3, 2))

        self._post_interruption(move, date(2026, 2, 12))

        # Saturday 14, then neither Sunday nor Monday.
        self.assertEqual(self._get_last_day(move), date(2031, 2, 17))

    def test_proven_receipt_counts_instead(self):
        move = self._create_old_invoice(date(2022, 3, 2))

        self._post_interruption(move, date(2026, 2, 12), delivered=date(2026, 2, 20))

        self.assertEqual(self._get_last_day(move), date(2031, 2, 20))

    def test_mail_is_there_the_same_day(self):
        move = self._create_old_invoice(date(2022, 3, 2))

        self._send_interruption(move, "2026-02-10")

        self.assertEqual(self._get_last_day(move), date(2031, 2, 10))


@tagged("post_install_l10n", "post_install", "-at_install")
class TestAcknowledgement(LimitationCommon, ArrangementCommon):
    """Who acknowledges the claim makes its term begin anew: 3:318 BW."""

    def test_promise(self):
        # Due on 2 March 2022: five years are 2 March 2027.
        move = self._create_old_invoice(date(2022, 3, 2))
        other = self._create_old_invoice(date(2022, 3, 2))

        with freeze_time("2026-11-23"):
            self.env["dunning.hold"].create(
                {
                    "kind": "promise",
                    "partner_id": self.debtor.id,
                    "company_id": self.company.id,
                    "move_line_ids": self._get_item(move).ids,
                    "promise_date": "2026-11-27",
                    "promise_amount": 100,
                }
            )

        self.assertEqual(self._get_last_day(move), date(2031, 11, 23))
        self.assertEqual(self._get_last_day(other), date(2027, 3, 2))

    def test_arrangement_that_was_accepted(self):
        move = self._create_reminded_invoice(300)
        self.assertEqual(self._get_last_day(move), date(2031, 11, 2))

        arrangement = self._offer(move)
        self.assertEqual(self._get_last_day(move), date(2031, 11, 2))
        with freeze_time("2026-11-06"):
            arrangement._activate()

        self.assertEqual(self._get_last_day(move), date(2031, 11, 6))
