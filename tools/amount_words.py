"""Amounts in words, as Dutch and English letters have them."""

from decimal import Decimal

from num2words import num2words

#: Unit and cent of the usual currencies: singular and plural.
UNITS = {
    "nl": {
        "EUR": ("euro", "euro", "cent", "cent"),
        "USD": ("Amerikaanse dollar", "Amerikaanse dollar", "cent", "cent"),
        "GBP": ("Britse pond", "Britse pond", "penny", "pence"),
        "CHF": ("Zwitserse frank", "Zwitserse frank", "rappen", "rappen"),
        "SEK": ("Zweedse kroon", "Zweedse kroon", "öre", "öre"),
        "NOK": ("Noorse kroon", "Noorse kroon", "øre", "øre"),
        "DKK": ("Deense kroon", "Deense kroon", "øre", "øre"),
        "PLN": ("Poolse zloty", "Poolse zloty", "grosz", "groszy"),
    },
    "en": {
        "EUR": ("euro", "euros", "cent", "cents"),
        "USD": ("US dollar", "US dollars", "cent", "cents"),
        "GBP": ("pound sterling", "pounds sterling", "penny", "pence"),
        "CHF": ("Swiss franc", "Swiss francs", "rappen", "rappen"),
        "SEK": ("Swedish krona", "Swedish kronor", "öre", "öre"),
        "NOK": ("Norwegian krone", "Norwegian kroner", "øre", "øre"),
        "DKK": ("Danish krone", "Danish kroner", "øre", "øre"),
        "PLN": ("Polish zloty", "Polish zlotys", "grosz", "groszy"),
    },
}


def amount_in_words(amount, currency, lang):
    """Return an amount in words.

    A currency that is not in `UNITS` keeps its code, and its decimals are figures.

    :param Decimal amount: not negative, rounded to the currency
    :param str currency: ISO code
    :param str lang: `nl` or `en`
    :rtype: str

    >>> amount_in_words(Decimal("1234.56"), "EUR", "nl")
    'twaalfhonderdvierendertig euro en zesenvijftig cent'
    >>> amount_in_words(Decimal("1.01"), "EUR", "en")
    'one euro and one cent'
    >>> amount_in_words(Decimal("21.00"), "EUR", "nl")
    'eenentwintig euro'
    >>> amount_in_words(Decimal("12.345"), "TND", "en")
    'twelve TND and 345/1000'
    """
    amount = Decimal(amount)
    whole = int(amount)
    digits = max(-amount.as_tuple().exponent, 0)
    rest = int((amount - whole).scaleb(digits))
    both = {"nl": "{} en {}", "en": "{} and {}"}[lang]
    if currency not in UNITS[lang]:
        words = f"{number_in_words(whole, lang)} {currency}"
        return both.format(words, f"{rest}/{10**digits}") if rest else words
    one, many, cent, cents = UNITS[lang][currency]
    words = f"{number_in_words(whole, lang)} {one if whole == 1 else many}"
    if not rest:
        return words
    rest_words = f"{number_in_words(rest, lang)} {cent if rest == 1 else cents}"
    return both.format(words, rest_words)


def number_in_words(number, lang):
    """Return a whole number in words.

    >>> number_in_words(12345, "nl")
    'twaalfduizend driehonderdvijfenveertig'
    >>> number_in_words(1234, "en")
    'one thousand, two hundred and thirty-four'
    """
    return _number_in_dutch(number) if lang == "nl" else num2words(number, lang="en")


def _number_in_dutch(number):
    """Put the parts together as the official spelling does.

    num2words writes `duizendtweehonderd` where a Dutch reader expects `twaalfhonderd`,
    leaves no space after `duizend` and accents the `een` at the end of a number.

    >>> [_number_in_dutch(n) for n in (0, 1, 101, 1100, 2002)]
    ['nul', 'één', 'honderdeen', 'elfhonderd', 'tweeduizend twee']
    >>> _number_in_dutch(2001001)
    'twee miljoen duizend een'
    """
    if number == 1:
        return "één"
    parts = []
    for power, word in ((10**9, "miljard"), (10**6, "miljoen")):
        count, number = divmod(number, power)
        if count:
            parts.append(f"{_spell(count)} {word}")
    hundreds = number // 100
    if 10 < hundreds < 100 and hundreds % 10:
        parts.append(_below_ten_thousand(number))
    else:
        thousands, number = divmod(number, 1000)
        if thousands:
            parts.append("duizend" if thousands == 1 else f"{_spell(thousands)}duizend")
        if number or not parts:
            parts.append(_spell(number))
    return " ".join(parts)


def _below_ten_thousand(number):
    hundreds, rest = divmod(number, 100)
    return f"{_spell(hundreds)}honderd{_spell(rest) if rest else ''}"


def _spell(number):
    """Return a number below a thousand, without accents on `een`."""
    return num2words(number, lang="nl").replace("éé", "ee")
