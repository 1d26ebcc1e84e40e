"""Tables on the screens that show how a claim came about."""

from markupsafe import Markup

from odoo.tools import format_date, formatLang

COLUMNS = 5
ROW = Markup("<tr>%s</tr>")
TITLE = Markup('<tr><td colspan="%d" class="pt-3 fw-bold">%s</td></tr>')
LINE = Markup('<tr><td colspan="%d">%s</td><td class="text-end">%s</td></tr>')
TABLE = Markup(
    '<table class="table table-sm mb-0"><thead><tr>%s</tr></thead>'
    "<tbody>%s</tbody></table>"
)


def explain_segments(claim):
    """Return the segments of the interest on an item: amounts as text, days as ISO.

    :param DebtClaim claim: the claim on the item
    :rtype: list[dict]
    """
    return [
        {
            "start": segment.start.isoformat(),
            "end": segment.end.isoformat(),
            "days": segment.days,
            "base": str(segment.base),
            "percent": str(segment.percent),
            "amount": str(segment.amount),
        }
        for segment in claim.segments
    ]


class ClaimTable:
    """A table with the interest of items by segment, in the language of the user."""

    def __init__(self, env, currency):
        self.env = env
        self.currency = currency

    def render(self, items):
        """Return the table.

        :param list[dict] items: for each item its `title`, its `segments`, and what
            to tell before them (`lines`) and after (`totals`): pairs of a text and an
            amount
        :rtype: Markup
        """
        rows = Markup("").join(
            row for item in items for row in (*self._head(item), *self._body(item))
        )
        return TABLE % (self._columns(), rows)

    def _columns(self):
        names = (
            self.env._("Period"),
            self.env._("Days"),
            self.env._("Base"),
            self.env._("Percent"),
            self.env._("Amount"),
        )
        return self._cells(names, "th")

    def _head(self, item):
        if item["title"]:
            yield TITLE % (COLUMNS, item["title"])

    def _body(self, item):
        yield from self._lines(item["lines"])
        for segment in item["segments"]:
            yield ROW % self._cells(
                (
                    f"{self.day(segment['start'])} – {self.day(segment['end'])}",
                    segment["days"],
                    self.money(segment["base"]),
                    self.percent(segment["percent"]),
                    self.money(segment["amount"]),
                )
            )

        yield from self._lines(item.get("totals", ()))

    def _lines(self, lines):
        for label, amount in lines:
            yield LINE % (COLUMNS - 1, label, self.money(amount))

    def _cells(self, values, tag="td"):
        first, *others = values
        cells = [Markup("<%s>%s</%s>") % (tag, first, tag)]
        cells += [
            Markup('<%s class="text-end">%s</%s>') % (tag, value, tag)
            for value in others
        ]
        return Markup("").join(cells)

    def money(self, amount):
        """Write an amount, which may be text or a Decimal."""
        return formatLang(self.env, float(amount), currency_obj=self.currency)

    def percent(self, percent):
        return f"{formatLang(self.env, float(percent), digits=2)}%"

    def day(self, day):
        return format_date(self.env, day)
