from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from odoo import models

from ..policy.level_kinds import BY_CODE

#: Kind of the section with interest and costs that were charged before.
CHARGE_KIND = "charge"


@dataclass
class LetterSection:
    """Items of a letter with the same request: kind of letter and deadline.

    Its amounts are worked out once: neither its lines nor its claims change.
    """

    kind: str
    deadline: object
    lines: models.BaseModel
    credits: models.BaseModel  # taken off this section
    claims: list = field(default_factory=list)  # what is claimed besides, by item
    request: list = field(default_factory=list)  # paragraphs

    @property
    def _currency(self):
        return self.lines[0].notice_id.currency_id

    @cached_property
    def open_amount(self):
        """What is open of the invoices, less credits."""
        lines = self.lines + self.credits
        return self._currency.round(sum(lines.mapped("amount_residual")))

    def _sum_claims(self, name):
        return float(sum(Decimal(claim[name]) for claim in self.claims))

    @cached_property
    def interest(self):
        return self._sum_claims("interest")

    @cached_property
    def per_day(self):
        return self._sum_claims("per_day")

    @cached_property
    def costs(self):
        return self._sum_claims("costs")

    @cached_property
    def vat(self):
        return self._sum_claims("vat")

    @cached_property
    def amount(self):
        """What the section asks for, interest and costs included."""
        total = self.open_amount + self.interest + self.costs + self.vat
        return self._currency.round(total)

    @property
    def has_besides(self):
        """Whether the section asks for interest or costs beside its invoices."""
        return bool(self.interest or self.costs)

    @cached_property
    def height(self):
        """About how much room the section takes, in rows of its table."""
        segments = sum(len(claim["segments"]) for claim in self.claims)
        claim_rows = segments + 4 if self.has_besides else 0
        disputed = len(self.lines.filtered("amount_disputed"))
        return 4 + len(self.lines) + disputed + len(self.credits) + claim_rows

    @property
    def has_date(self):
        """Whether the term ends on a date; a fourteen-day notice must not name one."""
        return self.kind == CHARGE_KIND or BY_CODE[self.kind].is_dated

    @property
    def is_formal(self):
        return self.kind != CHARGE_KIND and BY_CODE[self.kind].is_formal
