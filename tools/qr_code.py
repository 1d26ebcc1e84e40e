"""QR codes for many letters: what does not depend on the text is worked out once."""

from functools import lru_cache
from io import BytesIO
from itertools import chain, zip_longest

from PIL import Image
from reportlab.graphics.barcode.qrencoder import (
    QRCode,
    QRErrorCorrectLevel,
    QRMath,
    QRRSBlock,
    QRUtil,
)

LEVEL = QRErrorCorrectLevel.M
#: The mask that is always used: the search for the best of eight takes ten times as
#: long as all the rest, and only matters for damaged or blurred codes.
MASK = 0
PADDING = (0xEC, 0x11)


def draw_qr(text, scale=2):
    """Return a QR code as PNG.

    :param str text: what the code says
    :param int scale: dots for each module: with one, viewers blur the code; with more
        than two, the engine takes its time over the image
    :rtype: bytes
    """
    modules = make_modules(text)
    size = len(modules)
    dots = bytes(0 if dark else 255 for row in modules for dark in row)
    image = Image.frombytes("L", (size, size), dots).convert("1")
    stream = BytesIO()
    image.resize((size * scale, size * scale)).save(stream, format="PNG")
    return stream.getvalue()


def make_modules(text):
    """Return the modules of a QR code, row by row, true where they are dark.

    :rtype: list[list[bool]]
    """
    code = QRCode(None, LEVEL)
    code.addData(text)
    version = code.calculate_version()
    empty, positions = _get_frame(version)
    modules = [list(row) for row in empty]
    bits = chain.from_iterable(
        f"{byte:08b}" for byte in _encode(_get_content(code), version)
    )
    for (column, row), bit in zip(positions, bits, strict=False):
        if bit == "1":
            modules[row][column] = not modules[row][column]
    return modules


def _get_content(code):
    """Return the text as the bits that go before its padding."""
    buffer = _Bits()
    for data in code.dataList:
        data.write(buffer, code.calculate_version())
    return buffer.text


class _Bits:
    """Collects bits as the data of a code write them."""

    def __init__(self):
        self.text = ""

    def put(self, number, length):
        self.text += f"{number:0{length}b}"


@lru_cache
def _get_frame(version):
    """Return the modules of a code without data, and where data go, in order."""
    code = QRCode(version, LEVEL)
    code.dataCache = []
    code.makeImpl(False, MASK)
    return code.modules, tuple(code.dataPosIterator())


def _encode(bits, version):
    """Return the bytes of a code: data in blocks, and what corrects errors in them."""
    blocks = QRRSBlock.getRSBlocks(version, LEVEL)
    data = _pad(bits, sum(block.dataCount for block in blocks))
    parts, corrections, start = [], [], 0
    for block in blocks:
        part = data[start : start + block.dataCount]
        start += block.dataCount
        parts.append(part)
        corrections.append(_correct(part, block.totalCount - block.dataCount))
    columns = chain(zip_longest(*parts), zip_longest(*corrections))
    return [byte for column in columns for byte in column if byte is not None]


def _pad(bits, size):
    bits = bits[: size * 8] + "0" * min(4, size * 8 - len(bits))
    bits += "0" * (-len(bits) % 8)
    data = [int(bits[start : start + 8], 2) for start in range(0, len(bits), 8)]
    missing = size - len(data)
    return data + [PADDING[position % 2] for position in range(missing)]


def _correct(data, count):
    """Return the remainder of data by the generator polynomial (Reed and Solomon)."""
    rows = _get_remainders(count)
    top, mask = 8 * (count - 1), (1 << 8 * count) - 1
    remainder = 0
    for byte in data:
        factor = byte ^ remainder >> top
        remainder = remainder << 8 & mask ^ rows[factor]
    return remainder.to_bytes(count, "big")


@lru_cache
def _get_remainders(count):
    """Return the generator polynomial times each byte, its first term left out."""
    generator = QRUtil.getErrorCorrectPolynomial(count)
    logs = [QRMath.glog(generator.get(term)) for term in range(1, count + 1)]
    products = [0]
    for factor in range(1, 256):
        log = QRMath.glog(factor)
        row = bytes(QRMath.gexp(log + term) for term in logs)
        products.append(int.from_bytes(row, "big"))
    return products
