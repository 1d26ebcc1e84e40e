from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..models.arrangement.engine.progress import Instalment, follow, pause_rates

JAN, FEB, MAR = date(2027, 1, 15), date(2027, 2, 15), date(2027, 3, 15)


def _plan(**changes):
    """Three instalments of 100 with three days of grace."""
    return [
        Instalment(day, Decimal(100), 3, changes.get(name))
        for name, day in (("jan", JAN), ("feb", FEB), ("mar", MAR))
    ]


def _follow(day, receipts=(), credited=0, plan=None, **kwargs):
    receipts = [(on, Decimal(amount)) for on, amount in receipts]
    return follow(plan or _plan(), receipts, Decimal(credited), day, **kwargs)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestProgress(BaseCase):
    """What became of an arrangement, on paper."""

    def test_nothing_is_late_on_the_day_itself(self):
        self.assertEqual(_follow(JAN).state, "on_time")
        late = _follow(date(2027, 1, 16))
        self.assertEqual((late.state, late.days_late), ("late", 1))

    def test_payment_in_part_leaves_the_rest_late(self):
        progress = _follow(date(2027, 1, 20), [(JAN, 60)])

        self.assertEqual(progress.paid, (60, 0, 0))
        self.assertEqual(progress.open_of(0), 40)
        self.assertEqual((progress.state, progress.days_late), ("late", 5))

    def test_paying_ahead_pays_the_next_instalments(self):
        progress = _follow(date(2027, 2, 20), [(JAN, 250)])

        self.assertEqual(progress.paid, (100, 100, 50))
        self.assertEqual(progress.paid_on, (JAN, JAN, None))
        self.assertEqual((progress.state, progress.current), ("on_time", 2))

    def test_all_in_one_go_or_too_much_is_fulfilled(self):
        for amount in (300, 310):
            with self.subTest(amount):
                progress = _follow(JAN, [(JAN, amount)])
                self.assertEqual((progress.state, progress.open), ("fulfilled", 0))

    def test_credit_note_shortens_from_the_end(self):
        progress = _follow(date(2027, 2, 20), [(JAN, 100)], credited=150)

        self.assertEqual(progress.amounts, (100, 50, 0))
        self.assertEqual((progress.open, progress.days_late), (50, 5))
        self.assertEqual(_follow(JAN, credited=300).state, "fulfilled")

    def test_warning_is_due_after_the_days_of_grace(self):
        self.assertFalse(_follow(date(2027, 1, 18)).needs_warning)
        self.assertTrue(_follow(date(2027, 1, 19)).needs_warning)

    def test_lapses_on_the_day_after_the_term_of_the_warning(self):
        plan = _plan(jan=date(2027, 1, 26))

        warned = _follow(date(2027, 1, 26), plan=plan)
        breaching = _follow(date(2027, 1, 27), plan=plan)

        self.assertEqual(warned.state, "warned")
        self.assertEqual(warned.breaks_on, date(2027, 1, 27))
        self.assertFalse(warned.needs_warning)
        self.assertEqual(breaching.state, "breaching")

    def test_warning_about_one_instalment_is_none_about_the_next(self):
        progress = _follow(
            date(2027, 2, 20), [(JAN, 100)], plan=_plan(jan=date(2027, 1, 26))
        )

        self.assertEqual(progress.state, "late")
        self.assertTrue(progress.needs_warning)

    def test_forgiven_does_not_lapse_before_its_day(self):
        plan = _plan(jan=date(2027, 1, 26))
        terms = {"plan": plan, "forgiven_until": date(2027, 2, 10)}

        self.assertEqual(_follow(date(2027, 2, 10), **terms).state, "warned")
        self.assertEqual(_follow(date(2027, 2, 11), **terms).state, "breaching")

    @settings(deadline=None, max_examples=200)
    @given(
        st.lists(st.integers(1, 10_000), min_size=1, max_size=12),
        st.lists(st.tuples(st.dates(JAN, MAR), st.integers(1, 20_000)), max_size=8),
        st.integers(0, 30_000),
    )
    def test_no_cent_is_lost_and_the_oldest_is_paid_first(
        self, amounts, receipts, credited
    ):
        plan = [
            Instalment(date(2027, 1, n + 1), Decimal(a)) for n, a in enumerate(amounts)
        ]
        progress = _follow(MAR, receipts, credited, plan)
        total = sum(amounts)
        received = sum(amount for _day, amount in receipts)

        self.assertEqual(progress.total, max(total - credited, 0))
        self.assertEqual(progress.received, min(received, progress.total))
        self.assertTrue(
            all(
                0 <= p <= a
                for p, a in zip(progress.paid, progress.amounts, strict=True)
            )
        )
        partly = [
            n for n, part in enumerate(progress.amounts) if progress.paid[n] < part
        ]
        self.assertFalse(any(progress.paid[n] for n in partly[1:]))
        self.assertEqual(progress.state == "fulfilled", not partly)

    def test_pause_goes_over_a_change_of_rate(self):
        rates = ((date(2026, 1, 1), Decimal(8)), (date(2027, 1, 1), Decimal(9)))

        paused = pause_rates(rates, [(date(2026, 12, 1), date(2027, 1, 31))])

        self.assertEqual(
            paused,
            (
                (date(2026, 1, 1), 8),
                (date(2026, 12, 1), 0),
                (date(2027, 2, 1), 9),
            ),
        )

    def test_pause_ends_on_the_day_of_a_new_rate(self):
        rates = ((date(2026, 1, 1), Decimal(8)), (date(2027, 1, 1), Decimal(9)))

        paused = pause_rates(rates, [(date(2026, 12, 1), date(2026, 12, 31))])

        self.assertEqual([percent for _day, percent in paused], [8, 0, 9])
