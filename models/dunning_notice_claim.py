from odoo import api, fields, models

from ..tools.claim import announce_costs
from ..tools.claim_table import explain_segments

#: States in which the claim still follows the items; after that it is frozen.
PROPOSAL_STATES = ("draft", "queued")


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
        levels = {line.move_line_id: line.level_id for line in lines}
        by_item = lines.move_line_id._get_dunning_item_claims(day, levels)
        consumers = self.partner_id._get_dunning_consumers()
        for notice in claiming:
            notice.update(
                notice._prepare_claim(by_item, day, notice.partner_id.id in consumers)
            )
        plain = self - claiming
        if plain:
            # Most letters claim nothing besides the invoices: written together.
            plain.update(plain[0]._prepare_claim({}, day, False))
        self._add_up_claims()

    def _add_up_claims(self):
        """Set what the letters ask for in all: their items and what comes with them."""
        for notice in self:
            notice.amount_claim = notice.currency_id.round(
                sum(notice.line_ids.mapped("amount_residual"))
                + notice.amount_interest
                + notice.amount_costs
                + notice.amount_costs_vat
            )

    def _prepare_claim(self, by_item, day, is_consumer):
        """Return what one letter claims besides its items.

        :param dict by_item: the `DebtClaim` of each item, of letters that claim
            something besides the invoices
        :param date day: the day of the letter
        :param bool is_consumer: whether the debtor is a consumer
        :rtype: dict
        """
        self.ensure_one()
        lines = self.line_ids.filtered("level_id")
        claimed = {
            line: by_item[line.move_line_id]
            for line in lines
            if line.move_line_id in by_item
        }
        announced = self._announce_costs(claimed, day, is_consumer)
        return {
            **self._sum_claimed(claimed),
            "amount_announced": float(sum(announced)),
            "claim_data": {
                "day": day.isoformat(),
                "announced_vat": str(announced[1]),
                "items": self._explain_claim(claimed, day),
            },
        }

    @api.model
    def _sum_claimed(self, claimed):
        """Return what the levels of a letter let it ask for besides the invoices."""
        bearing = [c for line, c in claimed.items() if line.level_id.with_interest]
        charged = [c for line, c in claimed.items() if line.level_id._claims_costs()]
        return {
            "amount_interest": float(sum(claim.interest for claim in bearing)),
            "interest_per_day": float(sum(claim.per_day for claim in bearing)),
            "amount_costs": float(sum(claim.costs for claim in charged)),
            "amount_costs_vat": float(sum(claim.vat for claim in charged)),
        }

    def _announce_costs(self, claimed, day, is_consumer):
        """Return the costs that a fourteen-day notice announces, and VAT on them."""
        self.ensure_one()
        debts = [
            claim.debt
            for line, claim in claimed.items()
            if line.level_id.kind == "fourteen_day"
        ]
        if not debts:
            return 0, 0
        rule = self.company_id._get_dunning_cost_rule(
            self.currency_id, is_consumer, day
        )
        return announce_costs(debts, day, rule)

    @api.model
    def _explain_claim(self, claimed, day):
        """Return how a claim came about, so that it can be explained years later.

        :param dict claimed: the `DebtClaim` of each line of the letter
        :param date day: the day of the letter
        :return: what is claimed for each line: amounts as text, days in ISO form
        :rtype: list[dict]
        """
        return [
            {
                "item_id": line.move_line_id.id,
                "number": line.move_name,
                "principal": str(claim.debt.principal),
                "disputed": str(claim.debt.suspended),
                "paid": str(claim.paid),
                "is_charged": line.level_id.charges == "charge",
                "payments": [
                    [paid_on.isoformat(), str(amount)]
                    for paid_on, amount in sorted(claim.debt.payments)
                    if paid_on <= day
                ],
                **self._explain_costs(line, claim),
                **self._explain_interest(line, claim),
            }
            for line, claim in claimed.items()
        ]

    @api.model
    def _explain_costs(self, line, claim):
        if not line.level_id._claims_costs():
            return {"costs": "0", "vat": "0"}
        return {"costs": str(claim.costs), "vat": str(claim.vat)}

    @api.model
    def _explain_interest(self, line, claim):
        if not line.level_id.with_interest:
            return {"interest": "0", "per_day": "0", "segments": []}
        return {
            "interest": str(claim.interest),
            "charged_interest": str(claim.charged_interest),
            "per_day": str(claim.per_day),
            "segments": explain_segments(claim),
        }
