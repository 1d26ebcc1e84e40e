"""Figures and dates as a Dutch or an English letter writes them.

They depend on the language of the letter alone, never on the formats that somebody set
on a language in Odoo.
"""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from babel.dates import format_date
from babel.numbers import format_decimal

from ...tools.amount_words import amount_in_words

NBSP = "\N{NO-BREAK SPACE}"
LOCALES = {"nl": "nl_NL", "en": "en_GB"}
#: What stands between thousands, and before decimals. A letter has thirty amounts: they
#: are not left to Babel, which takes ten times as long.
SEPARATORS = {"nl": str.maketrans(",.", ".,"), "en": {}}


def format_amount(amount, currency, lang, digits=2):
    """Return an amount with its currency.

    :param amount: float or Decimal
    :param str currency: ISO code
    :param str lang: `nl` or `en`
    :param int digits: decimals of the currency
    :rtype: str

    >>> format_amount(1234.5, "EUR", "nl").replace(NBSP, " ")
    '€ 1.234,50'
    >>> format_amount(-1234.5, "USD", "en").replace(NBSP, " ")
    'USD -1,234.50'
    """
    number = f"{to_decimal(amount, digits):,.{digits}f}".translate(SEPARATORS[lang])
    return f"{'€' if currency == 'EUR' else currency}{NBSP}{number}"


def to_decimal(amount, digits=2):
    """Return an amount with exactly the decimals of its currency.

    >>> to_decimal(0.1 + 0.2)
    Decimal('0.30')
    """
    return Decimal(f"{amount:.{digits}f}") + 0  # no minus zero


@lru_cache
def format_long_date(day, lang):
    """Return a date in full.

    >>> from datetime import date
    >>> format_long_date(date(2026, 11, 1), "nl").replace(NBSP, " ")
    '1 november 2026'
    """
    text = format_date(day, "d MMMM y", locale=LOCALES[lang])
    return text.replace(" ", NBSP)


@lru_cache
def format_short_date(day, lang):
    """Return a date for a narrow column.

    >>> from datetime import date
    >>> format_short_date(date(2026, 11, 1), "nl")
    '01-11-2026'
    >>> format_short_date(date(2026, 11, 1), "en").replace(NBSP, " ")
    '1 Nov 2026'
    """
    if lang == "nl":
        return format_date(day, "dd-MM-y", locale=LOCALES[lang])
    return f"{day.day} {day:%b} {day.year}".replace(" ", NBSP)


def format_account(number):
    """Return an IBAN in groups of four.

    >>> format_account("nl91abna0417164300").replace(NBSP, " ")
    'NL91 ABNA 0417 1643 00'
    """
    plain = re.sub(r"\s", "", number).upper()
    return NBSP.join(plain[i : i + 4] for i in range(0, len(plain), 4))


def format_zip(code, country):
    """Return a postal code; a Dutch one with its space.

    >>> format_zip("1234ab", "NL").replace(NBSP, " ")
    '1234 AB'
    """
    match = country == "NL" and re.fullmatch(r"(\d{4})\s*([A-Za-z]{2})", code.strip())
    return f"{match[1]}{NBSP}{match[2].upper()}" if match else code


def split_paragraphs(text):
    """Split a plain text at its blank lines.

    >>> split_paragraphs("One\\nstill one\\n\\nTwo")
    ['One\\nstill one', 'Two']
    """
    parts = re.split(r"\n\s*\n", (text or "").strip())
    return [part.strip() for part in parts if part.strip()]


class LetterFormat(NamedTuple):
    """The language and the currency of one letter."""

    lang: str  # nl or en
    currency: str  # ISO code
    digits: int = 2

    def amount(self, amount):
        return format_amount(amount, self.currency, self.lang, self.digits)

    def words(self, amount):
        exact = to_decimal(amount, self.digits)
        return amount_in_words(exact, self.currency, self.lang)

    def date(self, day):
        return format_long_date(day, self.lang)

    def short_date(self, day):
        return format_short_date(day, self.lang)

    def iso_date(self, text):
        """Write a day that was kept as text."""
        return format_short_date(date.fromisoformat(text), self.lang)

    def percent(self, percent):
        number = format_decimal(Decimal(percent), "0.00", locale=LOCALES[self.lang])
        return f"{number}%"
