from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from ..law import limitation_date


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLawLimitation(BaseCase):
    def test_contract_claim_lapses_after_five_years(self):
        for due, expected in (
            (date(2021, 11, 30), date(2026, 11, 30)),
            # A Saturday: the term is too long to be moved by a weekend.
            (date(2024, 3, 31), date(2029, 3, 31)),
            (date(2024, 2, 29), date(2029, 2, 28)),
            (date(2023, 2, 28), date(2028, 2, 28)),
        ):
            with self.subTest(due=due):
                self.assertEqual(limitation_date(due), expected)

    def test_price_of_consumer_sale_lapses_after_two_years(self):
        for due, expected in (
            (date(2024, 11, 30), date(2026, 11, 30)),
            (date(2024, 2, 29), date(2026, 2, 28)),
        ):
            with self.subTest(due=due):
                self.assertEqual(limitation_date(due, consumer_sale=True), expected)

    def test_interruption_starts_a_term_of_the_same_length(self):
        due = date(2024, 3, 31)

        contract = limitation_date(due, interrupted_on=date(2028, 6, 15))
        sale = limitation_date(
            due, consumer_sale=True, interrupted_on=date(2025, 6, 15)
        )

        self.assertEqual(contract, date(2033, 6, 15))
        self.assertEqual(sale, date(2027, 6, 15))

    def test_interruption_on_the_due_date_gains_nothing(self):
        due = date(2024, 3, 31)
        self.assertEqual(limitation_date(due, interrupted_on=due), date(2029, 3, 31))

    def test_interruption_counts_until_the_last_day(self):
        due = date(2024, 3, 31)

        last_moment = limitation_date(due, interrupted_on=date(2029, 3, 31))
        too_late = limitation_date(due, interrupted_on=date(2029, 4, 1))

        self.assertEqual(last_moment, date(2034, 3, 31))
        self.assertEqual(too_late, date(2029, 3, 31))

    def test_interruptions_follow_from_one_another(self):
        due = date(2016, 1, 31)
        first, second = date(2020, 12, 1), date(2025, 11, 1)

        # 2016 + 5 is before the second: alone it comes too late.
        self.assertEqual(limitation_date(due, interrupted_on=second), date(2021, 1, 31))
        for order in ([first, second], (second, first), iter([first, second])):
            self.assertEqual(
                limitation_date(due, interrupted_on=order), date(2030, 11, 1)
            )
        self.assertEqual(limitation_date(due, interrupted_on=[]), date(2021, 1, 31))

    def test_impossible_day_is_refused_by_name(self):
        due = date(2024, 3, 31)
        for value in (datetime(2024, 3, 31), "2024-03-31", None, 20240331):
            with (
                self.subTest(due=value),
                self.assertRaisesRegex(ValueError, "^due: "),
            ):
                limitation_date(value)
        for value in (
            date(2024, 3, 30),
            datetime(2025, 3, 31),
            "2025-03-31",
            20250331,
            [date(2025, 3, 31), None],
        ):
            with (
                self.subTest(interrupted_on=value),
                self.assertRaisesRegex(ValueError, "^interrupted_on: "),
            ):
                limitation_date(due, interrupted_on=value)
