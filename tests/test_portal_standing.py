from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .portal_common import PortalCommon


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalStanding(PortalCommon):
    """Which of several letters about an invoice asks for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder = cls._get_level("reminder")
        cls.final_demand = cls._get_level("final_demand")

    def _create_two(self, state):
        """Create two letters about the same item, the second in a state."""
        first = self._create_letter((100, self.reminder))
        second = self._create_letter(
            again=[(first.line_ids.move_line_id, self.final_demand)]
        )
        self._set_state(second, state)
        return first, second

    def test_earlier_letter_points_to_the_later_one(self):
        first, second = self._create_two("sent")

        self.assertIn(second.name, self._read_page(first))
        self.assertNotIn(first.name, self._read_page(second))
        # The list asks for it once: 100, 40 of costs and 0.60 of interest.
        text = self._read_list()
        self.assertEqual(text.count("€ 140,60"), 1)
        self.assertIn("Zie de nieuwere brief", text)

    def test_letter_that_failed_replaces_none(self):
        first, second = self._create_two("failed")

        self.assertNotIn(second.name, self._read_page(first))
        text = self._read_page(second)
        self.assertIn("U bent eerder gevraagd deze facturen te betalen, met", text)
        self.assertIn(first.name, text)
        # What failed asked for nothing: 100 without interest, once.
        text = self._read_list()
        self.assertEqual(text.count("€ 100,00"), 1)
        self.assertIn("Niet aangekomen", text)
        self.assertNotIn("Zie de nieuwere brief", text)

    def test_letter_under_way_replaces_the_earlier_one(self):
        first, second = self._create_two("pending")

        self.assertIn(second.name, self._read_page(first))
        text = self._read_list()
        self.assertEqual(text.count("€ 140,60"), 1)
        self.assertIn("Zie de nieuwere brief", text)

    def test_only_letter_that_failed_is_in_the_list_with_its_amount(self):
        notice = self._create_letter((100, self.reminder))
        self._set_state(notice, "failed")

        text = self._read_list()
        self.assertIn("€ 100,00", text)
        self.assertNotIn("Niet aangekomen", text)
