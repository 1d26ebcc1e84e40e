from datetime import date

from odoo.tests import freeze_time, tagged

from .contact_common import CALL, ContactCommon
from .test_promise_result import AFTER, LAST_DAY, PROMISED


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPromisePayments(ContactCommon):
    """Which payments keep a promise, and which have nothing to do with it."""

    def _promise(self, items, amount, day=CALL, until=PROMISED):
        with freeze_time(day):
            return self.env["dunning.hold"]._promise(
                items, {"promise_amount": amount, "promise_date": until}
            )

    def _get_result(self, promise, day=AFTER):
        self.env.invalidate_all()
        with freeze_time(day):
            return promise.promise_result, promise.promise_paid

    def _move_back(self, table, minutes):
        """Let what was made in this test have been made in an earlier transaction."""
        self.env.flush_all()
        self.env.cr.execute(
            f"UPDATE {table} SET create_date = create_date - %s * interval '1 minute'",
            [minutes],
        )

    def test_payment_of_the_same_day_before_the_promise_does_not_count(self):
        self._pay(self.move, amount=100, day=CALL)
        self._move_back("account_partial_reconcile", 10)
        promise = self._promise(self.item, 150)
        self.assertEqual(self._get_result(promise, CALL), ("open", 0))

        self._pay(self.move, amount=120, day=PROMISED)

        self.assertEqual(self._get_result(promise), ("partly", 120))

    def test_payment_of_the_same_day_after_the_promise_counts(self):
        promise = self._promise(self.item, 250)
        self._move_back("dunning_hold", 10)

        self._pay(self.move, day=CALL)

        self.assertEqual(self._get_result(promise, CALL), ("kept", 250))

    def test_several_items_are_kept_together(self):
        other = self._create_due_invoice(60)
        promise = self._promise(self.item | self._get_item(other), 310)

        self._pay(self.move, day=PROMISED)
        self.assertEqual(self._get_result(promise), ("partly", 250))

        self._pay(other, day=LAST_DAY)
        self.assertEqual(self._get_result(promise), ("kept", 310))

    def test_payment_of_more_keeps_it(self):
        promise = self._promise(self.item, 100)

        self._pay(self.move, amount=300, day=PROMISED)

        self.assertEqual(self._get_result(promise), ("kept", 250))

    def test_next_promise_starts_at_nothing(self):
        first = self._promise(self.item, 250)
        self._move_back("dunning_hold", 20)
        self._pay(self.move, amount=100, day=PROMISED)
        self._move_back("account_partial_reconcile", 10)
        later = date(2026, 11, 18)
        second = self._promise(self.item, 150, later, date(2026, 11, 20))

        self.assertEqual(self._get_result(first, later), ("partly", 100))
        self.assertEqual(self._get_result(second, later), ("open", 0))
        self.assertEqual(self._get_result(second, date(2026, 11, 25)), ("broken", 0))

    def test_promise_in_dollars(self):
        dollar = self.setup_other_currency(
            "USD", rates=[("2026-01-01", 2), ("2026-11-12", 4)]
        )
        move = self._create_due_invoice(200, currency_id=dollar.id)
        promise = self._promise(self._get_item(move), 150)
        self.assertEqual(promise.currency_id, dollar)

        self._pay(move, amount=100, day=PROMISED)
        self.assertEqual(self._get_result(promise), ("partly", 100))

        self._pay(move, amount=50, day=PROMISED)
        self.assertEqual(self._get_result(promise), ("kept", 150))
