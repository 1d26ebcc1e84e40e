from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .arrangement_common import DRAWN_UP, FIRST, SIGNATURE, ArrangementCommon

#: Open until the day of the first instalment; the paper comes five days after it.
SIGNED, EXPIRED, RECORDED = FIRST, date(2026, 11, 21), date(2026, 11, 25)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementRevive(ArrangementCommon):
    """The paper was signed in time, and comes when the offer has expired."""

    def setUp(self):
        super().setUp()
        self.move = self._create_due_invoice(amount=300.0)
        self.arrangement = self._offer(self.move, with_interest=False)

    def _expire(self):
        self.env.invalidate_all()
        with freeze_time(EXPIRED):
            self.env["payment.arrangement"]._follow_company(self.company)
        self.assertRecordValues(
            self.arrangement, [{"state": "expired", "ended_on": EXPIRED}]
        )

    def _record(self, day=SIGNED, arrangement=None):
        """Record the paper that was signed on a day."""
        self.env.invalidate_all()
        with freeze_time(RECORDED):
            action = (arrangement or self.arrangement).action_sign_on_paper()
            self.env[action["res_model"]].with_context(**action["context"]).create(
                {"document": SIGNATURE, "filename": "getekend.png", "date": day}
            ).action_sign()

    def _replace(self):
        """Draw up new terms in the place of the arrangement."""
        with freeze_time(RECORDED):
            context = self.arrangement.action_replace()["context"]
            wizard = (
                self.env["payment.arrangement.wizard"]
                .with_context(**context)
                .create({"first_date": date(2026, 12, 1)})
            )
            newer_id = wizard.action_draw_up()["res_id"]
        return self.env["payment.arrangement"].browse(newer_id)

    # === RECORDED === #

    def test_offer_that_was_signed_in_time_runs_after_all(self):
        self._expire()
        before = self.arrangement.message_ids
        clerk = new_test_user(
            self.env,
            "kantoor",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

        self._record(arrangement=self.arrangement.with_user(clerk))

        self.assertRecordValues(
            self.arrangement,
            [
                {
                    "state": "active",
                    "started_on": SIGNED,
                    "signed_how": "paper",
                    "ended_on": False,
                    "end_reason": False,
                }
            ],
        )
        self.assertEqual(self.arrangement.signed_document_id.name, "getekend.png")
        self.assertTrue(self.arrangement.item_ids.is_live)
        texts = " ".join((self.arrangement.message_ids - before).mapped("body"))
        self.assertIn("Signed on 20-11-2026, while the offer was open", texts)
        with freeze_time(RECORDED):
            self.assertEqual(self.arrangement.days_late, 5)

    def test_payment_in_part_counts_for_the_instalments(self):
        self._expire()
        self._pay(self.move, 130, day=RECORDED)

        self._record()

        # The first of 100 is paid, and 30 of the second.
        self.assertEqual(
            self._see(self.arrangement, RECORDED), ("on_time", 130, 170, 0)
        )

    def test_new_terms_that_were_signed_in_time_end_the_old_ones(self):
        first = self.arrangement
        with freeze_time(DRAWN_UP):
            first._activate()
            context = first.action_replace()["context"]
            wizard = (
                self.env["payment.arrangement.wizard"]
                .with_context(**context)
                .create({"first_date": FIRST})
            )
            self.arrangement = first.browse(wizard.action_draw_up()["res_id"])
            self.arrangement.action_offer()
        self._expire()

        self._record()

        self.assertEqual((first.state, self.arrangement.state), ("cancelled", "active"))

    def test_draft_in_its_place_does_not_matter(self):
        self._expire()
        self._replace()

        self._record()

        self.assertEqual(self.arrangement.state, "active")

    def test_day_of_an_expired_offer_is_asked(self):
        def get_day():
            action = self.arrangement.action_sign_on_paper()
            wizard = self.env[action["res_model"]].with_context(**action["context"])
            return Form(wizard).date

        with freeze_time(DRAWN_UP):
            self.assertEqual(get_day(), DRAWN_UP)
        self._expire()
        self.assertFalse(get_day())

    # === REFUSED === #

    def _assert_refused(self, text, state="expired", **values):
        with self.assertRaisesRegex(UserError, text):
            self._record(**values)
        self.assertEqual(self.arrangement.state, state)

    def test_signed_after_the_last_day(self):
        self._expire()

        self._assert_refused("open until", day=EXPIRED)

    def test_offer_that_was_withdrawn(self):
        with freeze_time(DRAWN_UP):
            self.arrangement._cancel("Ingetrokken")

        self._assert_refused("Reload", state="cancelled")

    def test_offer_that_was_made_anew(self):
        self._expire()
        newer = self._replace()
        with freeze_time(RECORDED):
            newer.action_offer()

        self._assert_refused(f"{newer.name} was offered in the place")

        # Nor when that one was withdrawn: the terms were not on offer any more.
        with freeze_time(RECORDED):
            newer._cancel("Ingetrokken")
        self._assert_refused(f"{newer.name} was offered in the place")

    def test_item_in_another_arrangement(self):
        self._expire()
        other = self._start(self.move, day=RECORDED, first_date=date(2026, 12, 1))

        self._assert_refused(f"is in arrangement {other.name} already")

    def test_items_that_are_paid(self):
        self._expire()
        self._pay(self.move, 300, day=RECORDED)

        self._assert_refused("Nothing is open any more")

    def test_signing_an_expired_offer_online(self):
        self._expire()

        with freeze_time(RECORDED), self.assertRaisesRegex(UserError, "Reload"):
            self.arrangement._sign("G. Aar", SIGNATURE, "192.0.2.7")
