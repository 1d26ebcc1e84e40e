from datetime import date

from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCommon

LATER = date(2027, 3, 1)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCostsOfContract(ClaimCommon):
    """Instalments of one contract: article 2a of the Decree on collection costs."""

    def _invoice_month(self, due, amount=200, contract="Huur 12-A"):
        move = self._create_due_invoice(amount, partner=self.consumer, due=due)
        move.dunning_contract_ref = contract
        return move

    def _announce(self, move, day):
        """Return what a notice about an invoice would announce on a day."""
        item = self._get_items(move)
        level = self.consumer_policy.level_ids[1]
        with freeze_time(day):
            [claim] = item._get_dunning_item_claims(day, {item.id: level}).values()
        return float(claim.announced.net)

    def _send_first(self):
        """Send the notice about the rent of November; its term ends on 10 December."""
        move = self._invoice_month(date(2026, 11, 2))
        for day in ("2026-11-05", "2026-11-24"):
            notice = self._send(day).notice_ids
        self.assertEqual(notice.amount_announced, 40)
        return move

    def test_months_of_one_demand_are_added(self):
        self._invoice_month(date(2026, 11, 2))
        self._invoice_month(date(2026, 11, 2))
        for day in ("2026-11-05", "2026-11-24"):
            notice = self._send(day).notice_ids

        # 15 % of 400: the minimum counts once.
        self.assertEqual(notice.amount_announced, 60)

    def test_following_month_adds_the_costs_of_the_sum(self):
        self._send_first()
        second = self._invoice_month(date(2026, 12, 1))

        # 15 % of 400 is 60, of which 40 stand.
        self.assertEqual(self._announce(second, date(2026, 12, 22)), 20)

    def test_month_that_was_paid_late_counts_for_six_months(self):
        first = self._send_first()
        self._pay(first, day=date(2026, 12, 20))
        second = self._invoice_month(date(2026, 12, 1))

        self.assertEqual(self._announce(second, date(2026, 12, 22)), 20)
        # On 24 May 2027 it is six months ago, on the day after that more.
        self.assertEqual(self._announce(second, date(2027, 5, 24)), 20)
        self.assertEqual(self._announce(second, date(2027, 5, 25)), 40)

    def test_month_that_was_paid_within_the_term_bore_no_costs(self):
        first = self._send_first()
        self._pay(first, day=date(2026, 12, 10))
        second = self._invoice_month(date(2026, 12, 1))

        self.assertEqual(self._announce(second, date(2026, 12, 22)), 40)

    def test_other_contract_stands_for_itself(self):
        first = self._send_first()
        self._pay(first, day=date(2026, 12, 20))
        other = self._invoice_month(date(2026, 12, 1), contract="Energie 7")

        self.assertEqual(self._announce(other, date(2026, 12, 22)), 40)

    def test_costs_stay_what_they_were_told(self):
        first = self._send_first()
        self._pay(first, day=date(2026, 12, 20))
        second = self._invoice_month(date(2026, 12, 1))
        for day in ("2026-12-22", "2027-01-11"):
            notice = self._send(day).notice_ids
        self.assertEqual(notice.level_id.kind, "fourteen_day")
        self.assertEqual(notice.amount_announced, 20)

        self.assertEqual(float(self._get_claim(second, LATER).costs), 20)
        self.assertEqual(float(self._get_claim(second, date(2028, 1, 1)).costs), 20)

    def test_series_of_a_recurring_invoice_is_a_contract(self):
        first = self._send_first()
        second = self._invoice_month(date(2026, 12, 1))
        (first | second).dunning_contract_ref = False
        (first | second).auto_post_origin_id = first
        self._pay(first, day=date(2026, 12, 20))

        self.assertEqual(self._announce(second, date(2026, 12, 22)), 20)

    def test_businesses_are_not_meant(self):
        for amount in (200, 200):
            move = self._create_due_invoice(amount)
            move.dunning_contract_ref = "Abonnement"
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            notice = self._send(day).notice_ids

        self.assertEqual(notice.amount_costs, 60)
