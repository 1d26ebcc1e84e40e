from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .common import FIRST_REMINDER, DunningCommon

REVIEW = date(2026, 11, 12)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestHoldScreens(DunningCommon):
    """Pausing from invoice, debtor and open items, and who may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoicing, cls.reader = (
            new_test_user(
                cls.env,
                login=f"hold_{name}",
                groups=f"account.group_account_{name}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name in ("invoice", "readonly")
        )

    def _pause(self, record, **values):
        """Fill in the wizard that a button of a record opens."""
        action = record.action_dunning_pause()
        Wizard = self.env[action["res_model"]].with_user(self.invoicing)
        with Form(Wizard.with_context(**action["context"])) as form:
            for name, value in {"kind": "internal", **values}.items():
                form[name] = value
        form.record.action_pause()

    def test_pause_from_invoice_shows_at_once_on_the_tab(self):
        move = self._create_due_invoice()
        with freeze_time(FIRST_REMINDER):
            self._pause(move, note="Price is being checked", date_review=REVIEW)

            self.assertEqual(move.dunning_obstacle, "paused")
            self.assertEqual(
                move.dunning_summary,
                "Dunning is paused up to and including 12 november 2026: Waiting for "
                "an answer from within. Price is being checked",
            )
            self.assertRecordValues(
                move.dunning_hold_ids,
                [
                    {
                        "move_line_ids": self._get_item(move).ids,
                        "user_id": self.invoicing.id,
                        "state": "active",
                    }
                ],
            )

    def test_pause_from_debtor_covers_all_invoices(self):
        move = self._create_due_invoice()
        with freeze_time(FIRST_REMINDER):
            self._pause(self.debtor)

            self.assertEqual(move.dunning_obstacle, "paused")
            self.assertTrue(move.dunning_hold_ids.is_debtor_wide)
            self.assertEqual(self.debtor.dunning_hold_count, 1)

    def test_pause_several_open_items(self):
        moves = self._create_due_invoice() + self._create_due_invoice(50)
        with freeze_time(FIRST_REMINDER):
            self._pause(self._get_item(moves))

        hold = moves.dunning_hold_ids
        self.assertEqual(hold.move_ids, moves)

    def test_end_from_invoice_with_reason(self):
        move = self._create_due_invoice()
        with freeze_time(FIRST_REMINDER):
            self._pause(move)
            action = move.action_dunning_end_pause()
            with Form(
                self.env[action["res_model"]].with_context(**action["context"])
            ) as form:
                form.reason = "Answered"
            form.record.action_end()

            self.assertEqual(move.dunning_hold_ids.state, "ended")
            self.assertFalse(move.dunning_hold_id)

    def test_search_by_state(self):
        move = self._create_due_invoice()
        Hold = self.env["dunning.hold"]
        with freeze_time(FIRST_REMINDER):
            holds = Hold.concat(
                *(
                    Hold._hold_items(
                        self._get_item(move),
                        {"date_from": start, "date_review": review},
                    )
                    for start, review in [
                        (date(2026, 11, 6), REVIEW),
                        (FIRST_REMINDER, FIRST_REMINDER),
                        (date(2026, 11, 1), date(2026, 11, 4)),
                        (FIRST_REMINDER, REVIEW),
                    ]
                )
            )
            holds[3]._end("Answered")
            for hold, state in zip(
                holds, ["planned", "active", "expired", "ended"], strict=True
            ):
                with self.subTest(state=state):
                    self.assertEqual(hold.state, state)
                    self.assertEqual(Hold.search([("state", "=", state)]), hold)

    def test_reader_sees_but_does_not_pause(self):
        move = self._create_due_invoice()
        with freeze_time(FIRST_REMINDER):
            self._pause(move)
        hold = move.dunning_hold_ids.with_user(self.reader)

        self.assertEqual(hold.partner_id, self.debtor)
        with self.assertRaises(AccessError):
            hold._end("Answered")

    def test_hold_of_another_company_is_unseen_and_without_effect(self):
        other = self.setup_other_company(name="Other company")["company"]
        move = self._create_due_invoice()
        with freeze_time(FIRST_REMINDER):
            hold = self.env["dunning.hold"]._hold_debtors(
                self.debtor, other, {"kind": "internal"}
            )

        self.assertFalse(self._get_obstacle(move, FIRST_REMINDER))
        self.assertFalse(move.dunning_hold_ids)
        with self.assertRaises(AccessError):
            hold.with_user(self.invoicing).read(["note"])
