"""Codes to scan, made by the library that Odoo brings along."""

import base64
from io import BytesIO
from typing import NamedTuple

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from odoo.tools.image import image_data_uri

#: The mask that is always used: the search for the best of eight takes six times as
#: long as all the rest, and only matters for damaged or blurred codes.
MASK = 0
#: Dots for each module: with one, viewers blur the code; with more than two, the engine
#: takes its time over the image.
SCALE = 2


class QrCode(NamedTuple):
    """A QR code, drawn only where it is shown."""

    text: str

    @property
    def png(self):
        """The code as PNG without margin."""
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=MASK)
        # In one piece: to look for digits in the text takes longer than it saves.
        code.add_data(self.text, optimize=0)
        code.make()
        size = len(code.modules)
        dots = bytes(0 if dark else 255 for row in code.modules for dark in row)
        image = Image.frombytes("L", (size, size), dots).convert("1")
        stream = BytesIO()
        image.resize((size * SCALE, size * SCALE)).save(stream, format="PNG")
        return stream.getvalue()

    @property
    def uri(self):
        """The code as data URI, to embed in a page."""
        return image_data_uri(base64.b64encode(self.png))
