from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import BaseCase, tagged

from ..law import (
    NoticeTerm,
    add_working_days,
    is_working_day,
    notice_term,
    presumed_delivery,
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLawNoticeTerm(BaseCase):
    def test_fourteen_days_after_presumed_delivery(self):
        for dispatched, delivered, first_day, last_day, lapsed_on in (
            # Saturday: Sunday and Monday do not count, so Tuesday and Wednesday do.
            ("2026-11-21", "2026-11-25", "2026-11-26", "2026-12-09", "2026-12-10"),
            # Thursday: delivered on Saturday; ends on Saturday 12, hence Monday 14.
            ("2026-11-26", "2026-11-28", "2026-11-29", "2026-12-14", "2026-12-15"),
            # Friday: Saturday and Tuesday.
            ("2026-11-27", "2026-12-01", "2026-12-02", "2026-12-15", "2026-12-16"),
            # Before Christmas: the 24th, then neither 25 to 27 nor Monday 28.
            ("2026-12-23", "2026-12-29", "2026-12-30", "2027-01-12", "2027-01-13"),
            # Before Good Friday: Saturday, then neither Easter day, then Tuesday.
            ("2027-03-25", "2027-03-30", "2027-03-31", "2027-04-13", "2027-04-14"),
            # Monday: plain, the shortest there is.
            ("2026-11-02", "2026-11-04", "2026-11-05", "2026-11-18", "2026-11-19"),
            # Ends on Tuesday 5 May, which is no jubilee year's.
            ("2026-04-17", "2026-04-21", "2026-04-22", "2026-05-06", "2026-05-07"),
            # Ends on Good Friday 3 April: Tuesday after Easter.
            ("2026-03-18", "2026-03-20", "2026-03-21", "2026-04-07", "2026-04-08"),
            # Delivered on 30 December; ends on Wednesday 13 January.
            ("2026-12-24", "2026-12-30", "2026-12-31", "2027-01-13", "2027-01-14"),
        ):
            with self.subTest(dispatched=dispatched):
                self.assertEqual(
                    notice_term(date.fromisoformat(dispatched)),
                    NoticeTerm(
                        delivered=date.fromisoformat(delivered),
                        first_day=date.fromisoformat(first_day),
                        last_day=date.fromisoformat(last_day),
                        lapsed_on=date.fromisoformat(lapsed_on),
                    ),
                )

    def test_third_day_from_july_2027(self):
        for dispatched, delivered in (
            # Wednesday: Thursday and Friday.
            ("2027-06-30", "2027-07-02"),
            # Thursday: Friday, Saturday, then neither Sunday nor Monday: Tuesday.
            ("2027-07-01", "2027-07-06"),
            # Tuesday: Wednesday, Thursday, Friday.
            ("2027-07-06", "2027-07-09"),
        ):
            with self.subTest(dispatched=dispatched):
                self.assertEqual(
                    presumed_delivery(date.fromisoformat(dispatched)),
                    date.fromisoformat(delivered),
                )

    def test_days_of_margin(self):
        # Thursday 26 November: Friday, Saturday, and with two more Tuesday and
        # Wednesday 2 December; fourteen days later Wednesday 16 December.
        term = notice_term(date(2026, 11, 26), margin=2)

        self.assertEqual(term.delivered, date(2026, 12, 2))
        self.assertEqual(term.last_day, date(2026, 12, 16))

    def test_term_of_another_length_ends_on_a_working_day(self):
        # Dispatched on Monday 2 November, delivered on Wednesday 4.
        for days, last_day in (
            (1, date(2026, 11, 5)),
            (3, date(2026, 11, 9)),  # Saturday 7
            (7, date(2026, 11, 11)),
            (30, date(2026, 12, 4)),
            (365, date(2027, 11, 4)),
        ):
            with self.subTest(days=days):
                term = notice_term(date(2026, 11, 2), days)
                self.assertEqual(term.last_day, last_day)

    def test_term_of_three_days_holds_two_working_days(self):
        # Dispatched on Tuesday 22 December, delivered on Thursday 24. Christmas lasts
        # until Saturday 26; Monday 28 is the first working day.
        dispatched = date(2026, 12, 22)
        self.assertEqual(notice_term(dispatched, 2).last_day, date(2026, 12, 28))
        self.assertEqual(notice_term(dispatched, 3).last_day, date(2026, 12, 29))

    def test_holidays_of_the_act_are_no_working_days(self):
        for day in (
            "2026-01-01",
            "2026-04-03",  # Good Friday
            "2026-04-06",  # Easter Monday
            "2026-04-27",  # King's Day
            "2025-04-26",  # King's Day, the 27th being a Sunday
            "2025-05-05",
            "2026-05-05",
            "2027-05-05",
            "2026-05-14",  # Ascension Day
            "2026-05-25",  # Whit Monday
            "2026-12-25",
            "2028-12-26",  # Tuesday
            "2026-11-21",  # Saturday
            "2026-11-22",  # Sunday
        ):
            with self.subTest(day=day):
                self.assertFalse(is_working_day(date.fromisoformat(day)))

    def test_other_days_are_working_days(self):
        for day in (
            "2026-11-20",
            "2026-11-23",
            "2025-04-28",  # Monday after a King's Day that was moved
            "2026-04-30",  # Queen's Day until 2013
            "2026-05-04",
            "2026-12-24",
            "2026-12-31",
        ):
            with self.subTest(day=day):
                self.assertTrue(is_working_day(date.fromisoformat(day)))

    def test_working_days_are_counted_either_way(self):
        for day, n, expected in (
            ("2026-11-20", 1, "2026-11-23"),
            ("2026-11-21", 1, "2026-11-23"),
            ("2026-11-21", -1, "2026-11-20"),
            ("2026-12-24", 1, "2026-12-28"),
            ("2026-12-28", -1, "2026-12-24"),
            ("2026-12-31", 1, "2027-01-04"),
            # 28, 29, 30 April, 1, 4, 6, 7, 8, 11, 12 May
            ("2026-04-24", 10, "2026-05-12"),
            ("2026-05-12", -10, "2026-04-24"),
        ):
            with self.subTest(day=day, n=n):
                self.assertEqual(
                    add_working_days(date.fromisoformat(day), n),
                    date.fromisoformat(expected),
                )

    def test_no_working_days_leave_the_day_as_it_is(self):
        for day in (date(2026, 11, 20), date(2026, 11, 21), date(2026, 12, 25)):
            with self.subTest(day=day):
                self.assertEqual(add_working_days(day, 0), day)

    @freeze_time("2026-11-26")
    def test_today_is_a_date_while_time_is_frozen(self):
        self.assertEqual(notice_term(date.today()).lapsed_on, date(2026, 12, 15))
        self.assertTrue(is_working_day(date.today()))

    def test_impossible_argument_is_refused_by_name(self):
        for value in (datetime(2026, 11, 21), "2026-11-21", None):
            with self.subTest(value=value):
                with self.assertRaisesRegex(ValueError, "^dispatched: "):
                    notice_term(value)
                with self.assertRaisesRegex(ValueError, "^day: "):
                    is_working_day(value)
                with self.assertRaisesRegex(ValueError, "^day: "):
                    add_working_days(value, 1)
        for value in (0, -14, 14.0, "14", True, None):
            with (
                self.subTest(days=value),
                self.assertRaisesRegex(ValueError, "^days: "),
            ):
                notice_term(date(2026, 11, 21), value)
        for value in (1.0, "1", True, None):
            with self.subTest(n=value), self.assertRaisesRegex(ValueError, "^n: "):
                add_working_days(date(2026, 11, 21), value)
