import doctest

from odoo.tests import BaseCase, tagged

from odoo.addons.l10n_nl_dunning.models.insight import engine


@tagged("post_install_l10n", "post_install", "-at_install")
class TestInsightEngine(BaseCase):
    """Key figures: the examples, and months in which there is nothing to divide by."""

    def test_examples(self):
        failed, tried = doctest.testmod(engine)

        self.assertEqual(failed, 0)
        self.assertEqual(tried, 4)

    def test_without_sales_there_is_no_figure(self):
        quiet = engine.Month(30, 0, 100)

        self.assertIsNone(engine.get_dso([quiet] * 3))
        self.assertIsNone(engine.get_countback([quiet] * 3))
        self.assertIsNone(engine.get_cei(0, engine.Month(30, 0, 0)))

    def test_countback_passes_months_without_sales(self):
        # August 100, September nothing, October 50: 80 are 31 + 30 days and 30 of
        # August's 100 in 31 days, which is 9.3.
        months = [
            engine.Month(31, 100, 0),
            engine.Month(30, 0, 0),
            engine.Month(31, 50, 80),
        ]

        self.assertAlmostEqual(engine.get_countback(months), 70.3)
