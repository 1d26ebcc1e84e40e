"""Several PDF files as one book: parts in order, bookmarks, and a stamp on each page.

The same parts give the same bytes: neither the moment nor a chance number is kept.
"""

from io import BytesIO
from itertools import pairwise
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm

from odoo.tools.pdf import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    PdfFileReader,
    PdfFileWriter,
    PdfReadError,
    createStringObject,
)

from .pdf import join_sheets, number_sheets

#: Stamps stand at the head, where letters and invoices have nothing of their own.
STAMP_HEIGHT = A4[1] - 6 * mm


class Part(NamedTuple):
    """What stands in a book under one bookmark."""

    title: str
    sheets: list  # page objects
    group: str = ""  # bookmark above it


def read_sheets(content):
    """Return the pages of a PDF, none when it cannot be read.

    :param bytes content: the file
    :rtype: list
    """
    try:
        return list(PdfFileReader(BytesIO(content), strict=False).pages)
    except (PdfReadError, ValueError, KeyError, TypeError, OSError):
        return []


def bind(parts, make_label):
    """Return one PDF of parts, with bookmarks and a stamp on each page.

    :param list[Part] parts: in the order of the book
    :param make_label: what is stamped on a page, given its number and the total
    :rtype: bytes
    """
    total = sum(len(part.sheets) for part in parts)
    writer, marks = PdfFileWriter(), []
    number = 0
    for part in parts:
        if not part.sheets:
            continue
        marks.append((part.group, part.title, number))
        labels = [make_label(number + n + 1, total) for n in range(len(part.sheets))]
        for sheet in number_sheets(part.sheets, labels, height=STAMP_HEIGHT):
            writer.addPage(sheet)
        number += len(part.sheets)
    _put_bookmarks(writer, marks)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _put_bookmarks(writer, marks):
    """Give a book its bookmarks.

    What the library writes itself tells the number of a page in place of the page,
    which not every viewer follows.

    :param writer: with all pages
    :param list marks: group, title and number of the page, in the order of the book
    """
    # as a list, which has the references and not what they refer to
    pages = list(writer._root_object["/Pages"]["/Kids"])
    root = _Bookmark(writer, None, None)
    groups = {}
    for group, title, number in marks:
        if group and group not in groups:
            groups[group] = _Bookmark(writer, group, pages[number])
            root.children.append(groups[group])
        mark = _Bookmark(writer, title, pages[number])
        groups.get(group, root).children.append(mark)
    root.link()
    root.node[NameObject("/Type")] = NameObject("/Outlines")
    writer._root_object[NameObject("/Outlines")] = root.reference
    writer._root_object[NameObject("/PageMode")] = NameObject("/UseOutlines")


class _Bookmark:
    """A node of the tree of bookmarks."""

    def __init__(self, writer, title, page):
        self.node, self.children = DictionaryObject(), []
        self.reference = writer._add_object(self.node)
        if title:
            self.node[NameObject("/Title")] = createStringObject(title)
            fit = ArrayObject([page, NameObject("/Fit")])
            self.node[NameObject("/Dest")] = fit

    def link(self):
        """Tell the nodes below who stands above, before and behind them."""
        if not self.children:
            return
        first, last = self.children[0], self.children[-1]
        self.node[NameObject("/First")] = first.reference
        self.node[NameObject("/Last")] = last.reference
        self.node[NameObject("/Count")] = NumberObject(len(self.children))
        for child in self.children:
            child.node[NameObject("/Parent")] = self.reference
            child.link()
        for before, after in pairwise(self.children):
            before.node[NameObject("/Next")] = after.reference
            after.node[NameObject("/Prev")] = before.reference


def join(sheets):
    """Return a PDF of some pages, without the moment at which it was made.

    :param list sheets: page objects
    :return: nothing without pages
    :rtype: bytes
    """
    return join_sheets(sheets) if sheets else b""
