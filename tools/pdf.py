"""Letters to PDF: many in one engine call, and each gets exactly its own pages."""

import logging
import os
import tempfile
from io import BytesIO
from itertools import pairwise

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth

from odoo.tools.pdf import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    PdfFileReader,
    PdfFileWriter,
)

from odoo.addons.base.models.ir_actions_report import _run_wkhtmltopdf, _wkhtml

from .pdf_code import put_code, take_code

_logger = logging.getLogger(__name__)

#: Letters per engine call: beyond this the call does not get faster, only larger.
CALL_SIZE = 50

#: Paper and margins in mm. The template draws its own margins at the sides.
MARGIN_TOP = 12
MARGIN_BOTTOM = 9

#: Of the page numbers that are stamped on longer letters.
STAMP_FONT, STAMP_SIZE = "/Stamp", 8
STAMP_HEIGHT = 5 * mm

#: The page is laid out in real millimetres, without scaling by the engine.
ARGUMENTS = [
    "--disable-local-file-access",
    "--disable-javascript",
    # There is no script to wait for, and still it would wait 200 ms a call.
    "--javascript-delay",
    "0",
    "--quiet",
    "--page-size",
    "A4",
    "--margin-top",
    f"{MARGIN_TOP}mm",
    "--margin-bottom",
    f"{MARGIN_BOTTOM}mm",
    "--margin-left",
    "0mm",
    "--margin-right",
    "0mm",
]
#: Without patched Qt the engine lays out for a wider page and shrinks the result.
UNPATCHED_ZOOM = "<style>body{zoom:1.302}</style></head>"
#: The engine lays a page out twice for the paper, and between that for the screen, on
#: which nobody looks at it. Only what a page break must not tear is laid out there as
#: well: where a sheet ends, the first layout makes it too high.
PAPER_ONLY = """<style>@media screen {
.letterhead, .window, .footer { display: none; }
.text > :not(.payment):not(.signatures) { display: none; }
}</style></head>"""
#: Options that only the engine with patched Qt knows.
PATCHED_ARGUMENTS = [
    "--disable-smart-shrinking",
    # Widths of text are measured in whole dots: with few of them words run together.
    "--dpi",
    "384",
    "--outline",
    "--outline-depth",
    "1",
    "--print-media-type",
]


class EngineError(Exception):
    """The engine did not make a PDF; the message is for the log."""


def print_letters(pages):
    """Print HTML pages that each are one letter.

    Every page must have exactly one `h1`, at its top: the outline of the printed file
    then tells on which sheet each letter starts.

    :param list[str] pages: complete HTML documents
    :return: for each letter a reader with its sheets only
    :rtype: list[list]
    :raise EngineError: when the engine fails
    """
    pages = [str(page) for page in pages]  # markup would escape what is replaced in it
    if not _wkhtml().is_patched_qt:  # takes one document a call
        return [_print_one(page) for page in pages]
    letters = []
    for start in range(0, len(pages), CALL_SIZE):
        letters += _print_together(pages[start : start + CALL_SIZE])
    return letters


def _print_one(page):
    return list(PdfFileReader(BytesIO(_run_engine([page]))).pages)


def _print_together(pages):
    """Print some letters in one call, or one by one when their sheets are unclear."""
    if len(pages) == 1:
        return [_print_one(pages[0])]
    blank, codes = zip(*map(take_code, pages), strict=True)
    reader = PdfFileReader(BytesIO(_run_engine(blank)))
    starts = _get_starts(reader)
    if not _is_clear(starts, len(pages), len(reader.pages)):
        _logger.warning("Sheets of %s letters are unclear, printing singly", len(pages))
        return [_print_one(page) for page in pages]
    sheets = list(reader.pages)
    ends = [*starts[1:], len(sheets)]
    letters = [sheets[start:end] for start, end in zip(starts, ends, strict=True)]
    return [
        letter if put_code(letter, code) else _print_one(page)
        for letter, code, page in zip(letters, codes, pages, strict=True)
    ]


