"""What strangers type into a form, made safe. Pure."""

import re
import unicodedata
from decimal import Decimal

#: Digits with or without thousands separators, and at most two decimals.
AMOUNTS = (
    re.compile(r"(?P<whole>\d{1,9}|\d{1,3}(\.\d{3}){1,2})(,(?P<cents>\d{1,2}))?"),
    re.compile(r"(?P<whole>\d{1,9}|\d{1,3}(,\d{3}){1,2})(\.(?P<cents>\d{1,2}))?"),
)
#: Of the characters without a shape only these have a place in a text.
LAYOUT = "\n\t"


def clean_text(text):
    """Return a text without control characters, invisible marks and needless space.

    >>> clean_text(" Dear\\r\\nyou\\x00\\u202e! ")
    'Dear\\nyou!'
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    shown = (
        char
        for char in text
        if char in LAYOUT or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
    )
    return re.sub(r"\n{3,}", "\n\n", "".join(shown)).strip()


def parse_amount(text):
    """Return an amount as the Dutch or the English write it, None when it is not one.

    >>> parse_amount("€ 1.234,50"), parse_amount("1,234.5"), parse_amount("12")
    (Decimal('1234.50'), Decimal('1234.5'), Decimal('12.0'))
    >>> parse_amount("1e9"), parse_amount("-5"), parse_amount("NaN")
    (None, None, None)
    """
    plain = re.sub(r"[€\s]", "", text)
    for pattern in AMOUNTS:
        if plain.isascii() and (match := pattern.fullmatch(plain)):
            whole = re.sub(r"\D", "", match["whole"])
            return Decimal(f"{whole}.{match['cents'] or '0'}")
    return None
