from datetime import date, timedelta

from odoo.tests import freeze_time, tagged

from .common import DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPrepaymentPromise(DunningCommon):
    """Broken promises to pay speak for prepayment."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.debtor = cls.debtor.with_env(cls.env)

    def _create_promise(self, day):
        """Record a promise, unkept so far, to pay by a day."""
        return self.env["dunning.hold"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.debtor.id,
                "move_line_ids": self._get_item(self._create_due_invoice()).ids,
                "kind": "promise",
                "date_from": day - timedelta(days=7),
                "promise_amount": 100,
                "promise_date": day,
            }
        )

    def _is_advised(self):
        self.debtor.invalidate_recordset()
        with freeze_time(date(2027, 1, 1)):
            return self.debtor.dunning_prepayment_advised

    def test_broken_promises_reach_the_threshold(self):
        self._create_promise(date(2026, 11, 16))
        self._create_promise(date(2025, 12, 15))  # longer than a year ago
        self._create_promise(date(2027, 1, 15))  # still open
        self.assertFalse(self._is_advised())

        self._create_promise(date(2026, 12, 15))
        self.assertTrue(self._is_advised())
        self.assertEqual(
            self.debtor.dunning_prepayment_reason,
            "Promises to pay that were broken in the last twelve months: 2.",
        )

    def test_thresholds_of_the_company(self):
        for day in (date(2026, 11, 16), date(2026, 12, 15)):
            self._create_promise(day)
        self.company.dunning_prepayment_promises = 3
        self.assertFalse(self._is_advised())

        self.company.dunning_prepayment_promises = 0
        self.assertFalse(self._is_advised())

    def test_second_click_keeps_the_former_term(self):
        term = self.env["account.payment.term"].create({"name": "30 days"})
        self.debtor.property_payment_term_id = term

        for _colleague in range(2):
            self.debtor.action_require_dunning_prepayment()

        self.assertEqual(self.debtor.dunning_former_term_id, term)
