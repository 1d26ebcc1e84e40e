from datetime import date, datetime
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..law import interest

STATUTORY = [
    (date(2015, 1, 1), 2),
    (date(2023, 1, 1), 4),
    (date(2023, 7, 1), 6),
    (date(2024, 1, 1), 7),
    (date(2025, 1, 1), 6),
    (date(2026, 1, 1), 4),
]
COMMERCIAL = [
    (date(2012, 1, 1), Decimal("8.00")),
    (date(2013, 1, 1), Decimal("7.75")),
    (date(2013, 3, 16), Decimal("8.75")),
    (date(2013, 7, 1), Decimal("8.50")),
    (date(2026, 7, 1), Decimal("10.40")),
]
SIX_PERCENT = [(date(2000, 1, 1), 6)]
TEN_PERCENT = [(date(2000, 1, 1), 10)]
YEAR_END = {year: date(year, 12, 31) for year in range(2022, 2027)}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLawInterest(BaseCase):
    def test_days_of_leap_years_count_less(self):
        for principal, rates, due, until, expected in (
            # 5,000 x 10.40 % x 60/365 = 85.479
            (5000, COMMERCIAL, date(2026, 7, 1), date(2026, 8, 30), "85.48"),
            # 7 % of 1,000; 6 % of 1,070 = 64.20
            (1000, STATUTORY, YEAR_END[2023], YEAR_END[2025], "134.20"),
            (1000, STATUTORY, YEAR_END[2023], YEAR_END[2024], "70.00"),
            # 1,000 x (4 % x 181 + 6 % x 184)/365 = 50.0822; 7 % of 1,050.0822 =
            # 73.5058; 6 % of 1,123.5879 = 67.4153
            (1000, STATUTORY, YEAR_END[2022], YEAR_END[2025], "191.00"),
            # 15,000 x (8 % x 200/366 + 7.75 % x 74/365 + 8.75 % x 91/365) =
            # 655.7377 + 235.6849 + 327.2260
            (15000, COMMERCIAL, date(2012, 6, 14), date(2013, 6, 14), "1218.65"),
            # 10,000 x 6 % x (15/365 + 15/366) = 24.6575 + 24.5902
            (10000, SIX_PERCENT, date(2023, 12, 16), date(2024, 1, 15), "49.25"),
            # One day: 1,000 x 6 % / 366 = 0.1639
            (1000, SIX_PERCENT, date(2024, 5, 1), date(2024, 5, 2), "0.16"),
        ):
            with self.subTest(due=due, until=until):
                statement = interest(principal, due, until, rates)
                self.assertEqual(str(statement.total), expected)

    def test_every_day_is_one_of_365_on_the_fixed_basis(self):
        for principal, rates, due, until, expected in (
            # 70 x 366/365 = 70.1918; 6 % of 1,070.1918 = 64.2115
            (1000, STATUTORY, YEAR_END[2023], YEAR_END[2025], "134.40"),
            (1000, STATUTORY, YEAR_END[2023], YEAR_END[2024], "70.19"),
            # 50.0822; 7 % of 1,050.0822 x 366/365 = 73.7071; 6 % of 1,123.7893 =
            # 67.4274
            (1000, STATUTORY, YEAR_END[2022], YEAR_END[2025], "191.22"),
            # 15,000 x (8 % x 200 + 7.75 % x 74 + 8.75 % x 91)/365 =
            # 657.5342 + 235.6849 + 327.2260
            (15000, COMMERCIAL, date(2012, 6, 14), date(2013, 6, 14), "1220.45"),
            (10000, SIX_PERCENT, YEAR_END[2024], YEAR_END[2025], "600.00"),
            # One day more: 10,600 x 6 % / 365 = 1.7425
            (10000, SIX_PERCENT, YEAR_END[2024], date(2026, 1, 1), "601.74"),
            (365000, SIX_PERCENT, date(2024, 5, 1), date(2024, 5, 2), "60.00"),
            # 10,000 x 6 % x 30/365 = 49.3151
            (10000, SIX_PERCENT, date(2023, 12, 16), date(2024, 1, 15), "49.32"),
        ):
            with self.subTest(due=due, until=until):
                statement = interest(principal, due, until, rates, basis="actual/365")
                self.assertEqual(str(statement.total), expected)

    def test_new_rate_counts_from_its_first_day(self):
        # First day 17 December: 15 days at 6 %, 15 at 4 %: 24.6575 + 16.4384
        even = interest(10000, date(2025, 12, 16), date(2026, 1, 15), STATUTORY)
        # First day 18 December: 14 days at 6 %, 16 at 4 %: 23.0137 + 17.5342
        later = interest(10000, date(2025, 12, 17), date(2026, 1, 16), STATUTORY)

        self.assertEqual(even.total, Decimal("41.10"))
        self.assertEqual([s.days for s in even.segments], [15, 15])
        self.assertEqual(later.total, Decimal("40.55"))
        self.assertEqual(
            [(s.start, s.end, s.days, s.percent) for s in later.segments],
            [
                (date(2025, 12, 18), date(2025, 12, 31), 14, 6),
                (date(2026, 1, 1), date(2026, 1, 16), 16, 4),
            ],
        )

    def test_due_date_bears_no_interest(self):
        statement = interest(5000, YEAR_END[2025], YEAR_END[2025], STATUTORY)

        self.assertEqual(str(statement.total), "0.00")
        self.assertEqual(statement.segments, ())
        self.assertEqual(statement.rounded_segments(), ())
        # 5,000 x 4 % / 365 = 0.5479
        self.assertEqual(statement.per_day, Decimal("0.55"))

    def test_without_principal_there_is_nothing(self):
        statement = interest(0, YEAR_END[2023], YEAR_END[2025], STATUTORY)

        self.assertEqual(str(statement.total), "0.00")
        self.assertEqual(statement.segments, ())
        self.assertEqual(statement.per_day, 0)

    def test_segment_tells_how_its_amount_came_about(self):
        statement = interest(3650, date(2026, 1, 31), date(2026, 2, 10), SIX_PERCENT)

        (segment,) = statement.segments
        # 3,650 x 6 % x 10/365
        self.assertEqual(
            segment, (date(2026, 2, 1), date(2026, 2, 10), 10, 3650, 6, Decimal(6))
        )
        self.assertEqual(statement.per_day, Decimal("0.60"))

    def test_leap_day_leaves_the_anniversary_where_it_was(self):
        statement = interest(
            1000, date(2024, 2, 28), date(2028, 2, 29), SIX_PERCENT, basis="actual/365"
        )

        self.assertEqual(
            [(s.start, s.days) for s in statement.segments],
            [
                (date(2024, 2, 29), 365),
                (date(2025, 2, 28), 365),
                (date(2026, 2, 28), 365),
                (date(2027, 2, 28), 366),
                (date(2028, 2, 29), 1),
            ],
        )
        # 1,060, then 1,123.60, then 1,191.016
        self.assertEqual(
            [s.base for s in statement.segments[:4]],
            [1000, 1060, Decimal("1123.6"), Decimal("1191.016")],
        )

    def test_interest_joins_the_base_after_a_year_of_default(self):
        due = date(2022, 6, 30)

        year = interest(1000, due, date(2023, 6, 30), TEN_PERCENT)
        day_more = interest(1000, due, date(2023, 7, 1), TEN_PERCENT)

        self.assertEqual(year.total, Decimal("100.00"))
        self.assertEqual(len(year.segments), 1)
        # 1,100 x 10 % / 365 = 0.3014
        self.assertEqual(day_more.total, Decimal("100.30"))
        self.assertEqual(year.per_day, Decimal("0.30"))

    def test_day_after_tells_what_one_more_day_costs(self):
        statement = interest(1000, YEAR_END[2023], YEAR_END[2024], STATUTORY)

        # A new year of default and a new rate: 1,070 x 6 % / 365 = 0.1759
        self.assertEqual(statement.next_day.base, 1070)
        self.assertEqual(statement.next_day.percent, 6)
        self.assertEqual(statement.per_day, Decimal("0.18"))

    def test_new_year_parts_segments_only_when_its_length_changes(self):
        for year, basis, expected in (
            (2022, "actual/actual", [30]),
            (2023, "actual/actual", [15, 15]),
            (2024, "actual/actual", [15, 15]),
            (2023, "actual/365", [30]),
        ):
            with self.subTest(year=year, basis=basis):
                due, until = date(year, 12, 16), date(year + 1, 1, 15)
                statement = interest(10000, due, until, SIX_PERCENT, basis=basis)
                self.assertEqual([s.days for s in statement.segments], expected)

    def test_repeated_rate_parts_nothing(self):
        rates = [(date(2025, 7, 1), "10.15"), (date(2026, 1, 1), Decimal("10.150"))]
        statement = interest(1000, date(2025, 12, 1), date(2026, 1, 31), rates)
        self.assertEqual([s.days for s in statement.segments], [61])

    def test_half_a_cent_in_endless_parts_goes_up(self):
        # 100 days at 2 % and 55 at 3 %: 365 percent days, so 100.50 bears 1.005. Both
        # parts are endless: 0.550684..., 0.454315...
        rates = [(date(2025, 1, 1), 2), (date(2025, 4, 12), 3)]
        statement = interest("100.50", date(2025, 1, 1), date(2025, 6, 5), rates)

        self.assertEqual([s.days for s in statement.segments], [100, 55])
        self.assertEqual(statement.total, Decimal("1.01"))

    def test_rounded_segments_add_up_to_the_total(self):
        # 0.50 bears 0.0027 and 0.0023: apart they are nothing, together half a cent.
        rates = [(date(2025, 1, 1), 2), (date(2025, 4, 12), 3)]
        statement = interest("0.50", date(2025, 1, 1), date(2025, 6, 5), rates)

        self.assertEqual(statement.total, Decimal("0.01"))
        self.assertEqual(
            [str(s.amount) for s in statement.rounded_segments()], ["0.00", "0.01"]
        )

    def test_rounded_segments_have_their_base_in_cents(self):
        statement = interest(1000, YEAR_END[2022], YEAR_END[2025], STATUTORY)

        # 50.0822, then 7 % of 1,050.0822, then 6 % of 1,123.5879
        self.assertEqual(
            [(str(s.base), str(s.amount)) for s in statement.rounded_segments()],
            [
                ("1000.00", "19.84"),  # 19.8356
                ("1000.00", "30.24"),  # 50.0822 less 19.84
                ("1050.08", "73.51"),  # 123.5879 less 50.08
                ("1123.59", "67.41"),  # 191.0032 less 123.59
            ],
        )

    def test_order_and_kind_of_number_do_not_matter(self):
        due, until = YEAR_END[2022], YEAR_END[2025]
        payments = [(date(2024, 5, 1), 100), (date(2023, 5, 1), 50)]

        plain = interest(1000, due, until, STATUTORY, payments=payments)
        turned = interest(
            "1000.00",
            due,
            until,
            ((day, str(percent)) for day, percent in reversed(STATUTORY)),
            payments=iter(payments[::-1]),
        )

        self.assertEqual(plain.total, turned.total)
        self.assertEqual(plain.segments, turned.segments)

    def test_result_cannot_be_changed(self):
        statement = interest(1000, YEAR_END[2023], YEAR_END[2025], STATUTORY)
        with self.assertRaises(AttributeError):
            statement.total = Decimal(0)

    def test_impossible_argument_is_refused_by_name(self):
        day = date(2025, 2, 1)
        for name, value in (
            ("principal", -1),
            ("principal", "NaN"),
            ("principal", Decimal("Infinity")),
            ("principal", 1000.0),
            ("principal", None),
            ("due", datetime(2025, 1, 1)),
            ("due", "2025-01-01"),
            ("due", date(1999, 12, 30)),  # interest from the 31st, rates from the next
            ("until", datetime(2025, 12, 31)),
            ("until", None),
            ("until", date(2024, 12, 31)),
            ("rates", []),
            ("rates", None),
            ("rates", [day]),
            ("rates", [(day, 6, 7)]),
            ("rates", [(date(2000, 1, 1), 6), (date(2000, 1, 1), 7)]),
            ("rates", [(datetime(2000, 1, 1), 6)]),
            ("rates", [(date(2000, 1, 1), 6.0)]),
            ("rates", [(date(2000, 1, 1), -6)]),
            ("payments", 100),
            ("payments", [100]),
            ("payments", [("2025-02-01", 100)]),
            ("payments", [(day, -100)]),
            ("payments", [(day, "NaN")]),
            ("payments", [(day, 100.0)]),
            ("payments", [(day, 600), (day, 401)]),
            ("payments", [(date(2025, 12, 31), 1001)]),
            ("basis", "30/360"),
            ("basis", None),
        ):
            arguments = {
                "principal": 1000,
                "due": date(2025, 1, 1),
                "until": date(2025, 12, 31),
                "rates": SIX_PERCENT,
                name: value,
            }
            with (
                self.subTest(name=name, value=value),
                self.assertRaisesRegex(ValueError, f"^{name}: "),
            ):
                interest(**arguments)

    def test_first_day_of_the_first_rate_is_known(self):
        statement = interest(1000, date(1999, 12, 31), date(2000, 1, 1), SIX_PERCENT)
        # 1,000 x 6 % / 366
        self.assertEqual(statement.total, Decimal("0.16"))
