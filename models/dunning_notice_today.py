from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models

from ..tools.claim_charge import ZERO, to_decimal
from .dunning_notice import OPEN_STATES

#: States in which a letter left the house, whatever became of it.
ISSUED_STATES = ("pending", "sent", "failed")
#: In which it arrived, as far as is known, or is under way.
ARRIVING_STATES = ("pending", "sent")


class ItemToday(NamedTuple):
    """What must be paid today for one item of a letter."""

    line: models.BaseModel  # dunning.notice.line
    open: Decimal  # what is left of the invoice
    disputed: Decimal  # part of it that is not asked for meanwhile
    interest: Decimal
    per_day: Decimal
    costs: Decimal  # VAT included
    rests: str | None = None  # why the debtor is not asked for it on the portal

    @property
    def total(self):
        return self.open - self.disputed + self.interest + self.costs


class ChargeToday(NamedTuple):
    """What must be paid today of interest and costs on an invoice of their own."""

    line: models.BaseModel  # account.move.line
    amount: Decimal
    items: models.BaseModel  # what it is for, and the line itself


class ClaimToday(NamedTuple):
    """What must be paid today for the items of a letter to be done with."""

    items: tuple
    credit: Decimal  # open credits of the debtor, not above zero
    charges: tuple = ()
    resting: tuple = ()  # open items that the debtor is not asked for on the portal

    def _sum(self, name):
        return sum((getattr(item, name) for item in self.items), ZERO)

    @property
    def charged(self):
        return sum((charge.amount for charge in self.charges), ZERO)

    @property
    def open(self):
        return self._sum("open")

    @property
    def disputed(self):
        return self._sum("disputed")

    @property
    def interest(self):
        return self._sum("interest")

    @property
    def per_day(self):
        return self._sum("per_day")

    @property
    def costs(self):
        return self._sum("costs")

    @property
    def total(self):
        return max(self._sum("total") + self.credit + self.charged, ZERO)


class DunningNotice(models.Model):
    """What is left to pay today of what a letter asked for."""

    _inherit = "dunning.notice"

    amount_today = fields.Monetary(
        string="To be paid today",
        compute="_compute_amount_today",
        help="What the debtor must pay today for the items of this letter to be done "
        "with. Interest counts once a letter has asked for it; what is in dispute does "
        "not count.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "line_ids.move_line_id.amount_residual_currency")
    def _compute_amount_today(self):
        claims = self._get_claims_today()
        for notice in self:
            notice.amount_today = float(claims[notice.id].total)

    # === BUSINESS METHODS === #

    def _get_claims_today(self):
        """Work out what is left to pay of these letters: a few statements for all.

        :rtype: dict[int, ClaimToday]
        """
        claims = {notice.id: ClaimToday((), ZERO) for notice in self}
        issued = self.filtered(lambda notice: notice.state not in OPEN_STATES)
        for company, notices in issued.grouped("company_id").items():
            claims |= notices._claim_today(company)
        return claims

    def _claim_today(self, company):
        """Work out what is left to pay of issued letters of one company.

        :rtype: dict[int, ClaimToday]
        """
        lines = self.line_ids.filtered("level_id")
        items = lines.move_line_id
        on_their_way = lines.filtered(lambda line: line.state == "pending")
        levels = {line.move_line_id.id: line.level_id for line in on_their_way}
        by_item = items._get_dunning_item_claims(company._get_dunning_today(), levels)
        asked = items._get_dunning_interest_asked()
        besides = items._get_dunning_credits(company, self.partner_id)
        by_debtor = besides._group_by_debtor()
        charges = besides.filtered(lambda line: line.amount_residual_currency > 0)
        shares = charges._share_dunning_charges()
        claims = {}
        for notice in self:
            own = notice._get_own_credits(by_debtor)
            claims[notice.id] = ClaimToday(
                notice._get_items_today(by_item, asked),
                credit=to_decimal(
                    sum((own - charges).mapped("amount_residual_currency"))
                ),
                charges=notice._get_charges_today(own & charges, shares),
            )
        return claims

    def _get_items_today(self, by_item, asked):
        """Return the items of this letter that are open, with what they cost today.

        What was paid is in what is left of the invoice, so interest and costs stand in
        full beside it: the sum is that of the claim.

        :param dict by_item: the `DebtClaim` of each open item
        :param asked: the items for which a letter asked interest
        :rtype: tuple[ItemToday, ...]
        """
        self.ensure_one()
        return tuple(
            ItemToday(
                line=line,
                open=claim.debt.principal - claim.paid,
                disputed=claim.debt.suspended,
                interest=claim.interest if item in asked else ZERO,
                per_day=claim.per_day if item in asked else ZERO,
                costs=claim.costs + claim.vat,
            )
            for line in self.line_ids
            if line._is_own()
            and (item := line.move_line_id)
            and (claim := by_item.get(item.id))
        )

    def _get_charges_today(self, charges, shares):
        """Return what was charged before and is left to pay with this letter.

        That is what it lists or charges itself, and of other charges what is for its
        items.

        :param charges: what is open of charges to the debtor (`account.move.line`)
        :param dict shares: what is open by id of the item, by charge
        :rtype: tuple[ChargeToday, ...]
        """
        self.ensure_one()
        items = self.line_ids.move_line_id
        result = []
        for line in charges:
            if line in items or line.move_id in self.charge_move_ids:
                amount = to_decimal(line.amount_residual_currency)
            else:
                amount = sum((shares[line].get(key, ZERO) for key in items.ids), ZERO)
            if amount:
                charged = self.env["account.move.line"].browse(shares[line])
                result.append(ChargeToday(line, amount, charged | line))
        return tuple(result)


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_dunning_interest_asked(self):
        """Return those of these items for which a letter asked interest.

        Who got friendly reminders only is not surprised with interest. Nor who got
        nothing: a letter that failed asked for nothing.
        """
        lines = self.env["dunning.notice.line"].search_fetch(
            [
                ("move_line_id", "in", self.ids),
                ("state", "in", ARRIVING_STATES),
                ("level_id.with_interest", "=", True),
            ],
            ["move_line_id"],
        )
        return lines.move_line_id
