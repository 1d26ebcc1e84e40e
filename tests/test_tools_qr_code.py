from io import BytesIO

from PIL import Image

from odoo.tests import BaseCase, tagged

from ..tools.qr_code import SCALE, QrCode

#: The corner of each QR code: a ring, and a square in it.
FINDER = ["#######", "#.....#", "#.###.#", "#.###.#", "#.###.#", "#.....#", "#######"]


@tagged("post_install_l10n", "post_install", "-at_install")
class TestQrCode(BaseCase):
    def _get_modules(self, text):
        image = Image.open(BytesIO(QrCode(text).png)).convert("L")
        size = image.width // SCALE
        self.assertEqual(image.size, (size * SCALE, size * SCALE))
        return [
            "".join(
                ".#"[image.getpixel((column * SCALE, row * SCALE)) == 0]
                for column in range(size)
            )
            for row in range(size)
        ]

    def test_code_has_its_corners_and_no_margin(self):
        modules = self._get_modules("AM/2026/00001")

        self.assertEqual([row[:7] for row in modules[:7]], FINDER)
        self.assertEqual([row[-7:] for row in modules[:7]], FINDER)
        self.assertEqual([row[:7] for row in modules[-7:]], FINDER)

    def test_size_follows_what_the_code_says(self):
        """Correction level M in bytes: 14 fit in 21 modules, 26 in 25."""
        for text, size in (("a" * 14, 21), ("a" * 15, 25), ("é" * 13, 25)):
            with self.subTest(text):
                self.assertEqual(len(self._get_modules(text)), size)

    def test_codes_of_different_texts_differ(self):
        self.assertNotEqual(self._get_modules("12.10"), self._get_modules("12.11"))

    def test_code_can_be_embedded(self):
        uri = QrCode("AM/2026/00001").uri

        self.assertTrue(uri.startswith("data:image/png;base64,"))
