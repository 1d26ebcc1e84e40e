from typing import NamedTuple

from odoo import api, fields, models

from ..tools.claim import DebtClaim
from ..tools.claim_costs import announce_costs
from ..tools.claim_table import explain_segments

#: States in which the claim still follows the items; after that it is frozen.
PROPOSAL_STATES = ("draft", "queued")


class ClaimedItem(NamedTuple):
    """An item of a letter, and the claim on it."""

    item_id: int
    level: models.BaseModel  # `dunning.level`
    number: str  # how the letter calls it
    claim: DebtClaim


def sum_besides(claim):
    """Return what a letter asks for besides its items.

    :param claim: the letter, or the values of it
    :rtype: float
    """
    names = ("amount_interest", "amount_costs", "amount_costs_vat")
    return sum(claim[name] for name in names)


class DunningNotice(models.Model):
    """The claim of a letter: what it asks for besides the invoices."""

    _inherit = "dunning.notice"

    amount_interest = fields.Monetary(
        string="Interest", compute="_compute_claim", store=True
    )
    amount_costs = fields.Monetary(
        string="Collection costs", compute="_compute_claim", store=True
    )
    amount_costs_vat = fields.Monetary(
        string="VAT on costs", compute="_compute_claim", store=True
    )
    amount_claim = fields.Monetary(
        string="Amount claimed",
        compute="_compute_claim",
        store=True,
        help="What the letter asks for: open invoices, interest and collection costs.",
    )
    amount_announced = fields.Monetary(
        string="Costs announced",
        compute="_compute_claim",
        store=True,
        help="Collection costs that a fourteen-day notice announces, VAT included.",
    )
    interest_per_day = fields.Monetary(compute="_compute_claim", store=True)
    claim_data = fields.Json(
        compute="_compute_claim",
        store=True,
        help="How interest and costs were worked out, item by item.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.level_id", "line_ids.amount_residual")
    def _compute_claim(self):
        """Work out the claims of proposals together; an issued claim stays as it is."""
        proposals = self.filtered(lambda notice: notice.state in PROPOSAL_STATES)
        for company, notices in proposals.grouped("company_id").items():
            notices._work_out_claims(company._get_dunning_today())

    # === BUSINESS METHODS === #

    def _work_out_claims(self, day):
        """Work out what letters of one company would ask for on a day.

        :param date day: the day, which bears interest itself
        """
        claiming = self.filtered(
            lambda notice: any(
                level._claims_besides() for level in notice.line_ids.level_id
            )
        )
        lines = claiming.line_ids.filtered("level_id")
        levels = {line.move_line_id.id: line.level_id for line in lines}
        by_item = lines.move_line_id._get_dunning_item_claims(day, levels)
        consumers = self.partner_id._get_dunning_consumers()
        for notice in claiming:
            claimed = notice._list_claimed(by_item)
            rule = notice.company_id._get_dunning_cost_rule(
                notice.currency_id, notice.partner_id.id in consumers, day
            )
            notice.update(self._prepare_claim(claimed, day, rule))
        plain = self - claiming
        if plain:
            # Most letters claim nothing besides the invoices: written together.
            plain.update(self._prepare_claim([], day))
        self._add_up_claims()

    def _add_up_claims(self):
        """Set what the letters ask for in all: their items and what comes with them."""
        for notice in self:
            notice.amount_claim = notice.currency_id.round(
                sum(notice.line_ids.mapped("amount_residual")) + sum_besides(notice)
            )

    def _list_claimed(self, by_item):
        """Return the items of one letter that are open, with the claims on them.

        :param dict by_item: the `DebtClaim` of each item
        :rtype: list[ClaimedItem]
        """
        self.ensure_one()
        return [
            ClaimedItem(line.move_line_id.id, line.level_id, line.move_name, claim)
            for line in self.line_ids.filtered("level_id")
            if (claim := by_item.get(line.move_line_id.id))
        ]

    @api.model
    def _prepare_claim(self, claimed, day, rule=None):
        """Return what one letter claims besides its items.

        :param list[ClaimedItem] claimed: its items, if it claims anything
        :param date day: the day of the letter
        :param CostRule rule: how costs are worked out for this debtor
        :rtype: dict
        """
        announced = self._announce_costs(claimed, day, rule)
        return {
            **self._sum_claimed(claimed),
            "amount_announced": float(sum(announced)),
            "claim_data": {
                "day": day.isoformat(),
                "announced_vat": str(announced[1]),
                "items": [self._explain_claim(item, day) for item in claimed],
            },
        }

    @api.model
    def _sum_claimed(self, claimed):
        """Return what the levels of a letter let it ask for besides the invoices."""
        bearing = [item.claim for item in claimed if item.level.with_interest]
        charged = [item.claim for item in claimed if item.level._claims_costs()]
        return {
            "amount_interest": float(sum(claim.interest for claim in bearing)),
            "interest_per_day": float(sum(claim.per_day for claim in bearing)),
            "amount_costs": float(sum(claim.costs for claim in charged)),
            "amount_costs_vat": float(sum(claim.vat for claim in charged)),
        }

    @api.model
    def _announce_costs(self, claimed, day, rule):
        """Return the costs that a fourteen-day notice announces, and VAT on them."""
        debts = [
            item.claim.debt for item in claimed if item.level.kind == "fourteen_day"
        ]
        return announce_costs(debts, day, rule) if debts else (0, 0)

    @api.model
    def _explain_claim(self, claimed, day):
        """Return how the claim on an item came about, to explain it years later.

        :param ClaimedItem claimed: the item
        :param date day: the day of the letter
        :return: what is claimed: amounts as text, days in ISO form
        :rtype: dict
        """
        claim = claimed.claim
        return {
            "item_id": claimed.item_id,
            "number": claimed.number,
            "principal": str(claim.debt.principal),
            "disputed": str(claim.debt.suspended),
            "paid": str(claim.paid),
            "is_charged": claimed.level.charges == "charge",
            "payments": [
                [paid_on.isoformat(), str(amount)]
                for paid_on, amount in sorted(claim.debt.payments)
                if paid_on <= day
            ],
            **self._explain_costs(claimed.level, claim),
            **self._explain_interest(claimed.level, claim),
        }

    @api.model
    def _explain_costs(self, level, claim):
        if not level._claims_costs():
            return {"costs": "0", "vat": "0"}
        return {"costs": str(claim.costs), "vat": str(claim.vat)}

    @api.model
    def _explain_interest(self, level, claim):
        if not level.with_interest:
            return {"interest": "0", "per_day": "0", "segments": []}
        return {
            "interest": str(claim.interest),
            "charged_interest": str(claim.charged_interest),
            "per_day": str(claim.per_day),
            "segments": explain_segments(claim),
        }
