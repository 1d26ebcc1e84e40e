from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .arrangement_common import FIRST, SECOND, ArrangementCommon
from .common import FIRST_REMINDER


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementJob(ArrangementCommon):
    """What happens by itself, each thing once."""

    def setUp(self):
        super().setUp()
        self.move = self._create_reminded_invoice()
        self.arrangement = self._start(self.move, with_interest=False)
        self.seen = self._get_mails()

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "payment.arrangement"),
                ("res_id", "=", self.arrangement.id),
            ],
            order="id",
        )

    def _work_mail_queue(self):
        """Do as the mail queue does when the server accepted the mails."""
        for mail in self._get_mails().filtered(lambda mail: mail.state == "outgoing"):
            mail.state = "sent"
            mail._postprocess_sent_message([], [])

    def _follow(self, *days):
        """Run the job on some days, twice each; return the subjects of new mails."""
        Arrangement = self.env["payment.arrangement"]
        for day in days:
            self.env.invalidate_all()
            with freeze_time(day):
                Arrangement._follow_company(self.company)
                Arrangement._follow_company(self.company)
                self._work_mail_queue()
        mails = self._get_mails() - self.seen
        self.seen |= mails
        return [mail.subject for mail in mails]

    def _let_it_break(self):
        # Due on 20 November, three days of grace: warned on the 24th up to 1 December.
        return self._follow(date(2026, 11, 24), date(2026, 12, 2))

    def test_announces_each_instalment_some_days_before(self):
        self.assertEqual(self._follow(date(2026, 11, 14)), [])
        [subject] = self._follow(date(2026, 11, 15), date(2026, 11, 16))

        self.assertIn("100,00", subject)
        self.assertIn("20\N{NO-BREAK SPACE}november", subject)

    def test_announcement_asks_for_exactly_what_is_open(self):
        self._pay(self.move, 130, day=FIRST)
        [subject] = self._follow(date(2026, 12, 15))

        self.assertIn("70,00", subject)
        self.assertIn("NL91", self.seen[-1].body_html)

    def test_reminds_warns_and_lapses(self):
        self.assertEqual(len(self._follow(date(2026, 11, 21))), 1)
        self.assertEqual(self._follow(date(2026, 11, 22), date(2026, 11, 23)), [])
        [warning] = self._follow(date(2026, 11, 24), date(2026, 12, 1))
        self.assertEqual(self.arrangement.line_ids[0].warned_until, date(2026, 12, 1))
        self.assertEqual(self.arrangement.state, "active")
        [lapse] = self._follow(date(2026, 12, 2), date(2026, 12, 3))

        self.assertIn("vervalt", warning)
        self.assertIn("vervallen", lapse)
        self.assertRecordValues(
            self.arrangement,
            [
                {
                    "state": "broken",
                    "broken_on": date(2026, 12, 2),
                    "lapse_deadline": date(2026, 12, 9),
                    "amount_open": 300.0,
                }
            ],
        )
        self.assertTrue(self.arrangement.lapse_document_id.raw.startswith(b"%PDF"))
        self.assertEqual(len(self.arrangement.activity_ids), 1)

    def test_rests_while_the_law_protects_the_debtor(self):
        with freeze_time(date(2026, 11, 12)):
            protection = self.env["dunning.protection"].create(
                {
                    "partner_id": self.debtor.id,
                    "kind": "debt_counselling",
                    "date": date(2026, 11, 12),
                    "representative_id": self._create_debtor("Kredietbank").id,
                }
            )
        self.assertEqual(self._let_it_break(), [])
        self.assertEqual(self.arrangement.state, "active")

        with freeze_time(date(2026, 12, 3)):
            protection._end(date(2026, 12, 3), "Geen akkoord")
        # No friendly reminder besides the warning, though none was sent before.
        [warning] = self._follow(date(2026, 12, 3))
        self.assertIn("vervalt", warning)

    def test_paying_after_the_warning_saves_it(self):
        self._follow(date(2026, 11, 24))
        self._pay(self.move, 100, day=date(2026, 12, 1))

        self.assertEqual(self._follow(date(2026, 12, 2)), [])
        self.assertEqual(self.arrangement.state, "active")

    def test_dunning_goes_on_at_the_level_where_it_stood(self):
        """The reminder of 5 November still counts; the term of the letter runs first.

        All is due by Wednesday 9 December; three working days later is Monday 14.
        """
        self._let_it_break()

        self.assertEqual(self._get_obstacle(self.move, date(2026, 12, 13)), "waiting")
        run = self._send(date(2026, 12, 14))
        self.assertEqual(run.notice_ids.level_id, self.demand)

    def test_no_new_fourteen_day_letter_after_one_that_lapsed(self):
        self.company.dunning_fatal_term = True
        consumer = self._create_debtor("Jan Jansen", is_company=False)
        policy = self._create_policy(
            name="Consument",
            debtor_kind="consumer",
            sequence=1,
            level_ids=[
                (
                    0,
                    0,
                    self._prepare_level(
                        "fourteen_day",
                        "14 dagen",
                        charges="announce",
                        letter_opening="Please pay {amount}.",
                    ),
                ),
                (0, 0, self._prepare_level("final_demand", "Sommatie", 7, 20)),
            ],
        )
        move = self._create_due_invoice(amount=300.0, partner=consumer)
        self._send(FIRST_REMINDER)
        arrangement = self._start(move, day=date(2026, 11, 30), first_date=SECOND)
        arrangement.write(
            {
                "state": "broken",
                "broken_on": date(2026, 12, 28),
                "lapse_deadline": date(2027, 1, 4),
            }
        )

        run = self._propose(date(2027, 1, 11))

        notice = run.notice_ids.filtered(lambda n: n.partner_id == consumer)
        self.assertEqual(notice.level_id, policy.level_ids[1])

    def test_forgiven_once(self):
        self._let_it_break()
        with freeze_time(date(2026, 12, 3)):
            self.assertTrue(self.arrangement.can_forgive)
            self.arrangement._forgive("Loon kwam te laat", date(2026, 12, 10))

        self.assertEqual(self.arrangement.state, "active")
        self.assertEqual(
            self._get_obstacle(self.move, date(2026, 12, 9)), "arrangement"
        )
        self._follow(date(2026, 12, 10))
        self.assertEqual(self.arrangement.state, "active")
        self._follow(date(2026, 12, 11))
        self.assertEqual(self.arrangement.state, "broken")
        with (
            freeze_time(date(2026, 12, 12)),
            self.assertRaisesRegex(UserError, "before"),
        ):
            self.arrangement._forgive("Nog eens", date(2026, 12, 20))

    def test_fulfilled_is_confirmed_once(self):
        self._pay(self.move, 300, day=FIRST)
        subjects = self._follow(date(2026, 11, 21), date(2026, 11, 22))

        self.assertEqual(len(subjects), 1)
        self.assertRecordValues(
            self.arrangement,
            [{"state": "fulfilled", "fulfilled_on": date(2026, 11, 21)}],
        )

    def test_payment_taken_back_lets_it_run_again(self):
        payment = self._pay(self.move, 300, day=FIRST)
        self._follow(date(2026, 11, 21))
        payment.action_draft()
        payment.action_cancel()
        self._follow(date(2026, 11, 22))

        self.assertEqual(self.arrangement.state, "active")
        self.assertFalse(self.arrangement.fulfilled_on)

    def test_offer_lapses_on_its_date(self):
        other = self._offer(self._create_due_invoice())
        self._follow(date(2026, 11, 20))
        self.assertEqual(other.state, "offered")
        self._follow(date(2026, 11, 21))

        self.assertEqual(other.state, "expired")

    def test_one_error_stops_no_other(self):
        other = self._start(
            self._create_due_invoice(partner=self._create_debtor("Garage Vos")),
            with_interest=False,
        )
        follow = type(other)._follow
        bad = self.arrangement

        def fail(arrangement, *args):
            if arrangement == bad:
                raise ZeroDivisionError
            return follow(arrangement, *args)

        logger = "odoo.addons.l10n_nl_dunning.models.follow_up.payment_arrangement"
        with patch.object(type(other), "_follow", fail), mute_logger(logger):
            self._follow(date(2026, 11, 21))

        self.assertTrue(other.line_ids[0].reminder_date)
        self.assertFalse(bad.line_ids[0].reminder_date)

    def test_debtor_without_address_is_work_for_somebody(self):
        self.debtor.email = False
        self.assertEqual(self._follow(date(2026, 11, 21)), [])

        [activity] = self.arrangement.activity_ids
        self.assertIn("has no e-mail address", activity.note)
        self.assertEqual(activity.user_id, self.arrangement.responsible_id)
