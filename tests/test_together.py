from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .arrangement_common import ArrangementCommon
from .contact_common import CALL, ContactCommon
from .protection_common import ProtectionCommon
from .test_charge_posting import LAST_DAY, ChargeCommon

LATER = date(2027, 1, 10)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestChargeTogether(ChargeCommon, ArrangementCommon):
    """Charges with disputes and arrangements."""

    def _dispute(self, move, amount):
        with freeze_time(date(2026, 11, 4)):
            return self.env["dunning.hold"]._dispute_items(
                self._get_item(move),
                {
                    "date_review": date(2027, 2, 26),
                    "category_id": self.env.ref(
                        "l10n_nl_dunning.dunning_dispute_category_price"
                    ).id,
                },
                amount,
            )

    def _get_to_pay(self, day):
        self.env.invalidate_all()
        with freeze_time(day):
            return self.debtor.dunning_total_claim

    def test_only_what_is_undisputed_is_charged(self):
        move = self._create_due_invoice(3650)
        self._dispute(move, 1650)

        notice = self._send_all()

        # 2,000 x 10 % x 59 / 365 = 32.33; 15 % of 2,000 = 300.
        self.assertEqual(
            notice.charge_move_id.invoice_line_ids.mapped("price_unit"), [32.33, 300]
        )
        # What is disputed stays part of what the debtor owes.
        self.assertEqual(self._get_to_pay(LAST_DAY), 3650 + 332.33)

    def test_credit_note_for_a_dispute_leaves_the_charge_as_it_is(self):
        move = self._create_due_invoice(3650)
        hold = self._dispute(move, 1650)
        self._send_all()
        self._credit(move, 1650, day=date(2027, 1, 4))
        with freeze_time(date(2027, 1, 4)):
            hold._end("Credited")

        # Ten days later: 2,000 x 10 % x 69 / 365 = 37.81, of which 32.33 is charged.
        self.assertEqual(self._get_to_pay(LATER), 2000 + 332.33 + 5.48)

    def test_arrangement_over_an_invoice_and_its_charge(self):
        move, notice = self._charge()

        arrangement = self._draw_up(
            move | notice.charge_move_id, day=LAST_DAY, first_date=date(2027, 1, 15)
        )

        # 3,650 and 59 + 490 charged: 4,199 in three; the last takes the cents.
        self.assertEqual(
            arrangement.line_ids.mapped("amount"), [1399.66, 1399.66, 1399.68]
        )


@tagged("post_install_l10n", "post_install", "-at_install")
class TestProtectionTogether(ProtectionCommon, ArrangementCommon):
    """Protection by law goes before whatever was agreed."""

    def test_protection_before_arrangement(self):
        move = self._create_reminded_invoice()
        self._start(move)
        self.assertEqual(self._get_obstacle(move, date(2026, 11, 11)), "arrangement")

        protection = self._protect("bankruptcy")
        self.assertEqual(self._get_obstacle(move, date(2026, 11, 13)), "protected")

        self._end(protection, exclude_items=False)
        self.assertEqual(self._get_obstacle(move, date(2026, 12, 1)), "arrangement")


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCallsTogether(ContactCommon, ArrangementCommon, ProtectionCommon):
    """Who is left alone in writing is not called either."""

    def _get_calls(self, day=CALL):
        self.env.invalidate_all()
        with freeze_time(day):
            return self.env["dunning.call"].search(
                [("partner_id", "=", self.debtor.id)]
            )

    def test_no_call_during_an_arrangement(self):
        self.assertTrue(self._get_calls())

        self._start(self.move)

        self.assertFalse(self._get_calls())

    def test_no_call_to_a_bankrupt_debtor(self):
        self._protect("bankruptcy", day=date(2026, 11, 9))

        self.assertFalse(self._get_calls())

    def test_no_call_about_what_is_disputed(self):
        with freeze_time(CALL):
            self.env["dunning.hold"]._dispute_items(
                self.item,
                {
                    "date_review": date(2026, 12, 1),
                    "category_id": self.env.ref(
                        "l10n_nl_dunning.dunning_dispute_category_price"
                    ).id,
                },
            )

        self.assertFalse(self._get_calls())

    def test_call_about_the_other_invoice(self):
        other = self._create_due_invoice(80)
        self._send(date(2026, 11, 9))
        with freeze_time(CALL):
            self.env["dunning.hold"].create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.debtor.id,
                    "kind": "internal",
                    "move_line_ids": [Command.set(self._get_item(other).ids)],
                }
            )

        self.assertTrue(self._get_calls())
