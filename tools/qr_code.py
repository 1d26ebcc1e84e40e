"""Codes to scan.

The library that Odoo brings along knows what a code looks like. Most of its time it
puts single bits behind each other and divides polynomials; that is done here with whole
numbers, for codes of bytes at the correction level of bank transfers.
"""

import base64
from bisect import bisect_left
from functools import lru_cache
from io import BytesIO
from itertools import zip_longest
from typing import NamedTuple

import qrcode
from PIL import Image
from qrcode.base import gexp, glog, rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import BIT_LIMIT_TABLE, MODE_8BIT_BYTE, length_in_bits

from odoo.tools.image import image_data_uri

#: The mask that is always used: the search for the best of eight takes six times as
#: long as all the rest, and only matters for damaged or blurred codes.
MASK = 0
#: Dots for each module: with one, viewers blur the code; with more than two, the engine
#: takes its time over the image.
SCALE = 2
#: What fills a code behind its text, in turns.
PADDING = b"\xec\x11"


class QrCode(NamedTuple):
    """A QR code, drawn only where it is shown."""

    text: str

    @property
    def png(self):
        """The code as PNG without margin."""
        text = self.text.encode()
        frame = _get_frame(_get_version(len(text)))
        dots = frame.draw(_get_codewords(text, frame.version))
        image = Image.frombytes("L", (frame.size, frame.size), dots).convert("1")
        size = frame.size * SCALE
        stream = BytesIO()
        image.resize((size, size)).save(stream, format="PNG")
        return stream.getvalue()

    @property
    def uri(self):
        """The code as data URI, to embed in a page."""
        return image_data_uri(base64.b64encode(self.png))


class Frame(NamedTuple):
    """What all codes of one size have in common."""

    version: int
    size: int  # modules on each side
    dots: bytes  # a code whose bits are all zero: 0 is dark, 255 is light
    places: list  # where each bit goes

    def draw(self, codewords):
        """Return the dots of a code.

        :param bytes codewords: the bytes of the code, those for correction included
        :rtype: bytes
        """
        dots = bytearray(self.dots)
        bits = f"{int.from_bytes(codewords, 'big'):0{8 * len(codewords)}b}"
        for place, bit in zip(self.places, bits, strict=True):
            if bit == "1":
                dots[place] ^= 255
        return bytes(dots)


@lru_cache
def _get_frame(version):
    """Draw a code of zeros and one of ones: they differ in the bits."""
    length = sum(block.total_count for block in rs_blocks(version, ERROR_CORRECT_M))
    zeros, ones = (_draw(version, bytes([byte]) * length) for byte in (0, 255))
    size = len(zeros)
    places = [
        row * size + column
        for row, column in _walk(size)
        if zeros[row][column] != ones[row][column]
    ]
    dots = bytes(0 if dark else 255 for row in zeros for dark in row)
    return Frame(version, size, dots, places)


def _draw(version, codewords):
    code = qrcode.QRCode(version, ERROR_CORRECT_M, mask_pattern=MASK)
    code.data_cache = codewords
    code.make(fit=False)
    return code.modules


def _walk(size):
    """Yield the modules in the order of the bits: upwards and downwards in pairs of
    columns from the right, without the one with the timing pattern."""
    columns = [column for column in reversed(range(size)) if column != 6]
    for number, pair in enumerate(zip(columns[::2], columns[1::2], strict=True)):
        for row in range(size) if number % 2 else reversed(range(size)):
            for column in pair:
                yield row, column


def _get_version(length):
    """Return the smallest size of code that has room for a text of so many bytes."""
    limits = BIT_LIMIT_TABLE[ERROR_CORRECT_M]
    version = bisect_left(limits, 4 + 8 + 8 * length, 1)
    if version > 9:  # larger ones take two bytes to tell the length
        version = bisect_left(limits, 4 + 16 + 8 * length, 1)
    return version


def _get_codewords(text, version):
    """Return what a code says, byte by byte: the text, padding, and corrections.

    :param bytes text: the text
    :param int version: size of the code
    """
    blocks = rs_blocks(version, ERROR_CORRECT_M)
    room = sum(block.data_count for block in blocks)
    bits = length_in_bits(MODE_8BIT_BYTE, version)
    head = MODE_8BIT_BYTE << bits | len(text)
    # Four bits of zero end the text, and make the bytes whole.
    number = (head << 8 * len(text) | int.from_bytes(text, "big")) << 4
    data = number.to_bytes(bits // 8 + len(text) + 1, "big")[:room]
    data += (PADDING * room)[: room - len(data)]
    parts, corrections = [], []
    for block in blocks:
        part, data = data[: block.data_count], data[block.data_count :]
        parts.append(part)
        corrections.append(_divide(part, block.total_count - block.data_count))
    return bytes(_take_turns(parts) + _take_turns(corrections))


def _take_turns(parts):
    """Return the first byte of each part, the second of each, and so on."""
    turns = zip_longest(*parts)
    return [byte for turn in turns for byte in turn if byte is not None]


def _divide(data, count):
    """Return the bytes that correct others: a remainder after division.

    :param bytes data: what is divided
    :param int count: how many bytes are left
    """
    table, rest, top = _get_remainders(count), 0, 8 * (count - 1)
    whole = (1 << 8 * count) - 1
    for byte in data:
        rest = (rest << 8) & whole ^ table[byte ^ rest >> top]
    return rest.to_bytes(count, "big")


@lru_cache
def _get_remainders(count):
    """Return what each byte leaves behind when it is divided by the generator."""
    generator = [1]
    for power in range(count):
        shifted = (_multiply(factor, power) for factor in generator)
        pairs = zip([*generator, 0], [0, *shifted], strict=True)
        generator = [left ^ right for left, right in pairs]
    return [0] + [
        int.from_bytes([_multiply(part, glog(byte)) for part in generator[1:]], "big")
        for byte in range(1, 256)
    ]


def _multiply(factor, power):
    """Return a factor times a power of two, in the field of the codes."""
    return gexp(glog(factor) + power) if factor else 0
