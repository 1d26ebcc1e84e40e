from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .arrangement_common import ArrangementCommon

ADDRESS = "administratie@goudenaar.example"
#: Due on 20 November with three days of grace: the warning is of the 24th.
WARNED, LAST_DAY = date(2026, 11, 24), date(2026, 12, 1)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementDelivery(ArrangementCommon):
    """An e-mail that did not arrive does not count, and somebody gets to know."""

    def setUp(self):
        super().setUp()
        self.move = self._create_reminded_invoice()
        self.arrangement = self._start(self.move, with_interest=False)
        self.line = self.arrangement.line_ids[0]
        self._get_mails().write({"state": "sent"})

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "payment.arrangement"),
                ("res_id", "=", self.arrangement.id),
            ],
            order="id",
        )

    def _follow(self, day):
        """Run the job; return what waits in the mail queue after it."""
        self.env.invalidate_all()
        with freeze_time(day):
            self.env["payment.arrangement"]._follow_company(self.company)
        return self._get_mails().filtered(lambda mail: mail.state == "outgoing")

    def _handle(self, mails, day, state="sent"):
        """Do as the mail queue does."""
        with freeze_time(day):
            for mail in mails:
                mail.state = state
                mail._postprocess_sent_message(
                    [], [], failure_reason="550 No such user"
                )

    def _bounce(self, day, address=ADDRESS):
        with freeze_time(day):
            self.arrangement._message_receive_bounce(address, self.debtor)

    # === THE WARNING === #

    def test_refused_warning_starts_no_term(self):
        self._handle(self._follow(WARNED), WARNED, "exception")

        self.assertFalse(self.line.warned_until)
        self.assertIn("550 No such user", self.arrangement.warning_error)
        self.assertIn("550 No such user", self.arrangement.activity_ids.note)
        # Nor is it tried again day after day, nor does the arrangement lapse.
        for day in (date(2026, 11, 25), date(2026, 12, 2), date(2027, 1, 4)):
            self.assertFalse(self._follow(day))
        self.assertEqual(self.arrangement.state, "active")

    def test_warning_that_comes_back_stops_its_term(self):
        self._handle(self._follow(WARNED), WARNED)
        self.assertEqual(self.line.warned_until, LAST_DAY)

        self._bounce(date(2026, 11, 26))

        self.assertFalse(self.line.warned_until)
        self._follow(date(2026, 12, 2))
        self.assertEqual(self.arrangement.state, "active")
        self.assertEqual(len(self.arrangement.activity_ids), 1)

    def test_warning_that_waits_in_the_queue_starts_no_term(self):
        mail = self._follow(WARNED)
        self._follow(date(2026, 12, 2))
        self.assertEqual(self.arrangement.state, "active")

        self._handle(mail, date(2026, 12, 3))

        # Seven days from when the server took it.
        self.assertEqual(self.line.warned_until, date(2026, 12, 10))
        self._follow(date(2026, 12, 10))
        self.assertEqual(self.arrangement.state, "active")
        self._follow(date(2026, 12, 11))
        self.assertEqual(self.arrangement.state, "broken")

    def test_warning_deleted_from_the_queue(self):
        self._follow(WARNED).unlink()

        self.assertIn("deleted", self.arrangement.warning_error)

    def test_warning_cancelled_in_the_queue(self):
        self._follow(WARNED).cancel()

        self.assertIn("cancelled", self.arrangement.warning_error)

    def test_no_address_no_warning(self):
        self.debtor.email = False

        self.assertFalse(self._follow(WARNED))

        self.assertIn("no e-mail address", self.arrangement.warning_error)
        self._follow(date(2026, 12, 2))
        self.assertEqual(self.arrangement.state, "active")

    def test_blacklisted_address_is_not_written_to(self):
        self.env["mail.blacklist"]._add(ADDRESS)

        self.assertFalse(self._follow(WARNED))

        self.assertIn("blacklist", self.arrangement.warning_error)
        self.assertIn("blacklist", self.arrangement.activity_ids.note)

    def test_warned_again_by_email(self):
        self._handle(self._follow(WARNED), WARNED, "exception")
        self.debtor.email = "nieuw@goudenaar.example"

        with freeze_time(date(2026, 11, 30)):
            self.arrangement.action_warn_again()

        self.assertIn("nieuw@", self._get_mails()[-1].email_to)
        self.assertEqual(self.line.warned_until, date(2026, 12, 7))
        self.assertFalse(
            self.arrangement.warning_error or self.arrangement.activity_ids
        )
        with self.assertRaisesRegex(UserError, "nothing to warn"):
            self.arrangement.action_warn_again()

    def test_warning_by_post_allows_for_the_post(self):
        self._handle(self._follow(WARNED), WARNED, "exception")

        with freeze_time(date(2026, 11, 27)):
            action = self.arrangement.action_print_warning()

        # Posted on Friday 27 November, there on Tuesday 1 December; seven days.
        self.assertEqual(self.line.warned_until, date(2026, 12, 8))
        self.assertIn("/web/content/", action["url"])
        document = self.arrangement.message_ids[0].attachment_ids
        self.assertTrue(document.raw.startswith(b"%PDF"))
        self._bounce(date(2026, 11, 28))
        self.assertEqual(self.line.warned_until, date(2026, 12, 8))
        self._follow(date(2026, 12, 8))
        self.assertEqual(self.arrangement.state, "active")
        self._follow(date(2026, 12, 9))
        self.assertEqual(self.arrangement.state, "broken")

    # === OTHER MAILS === #

    def test_letter_that_it_lapsed_comes_back(self):
        self._handle(self._follow(WARNED), WARNED)
        mail = self._follow(date(2026, 12, 2))
        self.assertEqual(self.arrangement.lapse_deadline, date(2026, 12, 9))
        first = self.arrangement.lapse_document_id

        self._handle(mail, date(2026, 12, 4), "exception")

        # Posted on Friday 4 December, there on Tuesday 8; seven days.
        self.assertEqual(self.arrangement.lapse_deadline, date(2026, 12, 15))
        self.assertNotEqual(self.arrangement.lapse_document_id, first)

    def test_copy_for_the_company_comes_back(self):
        self._handle(self._follow(WARNED), WARNED)

        self._bounce(date(2026, 11, 26), address=self.env.user.email)

        self.assertEqual(self.line.warned_until, LAST_DAY)
        self.assertEqual(len(self.arrangement.activity_ids), 1)

    def test_offer_that_is_refused_is_work(self):
        other = self._offer(self._create_due_invoice())
        mail = self.env["mail.mail"].search(
            [("model", "=", other._name), ("res_id", "=", other.id)]
        )

        self._handle(mail, date(2026, 11, 6), "exception")

        self.assertIn("550 No such user", other.activity_ids.note)
