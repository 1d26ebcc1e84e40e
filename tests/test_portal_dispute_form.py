from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .portal_common import DisputeCommon

TEXT = "Het blad van het bureau is beschadigd geleverd."


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalDispute(DisputeCommon):
    """A dispute that the debtor raises from the page of a letter."""

    def test_whole_invoice_with_attachment(self):
        answer = self._dispute(files=[("files", ("foto bureau.pdf", self.pdf))])

        self.assertEqual(answer.status_code, 200)
        self.assertIn("We hebben uw betwisting ontvangen", self._get_text(answer.text))
        hold = self._get_disputes()
        self.assertRecordValues(
            hold,
            [
                {
                    "kind": "dispute",
                    "state": "active",
                    "move_line_ids": self.line.move_line_id.ids,
                    "category_id": self.category.id,
                    "amount_disputed": 100.0,
                    "is_partial": False,
                    "notice_id": self.notice.id,
                    "user_id": self.notice.responsible_id.id,
                    "note": TEXT,
                }
            ],
        )
        file = hold.message_ids.attachment_ids
        self.assertEqual((file.name, file.raw), ("foto bureau.pdf", self.pdf))
        self.assertEqual(file.res_model, "dunning.hold")
        self.assertEqual(hold.message_ids[:1].author_id, self.notice.recipient_id)

    def test_responsible_gets_an_activity(self):
        self._dispute()

        activity = self._get_disputes().activity_ids
        self.assertEqual(activity.user_id, self.notice.responsible_id)
        self.assertIn(TEXT, activity.note)

    def test_part_of_an_invoice_lowers_what_is_to_be_paid(self):
        answer = self._dispute(amount="€ 25,50")

        # 100 + 50 - 25.50.
        text = self._get_text(answer.text)
        self.assertIn("Vandaag te betalen € 124,50", text)
        self.assertIn("In betwisting € -25,50", text)
        self.assertIn("Wordt onderzocht", text)
        self.assertEqual(self._get_disputes().amount_disputed, 25.5)

    def test_disputed_invoice_is_not_dunned_meanwhile(self):
        self._dispute()

        [step] = self.line.move_line_id.get_dunning_plan(TODAY + timedelta(days=10))
        self.assertEqual(step["obstacle"], "dispute")

    def test_all_in_dispute_leaves_nothing_to_pay(self):
        for line in self.notice.line_ids:
            answer = self._dispute(line=line)

        text = self._get_text(answer.text)
        self.assertIn("U hoeft intussen niets te betalen", text)
        self.assertNotIn("Wat klopt er niet?", text)

    def test_user_of_the_portal_is_the_author(self):
        self.authenticate("anna", "anna")

        self._dispute(token=False)

        messages = self._get_disputes().message_ids
        self.assertIn(self.contact, messages.author_id)

    def test_invoice_in_dispute_is_not_disputed_again(self):
        self._dispute()

        answer = self._dispute()

        self.assertEqual(answer.status_code, 422)
        self.assertEqual(len(self._get_disputes()), 1)

    def test_what_was_decided_is_not_raised_again(self):
        self._dispute()
        self._get_disputes().write(
            {"outcome": "unjustified", "date_end": TODAY, "end_reason": "Gecontroleerd"}
        )

        answer = self._dispute()

        self.assertEqual(answer.status_code, 422)
        self.assertIn("Niet toegewezen", self._get_text(answer.text))
        self.assertNotIn("Gecontroleerd", answer.text)

    def test_paid_letter_takes_no_dispute(self):
        for move in self.notice.line_ids.move_id:
            self._pay(move, day=TODAY)

        answer = self._dispute()

        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self._get_disputes())

    def test_letter_takes_so_many_disputes(self):
        dispute = self._get_valid_dispute()
        for _attempt in range(5):
            self.notice._raise_dispute(dispute, [], self.debtor)

        with self.assertRaisesRegex(UserError, "contact"):
            self.notice._raise_dispute(dispute, [], self.debtor)

    def test_thousand_attempts_open_five_disputes_a_day(self):
        dispute = self._get_valid_dispute()
        refused = 0
        other_letter = self._create_letter((10, self.level))
        for attempt in range(1000):
            notice = other_letter if attempt % 2 else self.notice
            try:
                notice._raise_dispute(dispute, [], self.debtor)
            except UserError:
                refused += 1

        self.assertEqual(refused, 995)
        self.assertEqual(len(self._get_disputes()), 5)

        yesterday = self.env.cr.now() - timedelta(days=1, seconds=1)
        self.env.cr.execute("UPDATE dunning_hold SET create_date = %s", [yesterday])
        self.assertFalse(other_letter._has_dispute_limit())

    def test_limit_is_told_in_the_language_of_the_page(self):
        for line in self.notice.line_ids:
            self._dispute(line=line)
        third = self._create_letter(*((10, self.level) for _number in range(4)))
        for line in third.line_ids:
            answer = self._dispute(notice=third, line=line)

        self.assertEqual(answer.status_code, 429)
        self.assertIn("Neem contact met ons op", self._get_text(answer.text))
        self.assertEqual(len(self._get_disputes()), 5)
