"""Tables on the screen that looks ahead: the letters of a plan, and the obstacles."""

from collections import defaultdict

from markupsafe import Markup

from odoo.tools import formatLang, groupby

NUMBER = Markup('<td class="text-end">%s</td>')
HEADER = Markup('<th class="text-end">%s</th>')
ROW = Markup("<tr><td>%s</td>%s</tr>")
TOTAL = Markup('<tr class="fw-bold"><td>%s</td>%s</tr>')
TABLE = Markup(
    '<table class="table table-sm mb-0"><thead><tr><th>%s</th>%s</tr></thead>'
    "<tbody>%s</tbody></table>"
)
NOTHING = Markup('<p class="text-muted mb-0">%s</p>')


class PlanTable:
    """Counts the steps of a plan, in the language of the user."""

    def __init__(self, env, currency):
        self.env = env
        self.currency = currency

    def render_letters(self, steps):
        """Return how many letters of each level would go out: one a debtor.

        :param list[Step] steps: the plan
        :rtype: Markup
        """
        due = [step for step in steps if not step.obstacle]
        counts = defaultdict(lambda: [0, 0, 0.0])
        letters = groupby(due, lambda s: (s.item.partner_id, s.item.currency_id))
        for _key, group in letters:
            top = max(group, key=lambda s: (s.rung.rank, s.rung.sequence))
            count = counts[top.level_id]
            count[0] += 1
            count[1] += len(group)
            count[2] += sum(step.item.residual_company for step in group)
        levels = self.env["dunning.level"].browse(counts).sorted()
        return self._render(
            [self.env._("Letter"), self.env._("Letters"), self.env._("Items")],
            [
                (f"{level.name} ({level.policy_id.name})", counts[level.id])
                for level in levels
            ],
            self.env._("No letter would go out."),
        )

    def render_obstacles(self, steps):
        """Return how many items would be left alone, by reason.

        :param list[Step] steps: the plan
        :rtype: Markup
        """
        counts = defaultdict(lambda: [0, 0.0])
        for step in steps:
            if step.obstacle:
                counts[step.obstacle][0] += 1
                counts[step.obstacle][1] += step.item.residual_company
        obstacles = self.env["dunning.planner"]._get_selection()
        return self._render(
            [self.env._("Why no letter"), self.env._("Items")],
            [(label, counts[code]) for code, label in obstacles if code in counts],
            self.env._("Nothing stands in the way of a letter."),
        )

    def _render(self, headers, rows, nothing):
        """Return a table with totals; the last number of a row is an amount."""
        if not rows:
            return NOTHING % nothing
        totals = [sum(column) for column in zip(*(row[1] for row in rows), strict=True)]
        body = [ROW % (label, self._render_numbers(numbers)) for label, numbers in rows]
        if len(rows) > 1:
            body.append(TOTAL % (self.env._("Total"), self._render_numbers(totals)))
        columns = [*headers[1:], self.env._("Open")]
        return TABLE % (
            headers[0],
            Markup("").join(HEADER % name for name in columns),
            Markup("").join(body),
        )

    def _render_numbers(self, numbers):
        *counts, amount = numbers
        cells = [*counts, formatLang(self.env, amount, currency_obj=self.currency)]
        return Markup("").join(NUMBER % cell for cell in cells)
