"""Placeholders in the texts of a level: `{deadline}`, never an expression."""

from string import Formatter

#: What may stand in braces in the texts of a level.
PLACEHOLDERS = (
    "debtor",
    "recipient",
    "company",
    "reference",
    "date",
    "deadline",
    "amount",
    "invoices",
    "oldest_due_date",
    "days_late",
    "previous_date",
    "earlier_letters",
    "iban",
    "phone",
    "email",
    "responsible",
)


class PlaceholderError(ValueError):
    """A text has a brace or placeholder that cannot be filled in.

    `part` is the piece of the text that is wrong.
    """

    def __init__(self, part):
        super().__init__(part)
        self.part = part


def check_placeholders(text):
    """Check that a text has only known placeholders in well-formed braces.

    :param str text: the text, or a falsy value
    :raise PlaceholderError: naming the wrong part

    >>> check_placeholders("Pay before {deadline}.")
    >>> check_placeholders("Pay before {deadlin}.")
    Traceback (most recent call last):
    ...
    odoo.addons.l10n_nl_dunning.tools.placeholders.PlaceholderError: {deadlin}
    """
    fill_placeholders(text, dict.fromkeys(PLACEHOLDERS, ""))


def fill_placeholders(text, values):
    """Return the text with its placeholders replaced by their values.

    :param str text: the text, or a falsy value
    :param dict values: a value for each of `PLACEHOLDERS`
    :rtype: str
    :raise PlaceholderError: naming the wrong part

    >>> fill_placeholders("Pay {amount}.", {"amount": "€ 10,00"})
    'Pay € 10,00.'
    """
    parts = []
    for literal, name, spec, conversion in _parse(text or ""):
        parts.append(literal)
        if name is not None:
            if name not in values or spec or conversion:
                raise PlaceholderError(f"{{{name}}}")
            parts.append(str(values[name]))
    return "".join(parts)


def _parse(text):
    try:
        return list(Formatter().parse(text))
    except ValueError as error:
        raise PlaceholderError("{" if "{" in text else "}") from error
