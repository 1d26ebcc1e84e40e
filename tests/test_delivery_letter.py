import hashlib
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import FIRST_REMINDER, DunningCommon

ANSWERED = date(2026, 11, 12)
TERM = date(2026, 11, 26)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetters(DunningCommon):
    """Letters besides notices: evidence, and work when they do not arrive."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._create_due_invoice()

    def _answer(self):
        """Answer a dispute in vain, and return the letter."""
        with freeze_time(FIRST_REMINDER):
            dispute = self.env["dunning.hold"]._dispute_items(
                self._get_item(self.move),
                {
                    "category_id": self.env.ref(
                        "l10n_nl_dunning.dunning_dispute_category_price"
                    ).id
                },
            )
        with freeze_time(ANSWERED):
            dispute._conclude("unjustified", "It was agreed", TERM, "Zo afgesproken.")
        return self._get_letter(dispute)

    def _get_letter(self, source):
        return self.env["dunning.letter"].search(
            [("res_model", "=", source._name), ("res_id", "=", source.id)]
        )

    def _promise(self):
        with freeze_time(FIRST_REMINDER):
            promise = self.env["dunning.hold"]._promise(
                self._get_item(self.move),
                {"promise_amount": 100, "promise_date": date(2026, 11, 20)},
            )
        return self._get_letter(promise)

    def test_what_is_kept(self):
        letter = self._answer()

        self.assertEqual(
            (letter.kind, letter.partner_id, letter.date, letter.state),
            ("answer", self.debtor, ANSWERED, "pending"),
        )
        self.assertIn(
            "Dorpsstraat 1\n3811 AB  AMERSFOORT", letter.address.replace("\xa0", " ")
        )
        self.assertEqual(
            letter.document_sha256,
            hashlib.sha256(letter.document_id.raw).hexdigest(),
        )
        self.assertIn(self.debtor.email, letter.delivery_ids.address)

    def test_accepted_by_the_mail_server(self):
        letter = self._answer()

        with freeze_time(ANSWERED):
            self._accept_mails(letter)

        self.assertEqual((letter.state, letter.received_on), ("sent", ANSWERED))

    def test_answer_that_did_not_arrive_starts_no_term(self):
        letter = self._answer()
        with freeze_time(ANSWERED):
            self._refuse_mails(letter)

        self.assertEqual(letter.state, "failed")
        self.assertIn("550 No such user", letter.error)
        self.assertTrue(letter._get_source().activity_ids)
        # The term would be over; nobody told the customer of it.
        self.assertEqual(
            self._get_obstacle(self.move, date(2026, 12, 10)), "unanswered"
        )

    def test_answer_that_came_back_after_days(self):
        letter = self._answer()
        with freeze_time(ANSWERED):
            self._accept_mails(letter)

        dispute = letter._get_source()
        dispute._message_receive_bounce(self.debtor.email, self.debtor)

        self.assertEqual(letter.state, "failed")
        self.assertEqual(
            self._get_obstacle(self.move, date(2026, 12, 10)), "unanswered"
        )

    def test_sent_again_with_a_term_of_its_own(self):
        letter = self._answer()
        with freeze_time(ANSWERED):
            self._refuse_mails(letter)
        self.debtor.email = "nieuw@goudenaar.example"

        with freeze_time("2026-12-01"):
            letter.action_send_by_email()
            self._accept_mails(letter.replaced_by_id)

        again = letter.replaced_by_id
        self.assertIn("<nieuw@goudenaar.example>", again.delivery_ids.address)
        self.assertEqual((again.date, again.state), (date(2026, 12, 1), "sent"))
        # Fourteen days after 1 December.
        self.assertEqual(again._get_source().date_term, date(2026, 12, 15))
        self.assertFalse(again._get_source().activity_ids)
        self.assertEqual(self._get_obstacle(self.move, date(2026, 12, 10)), "waiting")
        with self.assertRaisesRegex(UserError, "sent again already"):
            letter.action_send_by_email()

    def test_by_post_in_the_list_of_what_to_post(self):
        self.debtor.email = False
        letter = self._answer()
        self.assertEqual(letter.delivery_ids.channel, "post")
        self.assertTrue(letter.activity_id)
        self.assertEqual(letter.delivery_ids.page_count, 1)
        first = letter.document_id

        with freeze_time("2026-11-16"):
            self.assertTrue(letter.delivery_ids.action_print()["url"])
            letter.delivery_ids._set_posted(date(2026, 11, 16))

        # It left on Monday: it bears that day, with fourteen days from it.
        self.assertEqual(letter.date, date(2026, 11, 16))
        self.assertNotEqual(letter.document_id, first)
        self.assertEqual(letter._get_source().date_term, date(2026, 11, 30))
        self.assertFalse(letter.activity_id)
        # Posted on Monday 16, there on Wednesday 18.
        self.assertEqual(letter.received_on, date(2026, 11, 18))

    def test_mail_that_waited_to_another_day(self):
        letter = self._answer()
        mail = letter.delivery_ids.mail_id
        first = mail.attachment_ids

        with freeze_time("2026-11-13"):
            mail._make_dunning_letters_again()

        self.assertEqual(letter.date, date(2026, 11, 13))
        self.assertEqual(letter._get_source().date_term, date(2026, 11, 27))
        self.assertEqual(mail.attachment_ids, letter.document_id)
        self.assertNotEqual(mail.attachment_ids, first)

    def test_no_address_to_send_it_to(self):
        letter = self._answer()
        with freeze_time(ANSWERED):
            self._refuse_mails(letter)
        self.debtor.email = False

        with self.assertRaisesRegex(UserError, "no e-mail address"):
            letter.action_send_by_email()
        letter.action_send_by_registered()

        self.assertEqual(letter.replaced_by_id.delivery_ids.channel, "registered")

    def test_confirmation_of_a_promise(self):
        letter = self._promise()

        self.assertEqual((letter.kind, letter.state), ("promise", "pending"))
        self._accept_mails(letter)
        self.assertEqual(letter.state, "sent")

    def test_nobody_changes_it(self):
        letter = self._answer()
        clerk = new_test_user(
            self.env,
            login="clerk of letters",
            groups="account.group_account_manager",
            company_id=self.company.id,
        )

        for change in (
            lambda own: own.write({"subject": "Anders"}),
            lambda own: own.unlink(),
            lambda own: own.copy(),
        ):
            with self.assertRaises(AccessError):
                change(letter.with_user(clerk))

    def test_clerk_posts_it_gets_it_back_and_sends_it_again(self):
        self.debtor.email = False
        clerk = new_test_user(
            self.env,
            login="clerk of the post",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        letter = self._answer().with_user(clerk)
        delivery = letter.delivery_ids

        with freeze_time(ANSWERED):
            delivery._set_posted(ANSWERED)
        self.assertEqual(letter.state, "sent")
        with freeze_time("2026-11-20"):
            delivery.action_returned()
            self.assertEqual(letter.state, "failed")
            self.assertTrue(letter.activity_id)
            letter.action_send_by_registered()

        self.assertEqual(letter.replaced_by_id.state, "pending")
        # Fourteen days after Friday 20 November.
        self.assertEqual(letter._get_source().date_term, date(2026, 12, 4))

    def test_counted_on_the_start_screen(self):
        letter = self._answer()
        with freeze_time(ANSWERED):
            self._refuse_mails(letter)
            cards = self.env["dunning.today"].get_cards(company_id=self.company.id)

        [card] = [c for c in cards["cards"] if c["code"] == "letter_failed"]
        self.assertEqual(card["count"], 1)
