from unittest.mock import patch

from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from ..models.letter import account_move as letter_move
from .common import FIRST_REMINDER, DunningCommon

LOGGER = "odoo.addons.l10n_nl_dunning.models.letter.account_move"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCopies(DunningCommon):
    """Copies of invoices are printed before anything is locked, and kept."""

    def setUp(self):
        super().setUp()
        self.reminder.attach_invoices = True
        self.printed = []

    def _queue(self, *names):
        """Queue a letter for each debtor; return the letters by name."""
        for name in names:
            partner = self._create_debtor(name, email=f"{name.lower()}@example.com")
            self._create_due_invoice(partner=partner)
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        return {notice.partner_id.name: notice for notice in run.notice_ids}

    def _patch_printing(self, broken=()):
        def render(moves):
            self.printed.append(moves.partner_id.mapped("name"))
            if set(moves.partner_id.mapped("name")) & set(broken):
                raise ValueError("no such template")
            return dict.fromkeys(moves, b"%PDF-1.4 copy")

        model = self.env.registry["account.move"]
        return patch.object(model, "_render_dunning_copies", render)

    def test_some_at_a_time(self):
        letters = self._queue("Een", "Twee", "Drie")

        with self._patch_printing(), patch.object(letter_move, "COPIES_AT_A_TIME", 2):
            self._deliver(FIRST_REMINDER)

        self.assertEqual([len(names) for names in self.printed], [2, 1])
        for notice in letters.values():
            self.assertEqual(len(notice.delivery_ids.mail_id.attachment_ids), 2)

    @mute_logger(LOGGER)
    def test_what_fails_keeps_back_its_letter_alone(self):
        letters = self._queue("Goed", "Stuk")

        with self._patch_printing(broken=["Stuk"]):
            self._deliver(FIRST_REMINDER)

        self.assertEqual(letters["Goed"].state, "pending")
        self.assertEqual(letters["Stuk"].state, "queued")
        self.assertIn("no such template", letters["Stuk"].error)

        # A quarter of an hour later, mended.
        with self._patch_printing(), freeze_time("2026-11-05 00:14:59"):
            self.env["dunning.notice"].deliver()
        self.assertEqual(letters["Stuk"].state, "queued")
        with self._patch_printing(), freeze_time("2026-11-05 00:15:00"):
            self.env["dunning.notice"].deliver()
        self.assertEqual(letters["Stuk"].state, "pending")
        self.assertFalse(letters["Stuk"].error)

    def test_web_server_does_not_answer(self):
        letters = self._queue("Een")
        model = self.env.registry["account.move"]

        with (
            self._patch_printing(),
            patch.object(model, "_is_dunning_report_server_up", lambda _self: False),
        ):
            self._deliver(FIRST_REMINDER)

        self.assertEqual(letters["Een"].state, "queued")
        self.assertIn("does not answer", letters["Een"].error)
        self.assertFalse(self.printed)

    def test_printed_before_the_items_are_locked(self):
        self._queue("Een")
        order = []
        model = self.env.registry["dunning.notice"]
        lock = model._lock_items

        def lock_items(notices):
            order.append(("lock", len(self.printed)))
            return lock(notices)

        with self._patch_printing(), patch.object(model, "_lock_items", lock_items):
            self._deliver(FIRST_REMINDER)

        self.assertEqual(order, [("lock", 1)])
        self.assertEqual(len(self.printed), 1)

    def test_kept_for_the_next_letter_until_reset_to_draft(self):
        self.demand.attach_invoices = True
        move = self._create_due_invoice()
        with self._patch_printing():
            self._send(FIRST_REMINDER)
            self._send("2026-11-24")
        self.assertEqual(len(self.printed), 1)

        move.button_draft()

        self.assertFalse(move._get_dunning_copy_files())
