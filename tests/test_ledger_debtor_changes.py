from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER
from .ledger_common import LedgerCommon

SECOND_LETTER = "2026-11-24"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDebtorChanges(LedgerCommon):
    """A letter belongs to the debtor who got it, and nothing of it stops a round."""

    def _merge(self, merged, debtor):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((merged | debtor).ids, debtor)

    def _confirm(self, run, day):
        with freeze_time(day):
            run.action_confirm()
        self._deliver(day)
        with freeze_time(day):
            self._accept_mails(run.notice_ids)

    def _get_levels(self, notice):
        return [line.level_id.kind for line in notice.line_ids if line.level_id]

    def _rename_on_item(self, move, partner):
        """Make an invoice out to somebody else and keep its items, as an import does.

        Resetting an invoice to draft may make new items of it.
        """
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET partner_id = %s, commercial_partner_id = %s"
            " WHERE id = %s",
            (partner.id, partner.id, move.id),
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET partner_id = %s WHERE move_id = %s",
            (partner.id, move.id),
        )
        self.env.invalidate_all()

    # === THE INVOICE MOVES === #

    def test_round_goes_on_without_the_invoice_that_moved(self):
        moved = self._create_due_invoice(100)
        run = self._propose(FIRST_REMINDER)
        self._readdress(moved, self.other, "2026-11-05")
        third = self._create_debtor("Derde B.V.", email="derde@example.com")
        self._create_due_invoice(70, partner=third)

        second = self._send(FIRST_REMINDER)
        self._confirm(run, FIRST_REMINDER)

        self.assertEqual(
            {n.partner_id: (n.state, n.amount_claim) for n in second.notice_ids},
            {self.other: ("sent", 100), third: ("sent", 70)},
        )
        self.assertEqual(run.notice_ids.state, "cancelled")

    def test_moved_invoice_leaves_the_letter_to_who_owes_other_invoices(self):
        moved = self._create_due_invoice(100)
        self._create_due_invoice(30)
        self._create_due_invoice(50, partner=self.other)
        run = self._propose(FIRST_REMINDER)
        self._rename_on_item(moved, self.other)

        self._confirm(run, FIRST_REMINDER)

        # Each letter is about what its debtor owes; the moved one comes next time.
        self.assertEqual(
            {n.partner_id: (n.state, n.amount_claim) for n in run.notice_ids},
            {self.debtor: ("sent", 30), self.other: ("sent", 50)},
        )

    def test_item_that_moved_while_proposed_can_be_proposed_to_the_new_debtor(self):
        moved = self._create_due_invoice(100)
        self._propose(FIRST_REMINDER)
        self._rename_on_item(moved, self.other)

        notice = self._send(FIRST_REMINDER).notice_ids

        self.assertEqual((notice.partner_id, notice.state), (self.other, "sent"))

    def test_new_debtor_starts_at_the_first_level(self):
        moved = self._create_due_invoice(100)
        self._send(FIRST_REMINDER)
        self._rename_on_item(moved, self.other)

        notice = self._send(SECOND_LETTER).notice_ids

        self.assertEqual(notice.partner_id, self.other)
        self.assertEqual(self._get_levels(notice), ["reminder"])
        self.assertEqual(notice.state, "sent")

    def test_letters_to_the_former_debtor_start_no_costs_for_the_new_one(self):
        moved = self._create_due_invoice(1000)
        for day in (FIRST_REMINDER, "2026-11-24", "2026-12-11", "2026-12-31"):
            self._send(day)
        with freeze_time("2027-01-08"):
            self.assertEqual(self._get_item(moved).dunning_costs, 150)  # 15% of 1,000
        self._rename_on_item(moved, self.other)

        with freeze_time("2027-01-08"):
            self.assertEqual(self._get_item(moved).dunning_costs, 0)

    def test_invoice_that_moves_back_goes_on_where_it_stood(self):
        moved = self._create_due_invoice(100)
        self._send(FIRST_REMINDER)
        self._rename_on_item(moved, self.other)
        self._rename_on_item(moved, self.debtor)

        notice = self._send(SECOND_LETTER).notice_ids

        self.assertEqual(self._get_levels(notice), ["demand"])

    def test_customer_who_gets_a_parent_keeps_his_letters(self):
        person = self._create_debtor(
            "P. Jansen",
            is_company=False,
            dunning_debtor_kind="business",
            email="p@jansen.example",
        )
        self._create_due_invoice(100, partner=person)
        self._send(FIRST_REMINDER)
        person.parent_id = self.other

        notice = self._send(SECOND_LETTER).notice_ids

        self.assertEqual(notice.partner_id, self.other)
        self.assertEqual(self._get_levels(notice), ["demand"])

    # === CUSTOMERS ARE MERGED === #

    def test_merged_customers_keep_their_letters(self):
        self._create_due_invoice(100)
        self._create_due_invoice(50, partner=self.other)
        letters = self._send(FIRST_REMINDER).notice_ids
        self._merge(self.other, self.debtor)

        self.assertEqual(letters.partner_id, self.debtor)
        notice = self._send(SECOND_LETTER).notice_ids

        self.assertEqual((notice.partner_id, notice.amount_claim), (self.debtor, 150))
        self.assertEqual(self._get_levels(notice), ["demand", "demand"])

    def test_merged_customers_who_both_have_a_proposal(self):
        self._create_due_invoice(100)
        self._create_due_invoice(50, partner=self.other)
        run = self._propose(FIRST_REMINDER)
        self._merge(self.other, self.debtor)

        self.assertEqual(run.notice_ids.partner_id, self.debtor)
        self._confirm(run, FIRST_REMINDER)

        self.assertEqual(run.notice_ids.state, "sent")
        self.assertEqual(run.notice_ids.amount_claim, 100)

    def test_merged_customers_whose_letters_both_wait_for_the_post(self):
        self.reminder.write({"by_email": False, "by_post": True})
        self._create_due_invoice(100)
        self._create_due_invoice(50, partner=self.other)
        letters = self._send(FIRST_REMINDER).notice_ids
        self.assertEqual(letters.mapped("state"), ["pending", "pending"])
        self._merge(self.other, self.debtor)

        self.assertEqual(letters.mapped("state"), ["pending", "pending"])
        self.assertEqual(letters.partner_id, self.debtor)
        with freeze_time(FIRST_REMINDER):
            letters.delivery_ids._set_posted(FIRST_REMINDER)
        self.assertEqual(letters.mapped("state"), ["sent", "sent"])

    def test_merged_customers_who_both_got_a_letter_about_the_same_invoice(self):
        moved = self._create_due_invoice(100)
        self._send(FIRST_REMINDER)
        self._rename_on_item(moved, self.other)
        self._send(SECOND_LETTER)
        self._merge(self.other, self.debtor)

        lines = moved.dunning_notice_line_ids
        self.assertEqual(lines.mapped("level_id"), self.reminder)
        self.assertEqual(len(lines), 2)
        self.assertEqual(lines.notice_id.partner_id, self.debtor)

    def test_merged_customers_who_are_both_protected_need_a_decision(self):
        for partner in (self.debtor, self.other):
            self.env["dunning.protection"].create(
                {
                    "partner_id": partner.id,
                    "kind": "bankruptcy",
                    "date": "2026-11-01",
                }
            )

        with self.assertRaisesRegex(UserError, "each have a protected status"):
            self._merge(self.other, self.debtor)

    # === ARCHIVED === #

    def test_archived_contact_is_not_written_to(self):
        contact = self._create_contact()
        self.debtor.dunning_contact_id = contact
        self._create_due_invoice(100)
        contact.active = False

        notice = self._send(FIRST_REMINDER).notice_ids

        self.assertEqual(notice.recipient_id, self.debtor)
        self.assertIn("administratie@goudenaar.example", notice.email)
        self.assertEqual(self.debtor._get_dunning_person(), self.debtor)

    def test_contact_archived_after_the_proposal_is_not_written_to(self):
        contact = self._create_contact()
        self.debtor.dunning_contact_id = contact
        self._create_due_invoice(100)
        run = self._propose(FIRST_REMINDER)
        self.assertEqual(run.notice_ids.recipient_id, contact)
        contact.active = False

        self._confirm(run, FIRST_REMINDER)

        self.assertEqual(run.notice_ids.recipient_id, self.debtor)
        self.assertNotIn("p@", run.notice_ids.delivery_ids.mail_id.email_to)

    def test_contact_who_went_to_another_customer_is_not_written_to(self):
        contact = self._create_contact()
        self.debtor.dunning_contact_id = contact
        self._create_due_invoice(100)
        contact.parent_id = self.other

        notice = self._send(FIRST_REMINDER).notice_ids

        self.assertEqual(notice.recipient_id, self.debtor)

    def test_archived_customer_is_an_obstacle_that_says_so(self):
        move = self._create_due_invoice(100)
        self.debtor.active = False

        self.assertFalse(self._propose(FIRST_REMINDER).notice_ids)
        self.assertEqual(self._get_obstacle(move, FIRST_REMINDER), "archived")
        item = self._get_item(move).with_context(dunning_day="2026-11-05", lang="en_US")
        self.assertEqual(
            item.dunning_lift,
            "Restore Bakkerij De Gouden Aar B.V. from the archive, or reconcile or "
            "write off what is open.",
        )

    def test_customer_archived_after_the_proposal_gets_no_letter(self):
        self._create_due_invoice(100)
        self._create_due_invoice(50, partner=self.other)
        run = self._propose(FIRST_REMINDER)
        self.debtor.active = False

        self._confirm(run, FIRST_REMINDER)

        self.assertEqual(
            {n.partner_id: n.state for n in run.notice_ids},
            {self.debtor: "cancelled", self.other: "sent"},
        )
