from datetime import date

from odoo.tests import freeze_time, tagged

from ..law import title_limitation_date
from .common import DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestUncollectableTitle(DunningCommon):
    """Titles that are watched twice a year until they lapse."""

    def _create_title(self, **values):
        return self.env["dunning.title"].create(
            {
                "name": "11234567 CV EXPL 27-123",
                "company_id": self.company.id,
                "partner_id": self.debtor.id,
                "date": date(2027, 3, 1),
                "amount": 1210,
                "user_id": self.env.ref("base.user_admin").id,
                **values,
            }
        )

    def test_limitation_of_a_judgment(self):
        day = date(2027, 3, 1)
        self.assertEqual(title_limitation_date(day), date(2047, 3, 1))
        # Five years after an interruption, and never earlier than the first term.
        for interrupted, lapses in (
            (date(2030, 1, 1), date(2047, 3, 1)),
            (date(2045, 6, 1), date(2050, 6, 1)),
            (date(2047, 3, 2), date(2047, 3, 1)),
        ):
            self.assertEqual(
                title_limitation_date(day, interrupted_on=interrupted), lapses
            )

    def test_dates_of_a_title(self):
        with freeze_time("2027-03-15"):
            title = self._create_title()
            self.assertRecordValues(
                title,
                [
                    {
                        "lapses_on": date(2047, 3, 1),
                        "next_review": date(2027, 9, 1),
                        "state": "watched",
                    }
                ],
            )

    def test_owner_is_asked_twice_a_year(self):
        with freeze_time("2027-03-15"):
            title = self._create_title()
            self.assertFalse(title._ask_review(self.company))

        with freeze_time("2027-09-01"):
            self.assertEqual(title._ask_review(self.company), title)
            self.assertFalse(title._ask_review(self.company))
            self.assertIn(self.debtor.name, title.activity_ids.summary)
            self.assertEqual(title.next_review, date(2028, 3, 1))
            title.action_review()
            self.assertFalse(title.activity_ids)

    def test_closed_and_lapsed_titles_rest(self):
        with freeze_time("2027-03-15"):
            closed = self._create_title()
            lapsed = self._create_title(date=date(2007, 3, 1))
            self.assertEqual(lapsed.state, "lapsed")
            closed.action_end()
            self.assertEqual(closed.state, "ended")

        with freeze_time("2028-01-01"):
            titles = closed + lapsed
            self.assertFalse(titles._ask_review(self.company) & titles)
            Title = self.env["dunning.title"].with_company(self.company)
            for state, found in (("ended", closed), ("lapsed", lapsed)):
                self.assertEqual(
                    Title.search([("state", "=", state), ("id", "in", titles.ids)]),
                    found,
                )
