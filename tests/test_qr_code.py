from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from odoo.tests import BaseCase, tagged

from ..tools.qr_code import draw_qr, make_modules


@tagged("post_install_l10n", "post_install", "-at_install")
class TestQrCode(BaseCase):
    def _make_with_reportlab(self, text):
        code = QRCode(None, QRErrorCorrectLevel.M)
        code.addData(text)
        code.version = code.calculate_version()
        code.makeImpl(False, 0)
        return [[bool(dark) for dark in row] for row in code.modules]

    def test_modules_equal_those_of_reportlab(self):
        transfer = "BCD\n002\n1\nSCT\n\nVan Dam\nNL91ABNA0417164300\nEUR1234.56"
        for text in ("a", "1234567", "AM/2026/00001", "é €", transfer, "x" * 400):
            with self.subTest(text):
                modules = [[bool(dark) for dark in row] for row in make_modules(text)]
                self.assertEqual(modules, self._make_with_reportlab(text))

    def test_image_is_png(self):
        self.assertTrue(draw_qr("AM/2026/00001").startswith(b"\x89PNG"))
