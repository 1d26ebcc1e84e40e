from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .limitation_common import LimitationCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSuspension(LimitationCommon):
    """The announcement that deliveries are suspended."""

    def test_from_the_first_working_day_after_the_deadline(self):
        level = self._get_level("default_notice")
        # 11 days after Monday 23 November is Friday 4 December; then Monday.
        level.write({"suspend_delivery": True, "term_days": 11})

        # With what the law asks of a default notice it takes more than one page.
        text = " ".join(self._print(self._create_letter((100, level))))

        self.assertIn("vanaf 7 december 2026", text)
        self.assertIn("opschorten", text)
        self.assertIn("6:52 en 6:262", text)

    def test_later_when_more_days_are_given(self):
        level = self._get_level("demand")
        level.write({"suspend_delivery": True, "suspend_days": 3})
        partner = self._create_debtor("Thistle & Sons Ltd", lang="en_US")

        [page] = self._print(self._create_letter((100, level), partner=partner))

        # 8 days after 23 November is Tuesday 1 December; three working days later.
        self.assertIn("from 4 December 2026 until you have paid", page)

    def test_off_by_default(self):
        [page] = self._print(self._create_letter((100, self._get_level("demand"))))

        self.assertNotIn("opschorten", page)

    def test_not_in_letters_without_a_date(self):
        for level in (self._get_level("fourteen_day", "consumer"), self.level):
            with (
                self.subTest(level=level.kind),
                self.assertRaisesRegex(ValidationError, "names no last day"),
            ):
                level.suspend_delivery = True

    def test_not_before_the_deadline(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.demand.suspend_days = 0
            self.demand.flush_recordset()
