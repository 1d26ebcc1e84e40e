"""What people type: numbers of registers, and references at the bank.

Pure: no database, no clock.
"""

import re
from collections import defaultdict
from datetime import date
from typing import NamedTuple

#: Of how many words of a text a reference is made at most.
LONGEST = 6

#: A shorter number stands in too many texts by chance.
SHORTEST = 4

#: A number of a register has so many digits at least.
FEWEST_DIGITS = 4

_WORD = re.compile(r"[A-Z0-9]+")


class BankLine(NamedTuple):
    """Money that came in and waits to be matched."""

    line_id: int
    day: date
    amount: float
    currency_id: int
    debtor_id: int | None  # whom the bank line or its account number names
    text: str


class OpenNumbers(NamedTuple):
    """An open item, and by what the debtor may refer to it."""

    item_id: int
    debtor_id: int
    numbers: tuple[str, ...]


def is_number(text):
    """Whether somebody filled in a number, and not that there is none.

    The selection of open items tells the same, see `_dunning_sql_is_number`.

    >>> [is_number(text) for text in ("12345678", "NL000099998B57", "n.v.t.", "0000")]
    [True, True, False, False]
    """
    digits = re.sub(r"[^0-9]", "", text or "")
    return len(digits) >= FEWEST_DIGITS and bool(digits.strip("0"))


def normalize(text):
    """Return a reference without what people write in it or leave out.

    >>> normalize("F/2026/00001.")
    'F202600001'
    """
    return "".join(_WORD.findall((text or "").upper()))


def list_references(text):
    """Return all that may be a reference in a text: words, alone or joined.

    >>> references = list_references("/REMI/USTD//fact. F 2026-00001/EREF")
    >>> "F202600001" in references, "F2026" in references, "F202" in references
    (True, True, False)
    """
    words = _WORD.findall((text or "").upper())
    return {
        "".join(words[start : start + size])
        for start in range(len(words))
        for size in range(1, LONGEST + 1)
    }


def match_waiting(bank_lines, items):
    """Return what waits at the bank and seems to be for some items.

    That is what names the debtor, and what names a number of the item.

    :param list[BankLine] bank_lines: what waits
    :param list[OpenNumbers] items: the items
    :return: by id of the item, in the order of the lines
    :rtype: dict[int, list[BankLine]]
    """
    by_debtor, by_reference = defaultdict(list), defaultdict(list)
    for line in bank_lines:
        if line.debtor_id:
            by_debtor[line.debtor_id].append(line)
        for reference in list_references(line.text):
            by_reference[reference].append(line)
    found = {}
    for item in items:
        lines = set(by_debtor.get(item.debtor_id, ()))
        for number in map(normalize, item.numbers):
            if len(number) >= SHORTEST:
                lines.update(by_reference.get(number, ()))
        if lines:
            found[item.item_id] = [line for line in bank_lines if line in lines]
    return found
