import base64
from io import BytesIO
from unittest import skipUnless
from unittest.mock import patch

from PIL import Image

from odoo.tests import BaseCase, tagged
from odoo.tools.image import image_data_uri
from odoo.tools.pdf import PdfFileReader

from ..tools import pdf as letter_pdf
from ..tools import pdf_code as letter_code
from ..tools.qr_code import QrCode
from .letter_common import LetterCommon

PAGE = """<html><head></head><body><h1>{name}</h1>
<img class="code" alt="" src="{uri}"/>{more}</body></html>"""


@skipUnless(letter_pdf._wkhtml().is_patched_qt, "others print one letter a call")
@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetterCode(BaseCase):
    def setUp(self):
        super().setUp()
        self.codes = [QrCode("EUR12.10"), QrCode("EUR605.00")]
        self.calls = []
        run = letter_pdf._run_engine
        self.startPatcher(
            patch.object(
                letter_pdf,
                "_run_engine",
                lambda pages: self.calls.append(pages) or run(pages),
            )
        )

    def _print(self, *more):
        """Print a letter with each code; read them back from PDF files of their own."""
        pages = [
            PAGE.format(name=code.text, uri=code.uri, more=addition)
            for code, addition in zip(self.codes, more, strict=True)
        ]
        return [
            self._read_images(letter_pdf.join_sheets(sheets))
            for sheets in letter_pdf.print_letters(pages)
        ]

    def _read_images(self, content):
        [sheet] = PdfFileReader(BytesIO(content)).pages
        return list(sheet["/Resources"]["/XObject"].values())

    def _read_dots(self, image):
        image = image.get_object()
        size = image["/Width"], image["/Height"]
        return Image.frombytes("1", size, image.get_data())

    def _open(self, code):
        return Image.open(BytesIO(code.png))

    def _draw(self, size):
        stream = BytesIO()
        Image.new("RGB", size, "red").save(stream, format="PNG")
        return image_data_uri(base64.b64encode(stream.getvalue()))

    def test_each_letter_gets_its_own_code(self):
        letters = self._print("", "")

        self.assertEqual(len(self.calls), 1)
        for [image], code in zip(letters, self.codes, strict=True):
            self.assertEqual(
                self._read_dots(image).tobytes(), self._open(code).tobytes()
            )

    def test_engine_reads_no_codes(self):
        self._print("", "")

        for page in self.calls[0]:
            self.assertEqual(page.count(letter_code.BLANK), 1)
            self.assertEqual(page.count("base64"), 1)

    def test_letter_with_an_image_like_the_blank_is_printed_with_its_code(self):
        logo = f'<img src="{self._draw(letter_code.BLANK_SIZE)}"/>'

        _plain, images = self._print("", logo)

        self.assertEqual([len(pages) for pages in self.calls], [2, 1])
        widths = {image.get_object()["/Width"] for image in images}
        self.assertEqual(widths, {3, self._open(self.codes[1]).width})

    def test_image_in_colours_is_left_to_the_engine(self):
        uri = self._draw((5, 5))
        page = PAGE.format(name="", uri=uri, more="")

        self.assertEqual(letter_code.take_code(page), (page, None))


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetterCodePlace(LetterCommon):
    def test_letter_has_a_place_that_is_found(self):
        notice = self._create_letter((10, self._get_level("reminder")))

        [page] = notice._render_letter_pages().values()
        blank, code = letter_code.take_code(str(page))

        self.assertGreater(code.width, 20)
        self.assertIn(letter_code.BLANK, blank)
