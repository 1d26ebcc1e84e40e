from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..law import collection_costs


@tagged("post_install", "-at_install", "post_install_l10n")
class TestLawCollectionCosts(BaseCase):
    def test_scale_of_principal_gives_costs_without_vat(self):
        for principal, expected in (
            ("0", "0.00"),
            ("0.01", "40.00"),
            ("1", "40.00"),
            ("100", "40.00"),
            ("150", "40.00"),
            ("266.66", "40.00"),  # 15 % = 39.999, the minimum counts
            ("266.67", "40.00"),  # 15 % = 40.0005
            ("266.69", "40.00"),  # 15 % = 40.0035
            ("266.70", "40.01"),  # 15 % = 40.005, half a cent goes up
            ("550", "82.50"),  # 100 + 200 + 250 in one notice: 15 %, once
            ("1000", "150.00"),
            ("1234.56", "185.18"),  # 185.184
            ("2499.99", "375.00"),  # 374.9985
            ("2500", "375.00"),
            ("2500.10", "375.01"),  # 375 + 10 % of 0.10
            ("5000", "625.00"),
            ("5000.10", "625.01"),  # 625 + 5 % of 0.10 = 625.005
            ("10000", "875.00"),
            ("10000.50", "875.01"),  # 875 + 1 % of 0.50 = 875.005
            ("12345.67", "898.46"),  # 875 + 1 % of 2,345.67 = 898.4567
            ("25000", "1025.00"),
            ("200000", "2775.00"),
            ("200001", "2775.01"),  # 2,775 + 0.5 % of 1 = 2,775.005
            ("999998", "6774.99"),  # 2,775 + 0.5 % of 799,998
            ("1000000", "6775.00"),
            ("1000000.01", "6775.00"),
            ("123456789.01", "6775.00"),
        ):
            with self.subTest(principal=principal):
                self.assertEqual(str(collection_costs(principal)), expected)

    def test_vat_raises_the_rounded_costs(self):
        for principal, expected in (
            ("0", "0.00"),
            ("100", "48.40"),  # 40 x 1.21
            ("266.70", "48.41"),  # 40.01 x 1.21 = 48.4121
            ("1000", "181.50"),  # 150 x 1.21
            ("1234.56", "224.07"),  # 185.18 x 1.21 = 224.0678
            ("5000", "756.25"),  # 625 x 1.21
            ("12345.67", "1087.14"),  # 898.46 x 1.21 = 1,087.1366
            ("1000000", "8197.75"),  # 6,775 x 1.21
            ("2000000", "8197.75"),
        ):
            with self.subTest(principal=principal):
                self.assertEqual(str(collection_costs(principal, 21)), expected)

    def test_vat_percent_is_not_fixed(self):
        # 150 x 1.09
        self.assertEqual(collection_costs(1000, vat_percent=9), Decimal("163.50"))
        # 150 x 1.055
        self.assertEqual(collection_costs(1000, Decimal("5.5")), Decimal("158.25"))

    def test_int_text_and_decimal_mean_the_same(self):
        for principal in (1000, "1000", "1000.00", Decimal(1000), Decimal("1E+3")):
            with self.subTest(principal=principal):
                self.assertEqual(collection_costs(principal), Decimal(150))

    def test_impossible_amount_is_refused_by_name(self):
        for value in (
            -1,
            "-0.01",
            Decimal(-1),
            "NaN",
            Decimal("sNaN"),
            "Infinity",
            Decimal("-Infinity"),
            Decimal("1E+15"),
            1000.0,
            True,
            None,
            "",
            "a hundred",
            "1.000,00",
        ):
            with self.subTest(value=value):
                with self.assertRaisesRegex(ValueError, "^principal: "):
                    collection_costs(value)
                with self.assertRaisesRegex(ValueError, "^vat_percent: "):
                    collection_costs(100, value)
