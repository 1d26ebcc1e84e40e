"""Codes to scan in letters: the engine leaves their place free, and they are put there.

The engine would read each code as an image in colours, and compress it anew: a fifth of
its time. PDF knows the compression of PNG files, so the dots go into it as they are.
"""

import base64
import re
import struct
from typing import NamedTuple

from odoo.tools.pdf import (
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
)

#: The place of a code in a page, as the template writes it.
PLACE = re.compile(r'(?<=<img class="code" alt="" src=")data:image/png;base64,([^"]+)')
#: What keeps the place: a white image of 3 by 1 dots, a size that nothing else has.
BLANK_SIZE = (3, 1)
BLANK = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAMAAAABAQAAAAAzmykZAAAACklEQVR4nGN4"
    "AAAA4gDhFXZEAAAAAABJRU5ErkJggg=="
)


class Png(NamedTuple):
    """What a PDF needs of an image in black and white."""

    width: int
    height: int
    dots: bytes  # compressed


def take_code(page):
    """Take the code out of a page, when it has one.

    :param str page: a complete HTML document
    :return: the page with a blank instead, and the code
    :rtype: tuple[str, Png | None]
    """
    places = PLACE.findall(page)
    code = _read_png(base64.b64decode(places[0])) if len(places) == 1 else None
    return (PLACE.sub(BLANK, page), code) if code else (page, None)


def put_code(sheets, code):
    """Put the code of a letter where the blank is.

    :param list sheets: page objects of the letter
    :param code: what was taken out of the page
    :return: whether the letter shows what its page has: with more than one place that
        looks like the blank, or none, nothing is put there
    :rtype: bool
    """
    if not code:
        return True
    places = [
        (images, name)
        for sheet in sheets
        for images in [sheet["/Resources"].get("/XObject", {})]
        for name in images
        if (images[name].get("/Width"), images[name].get("/Height")) == BLANK_SIZE
    ]
    if len(places) != 1:
        return False
    [(images, name)] = places
    images[NameObject(name)] = _make_image(code)
    return True


def _read_png(content):
    """Read a PNG file in black and white; of other images nothing is returned."""
    chunks, start = {}, 8
    while start < len(content):
        length, kind = struct.unpack_from(">I4s", content, start)
        chunks.setdefault(kind, bytearray())
        chunks[kind] += content[start + 8 : start + 8 + length]
        start += length + 12
    width, height, *sort = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    is_plain = sort == [1, 0, 0, 0, 0]  # one bit a dot, not interlaced
    return Png(width, height, bytes(chunks[b"IDAT"])) if is_plain else None


def _make_image(code):
    """Return a code as an image of a PDF."""
    image = DecodedStreamObject()  # so it is written as it is
    image.setData(code.dots)
    image.update(
        _make_dictionary(
            Type="XObject",
            Subtype="Image",
            ColorSpace="DeviceGray",
            Filter="FlateDecode",
            BitsPerComponent=1,
            Width=code.width,
            Height=code.height,
        )
    )
    image[NameObject("/DecodeParms")] = _make_dictionary(
        Predictor=15, Colors=1, BitsPerComponent=1, Columns=code.width
    )
    return image


def _make_dictionary(**values):
    return DictionaryObject(
        {
            NameObject(f"/{key}"): (
                NumberObject(value)
                if isinstance(value, int)
                else NameObject(f"/{value}")
            )
            for key, value in values.items()
        }
    )
