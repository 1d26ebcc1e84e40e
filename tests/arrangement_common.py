from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time

from .common import FIRST_REMINDER, DunningCommon

#: Three monthly instalments from 20 November 2026 on, drawn up on the 6th.
DRAWN_UP = date(2026, 11, 6)
FIRST, SECOND, THIRD = date(2026, 11, 20), date(2026, 12, 20), date(2027, 1, 20)

#: A white dot.
SIGNATURE = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAA"
    b"AABJRU5ErkJggg=="
)


class ArrangementCommon(DunningCommon):
    """An invoice of 300 that was reminded of, and an arrangement over it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("nl_NL")

    def _create_reminded_invoice(self, amount=300.0, **values):
        move = self._create_due_invoice(amount=amount, **values)
        self._send(FIRST_REMINDER)
        return move

    def _draw_up(self, moves, day=DRAWN_UP, **terms):
        """Draw up an arrangement with the wizard."""
        with freeze_time(day):
            wizard = (
                self.env["payment.arrangement.wizard"]
                .with_context(active_model="account.move", active_ids=moves.ids)
                .create({"first_date": FIRST, "instalment_count": 3, **terms})
            )
            action = wizard.action_draw_up()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _offer(self, moves, day=DRAWN_UP, **terms):
        arrangement = self._draw_up(moves, day, **terms)
        with freeze_time(day):
            arrangement.action_offer()
        return arrangement

    def _start(self, moves, day=DRAWN_UP, **terms):
        """Draw up, offer and let the debtor accept."""
        arrangement = self._offer(moves, day, **terms)
        with freeze_time(day):
            arrangement._activate()
        return arrangement

    def _see(self, arrangement, day):
        """Return progress, paid, open, days late as they are on a day."""
        self.env.invalidate_all()
        with freeze_time(day):
            return (
                arrangement.progress,
                arrangement.amount_paid,
                arrangement.amount_open,
                arrangement.days_late,
            )

    def _credit(self, move, amount, day=date(2026, 11, 10)):
        """Credit a part of an invoice and reconcile it."""
        refund = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": move.partner_id.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Korting", "price_unit": amount, "tax_ids": []}
                    )
                ],
            }
        )
        refund.action_post()
        (self._get_item(refund) + self._get_item(move)).reconcile()
        return refund
