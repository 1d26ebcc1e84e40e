from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import float_repr

from ...tools.qr_code import QrCode
from ..claim.claim_table import ClaimTable, explain_segments
from ..claim.engine.charge import ZERO, to_decimal
from ..claim.engine.claim import DebtClaim
from ..letter.letter_format import format_account
from ..notice.dunning_notice import OPEN_STATES
from ..policy.level_kinds import BY_CODE

#: Half the room of a bank transfer, so that the code stays coarse enough to scan.
REFERENCE_SIZE = 70

#: Nobody types more references than this from paper.
PRINTED_REFERENCES = 4

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


class ClaimToday(NamedTuple):
    """What must be paid today for the items of a letter to be done with."""

    items: tuple
    credit: Decimal  # open credits of the debtor, not above zero
    charges: tuple = ()  # what was charged before: each with its `amount`
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
    claim_specification = fields.Html(
        string="Specification", compute="_compute_claim_specification"
    )
    amount_today = fields.Monetary(
        string="To be paid today",
        compute="_compute_amount_today",
        help="What the debtor must pay today for the items of this letter to be done "
        "with. Interest counts once a letter has asked for it; what is in dispute does "
        "not count.",
    )

    amount_left = fields.Monetary(
        string="Interest and costs left",
        compute="_compute_amount_left",
        help="Interest and collection costs that are left of the claim of this letter "
        "after the invoices were settled: payments pay costs and interest first "
        "(article 6:44 BW). They can be charged or waived.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.level_id", "line_ids.amount_residual")
    def _compute_claim(self):
        """Work out the claims of proposals together; an issued claim stays as it is."""
        proposals = self.filtered(lambda notice: notice.state in PROPOSAL_STATES)
        for company, notices in proposals.grouped("company_id").items():
            notices._work_out_claims(company._get_dunning_today())

    @api.depends("claim_data", "currency_id")
    @api.depends_context("lang")
    def _compute_claim_specification(self):
        """Tell what was kept with the letter, and nothing else."""
        for notice in self:
            items = (notice.claim_data or {}).get("items", [])
            table = ClaimTable(self.env, notice.currency_id)
            notice.claim_specification = any(
                item["segments"] or item["payments"] or float(item["costs"])
                for item in items
            ) and table.render([notice._specify_item(item, table) for item in items])

    @api.depends("state", "line_ids.move_line_id.amount_residual_currency")
    def _compute_amount_today(self):
        claims = self._get_claims_today()
        for notice in self:
            notice.amount_today = float(claims[notice.id].total)

    @api.depends("state", "line_ids.move_line_id.amount_residual_currency")
    def _compute_amount_left(self):
        left = self._get_left()
        for notice in self:
            notice.amount_left = float(
                sum(sum(parts) for parts in left[notice.id].values())
            )

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
        for notice in claiming:
            notice.update(self._prepare_claim(notice._list_claimed(by_item), day))
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
    def _prepare_claim(self, claimed, day):
        """Return what one letter claims besides its items.

        :param list[ClaimedItem] claimed: its items, if it claims anything
        :param date day: the day of the letter
        :rtype: dict
        """
        announced = [
            item.claim.announced
            for item in claimed
            if item.level.kind == "fourteen_day" and item.claim.announced
        ]
        vat = sum((share.vat for share in announced), ZERO)
        return {
            **self._sum_claimed(claimed),
            "amount_announced": float(sum(s.net for s in announced) + vat),
            "claim_data": {
                "day": day.isoformat(),
                "announced_vat": str(vat),
                # The same for all: one demand.
                "announced_over": str(announced[0].over if announced else 0),
                "announced_before": str(announced[0].before if announced else 0),
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
            "set_off": [
                [part.day.isoformat(), str(part.amount)] for part in claim.debt.set_off
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

    # --- How the claim of a letter came about, to read years later.

    @api.model
    def _specify_item(self, item, table):
        """Return what the specification tells of one item.

        :param dict item: the item as it was kept with the letter
        :param ClaimTable table: the table that is made
        :rtype: dict
        """
        payments = [
            (self.env._("Paid on %s", table.day(day)), f"-{amount}")
            for day, amount in item["payments"]
        ]
        payments += [
            (self.env._("Open credit, set off from %s", table.day(day)), f"-{amount}")
            for day, amount in item.get("set_off", ())
        ]
        disputed = item.get("disputed", "0")
        if float(disputed):
            payments.append((self.env._("Disputed, not claimed"), f"-{disputed}"))
        totals = [
            (self.env._("Charged before"), f"-{item.get('charged_interest', 0)}"),
            (self.env._("Interest"), item["interest"]),
            (self.env._("Collection costs"), item["costs"]),
            (self.env._("VAT on costs"), item["vat"]),
        ]
        return {
            "title": item["number"],
            "lines": [(self.env._("Principal"), item["principal"]), *payments],
            "segments": item["segments"],
            "totals": [total for total in totals if float(total[1])],
        }

    # --- What is left to pay today of what a letter asked for.

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

        To be extended by what is due besides the items.


        :rtype: dict[int, ClaimToday]
        """
        lines = self.line_ids.filtered("level_id")
        items = lines.move_line_id
        on_their_way = lines.filtered(lambda line: line.state == "pending")
        levels = {line.move_line_id.id: line.level_id for line in on_their_way}
        by_item = items._get_dunning_item_claims(company._get_dunning_today(), levels)
        asked = items._get_dunning_interest_asked()
        credits = items._get_dunning_credits(company, self.partner_id)
        credits = credits.filtered(lambda line: line.amount_residual_currency < 0)
        paid_out = credits._get_dunning_paid_out()
        by_debtor = credits._group_dunning_by_debtor()
        return {
            notice.id: ClaimToday(
                notice._get_items_today(by_item, asked),
                credit=to_decimal(
                    notice._get_own_credits(by_debtor)._sum_dunning_credits(paid_out)
                ),
            )
            for notice in self
        }

    def _get_own_credits(self, credits):
        """Return those of some open credits that lower the claim of this letter.

        :param dict credits: the credits, see `_group_dunning_by_debtor`
        :rtype: recordset of `account.move.line`
        """
        self.ensure_one()
        nothing = self.env["account.move.line"]
        if self.is_limitation:
            return nothing
        debtor = self.partner_id.commercial_partner_id
        own = credits.get((debtor.id, self.currency_id.id), nothing)
        kinds = self.line_ids.level_id.mapped("kind")
        is_alone = any(BY_CODE[kind].is_alone for kind in kinds)
        return self._get_listed_credits(own, is_alone)

    @api.model
    def _get_listed_credits(self, credits, is_alone):
        """Return what of open credits and earlier charges a letter lists.

        One that stands alone demands the invoices and nothing else, so that what was
        charged before is not in it: article 6:96(6) BW.

        :param credits: the credits and charges of the debtor, see `_get_own_credits`
        :param bool is_alone: whether the letter stands alone
        """
        if not is_alone:
            return credits
        return credits.filtered(lambda line: line.amount_residual_currency < 0)

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

    # --- What is left when the invoices were settled: interest and costs.

    def _get_left(self):
        """Return what is left of these letters after their invoices were settled.

        :return: pairs of interest, and costs with VAT, by id of the item, by letter
        :rtype: dict[int, dict]
        """
        left = {notice.id: {} for notice in self}
        arrived = self.filtered(lambda notice: notice.state == "sent")
        for company, notices in arrived.grouped("company_id").items():
            lines = notices.line_ids.filtered(
                lambda line: (
                    line.level_id and line.level_id._claims_besides() and line._is_own()
                )
            )
            by_item = lines.move_line_id._get_dunning_left(company._get_dunning_today())
            for line in lines:
                if parts := by_item.get(line.move_line_id.id):
                    left[line.notice_id.id][line.move_line_id.id] = parts
        return left

    # --- How the debtor can pay: account, reference, code to scan, link.

    def _prepare_payment(self, values, shared):
        """Return how the claim can be paid.

        :param dict values: the values of the letter so far
        :param dict shared: what all letters need
        :rtype: dict
        """
        self.ensure_one()
        is_online = shared["online"][self.company_id]
        # No union: its records would be read from the database for each letter.
        moves = [
            move for section in values["sections"] for move in section.lines.move_id
        ]
        return {
            **self._prepare_transfer(moves, self.amount_claim, shared["scannable"]),
            "is_online": is_online,
            "link": is_online and self._get_payment_link(),
        }

    def _prepare_transfer(self, moves, amount, scannable=None, bank=None):
        """Return what a bank transfer needs: account, reference, code to scan.

        :param moves: the invoices to pay, in the order in which they are referred to:
            records or a list of them
        :param float amount: what is to be paid
        :param dict scannable: whether there is a code to scan, as far as it was found
            out, by account and currency
        :param bank: the account to pay to, where it is not that of these invoices
        :rtype: dict
        """
        self.ensure_one()
        scannable = {} if scannable is None else scannable
        bank = bank or self.company_id._get_dunning_bank_account(moves)
        is_iban = bank.acc_type == "iban"
        references = self._get_payment_references(moves)
        printed = references[:1] if len(references) > PRINTED_REFERENCES else references
        return {
            "account": bank.acc_number
            and (format_account(bank.acc_number) if is_iban else bank.acc_number),
            "bic": bank.bank_bic,
            "holder": bank.acc_holder_name
            or bank.partner_id.name
            or self.company_id.name,
            "reference": ", ".join(printed),
            "qr": self._get_payment_qr(bank, " ".join(references), amount, scannable),
        }

    def _get_payment_references(self, moves):
        """Return what the debtor should state: the letter and its invoices.

        The payment references of the invoices are what the bank reconciliation looks
        for. There is room for so many; a reference is never cut in two.

        :rtype: list[str]
        """
        references = [self.name]
        for move in moves:
            references += self._get_move_references(move)
        references = list(dict.fromkeys(filter(None, references)))
        while len(" ".join(references)) > REFERENCE_SIZE:
            references.pop()
        return references

    def _get_move_references(self, move):
        """Return by what the debtor knows what he has to pay of an entry.

        An entry with opening balances may hold those of others too.

        :rtype: list[str]
        """
        if move.is_invoice(include_receipts=True):
            return [move.payment_reference or move.name]
        lines = self.line_ids.filtered(lambda line: line.move_id == move)
        return lines.filtered("level_id").mapped("move_name")

    def _get_payment_qr(self, bank, reference, amount, scannable):
        """Return the code that a bank app can scan.

        :return: `QrCode`, or False when Odoo cannot make the code
        """
        key = bank, self.currency_id
        if key not in scannable:
            scannable[key] = self._is_scannable(bank)
        if not scannable[key]:
            return False
        text = bank._get_qr_code_generation_params(
            "sct_qr",
            float(float_repr(amount, self.currency_id.decimal_places)),
            self.currency_id,
            self.partner_id,
            reference,
            "",
        )["value"]
        return QrCode(text)

    def _is_scannable(self, bank):
        """Whether Odoo makes codes for transfers to an account in this currency."""
        methods = dict(bank.get_available_qr_methods_in_sequence())
        return "sct_qr" in methods and bool(
            bank._build_qr_code_vals(
                1, "", "", self.currency_id, self.partner_id, qr_method="sct_qr"
            )
        )

    def _get_payment_link(self):
        """Return a link to pay online what the letter claims.

        A link is signed for one invoice and its amount, so there is one only when the
        letter claims exactly that. A proposal gets none: each link is a row.
        """
        moves = self.line_ids.move_id
        if not self.name or len(moves) != 1 or not moves._has_to_be_paid():
            return False
        if self.currency_id.compare_amounts(self.amount_claim, moves.amount_residual):
            return False
        # sudo: the row behind the link belongs to no accountant
        return moves.sudo()._get_portal_payment_link()