def _get_starts(reader):
    """Return the sheet numbers that the top entries of the outline point to."""
    root = reader.trailer["/Root"]
    if "/Outlines" not in root or "/First" not in root["/Outlines"]:
        return []
    node, starts = root["/Outlines"]["/First"], []
    while True:
        starts.append(root["/Dests"][node["/Dest"]][0])
        if "/Next" not in node:
            return starts
        node = node["/Next"]


def _is_clear(starts, letters, sheets):
    return (
        len(starts) == letters
        and starts[0] == 0
        and all(low < high for low, high in pairwise([*starts, sheets]))
    )


def _run_engine(pages):
    """Run wkhtmltopdf over the pages and return the PDF."""
    if _wkhtml().is_patched_qt:
        arguments, style = ARGUMENTS + PATCHED_ARGUMENTS, PAPER_ONLY
    else:
        arguments, style = ARGUMENTS, UNPATCHED_ZOOM
    pages = [page.replace("</head>", style, 1) for page in pages]
    with tempfile.TemporaryDirectory(prefix="letters.") as folder:
        paths = []
        for number, page in enumerate(pages):
            paths.append(os.path.join(folder, f"{number}.html"))
            with open(paths[-1], "w", encoding="utf-8") as file:
                file.write(page)
        target = os.path.join(folder, "letters.pdf")
        try:
            process = _run_wkhtmltopdf([*arguments, *paths, target])
        except OSError as error:
            raise EngineError(str(error)) from error
        if process.returncode or not os.path.exists(target):
            raise EngineError(f"{process.returncode}: {process.stderr[-1000:]}")
        with open(target, "rb") as file:
            return file.read()


def join_sheets(sheets):
    """Return one PDF of sheets.

    :param sheets: page objects of any readers
    :rtype: bytes
    """
    writer = PdfFileWriter()
    for sheet in sheets:
        writer.addPage(sheet)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def number_sheets(sheets, labels, height=STAMP_HEIGHT):
    """Stamp a label at the right of each sheet, at the bottom unless told otherwise.

    The stamp is put behind what the sheet has, which is not read for it: that would
    take ten times as long as to print the letter.

    :param sheets: page objects
    :param list[str] labels: a label for each sheet
    :param float height: of the label above the lower edge, in points
    :return: the sheets
    """
    for sheet, label in zip(sheets, labels, strict=True):
        contents = sheet["/Contents"]
        parts = (
            list(contents)
            if isinstance(contents, ArrayObject)
            else [dict.get(sheet, "/Contents")]  # the reference, not what it refers to
        )
        sheet[NameObject("/Contents")] = ArrayObject(
            [_make_stream("q"), *parts, _make_stream(f"Q {_draw_label(label, height)}")]
        )
        resources = sheet["/Resources"]
        fonts = DictionaryObject(resources.get("/Font", {}))
        fonts[NameObject(STAMP_FONT)] = _make_stamp_font()
        resources[NameObject("/Font")] = fonts
    return sheets


def _make_stream(text):
    stream = DecodedStreamObject()
    stream.setData(f"{text}\n".encode("ascii"))
    return stream


def _draw_label(label, height):
    """Return the operators that draw a label."""
    left = A4[0] - 20 * mm - stringWidth(label, "Helvetica", STAMP_SIZE)
    text = label.encode("cp1252", "replace").hex()
    return (
        f"q BT {STAMP_FONT} {STAMP_SIZE} Tf 0.4 g {left:.2f} {height:.2f} Td "
        f"<{text}> Tj ET Q"
    )


def _make_stamp_font():
    """Return Helvetica, which every viewer has."""
    names = {
        "Type": "Font",
        "Subtype": "Type1",
        "BaseFont": "Helvetica",
        "Encoding": "WinAnsiEncoding",
    }
    return DictionaryObject(
        {NameObject(f"/{key}"): NameObject(f"/{name}") for key, name in names.items()}
    )
