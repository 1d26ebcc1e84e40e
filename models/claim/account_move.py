from odoo import api, fields, models
from odoo.tools import format_date

from ...tools.groups import ACCOUNTING_GROUPS
from .claim_table import ClaimTable, explain_segments
from .engine.claim import Claim


class AccountMove(models.Model):
    """What must be paid today for an invoice to be done with."""

    _inherit = "account.move"

    dunning_contract_ref = fields.Char(
        string="Contract",
        groups=ACCOUNTING_GROUPS,
        help="Invoices with the same text here are instalments of one contract, such "
        "as rent, a subscription or energy: costs of a consumer for one instalment "
        "count for those of the next six months (article 2a of the Decree on "
        "collection costs). Recurring invoices are known without it.",
    )
    dunning_claim_principal = fields.Monetary(
        string="Principal",
        compute="_compute_dunning_claim",
        groups=ACCOUNTING_GROUPS,
        help="The open instalments, without what was credited, with credit notes that "
        "are open still.",
    )
    dunning_claim_paid = fields.Monetary(
        string="Paid", compute="_compute_dunning_claim", groups=ACCOUNTING_GROUPS
    )
    dunning_claim_set_off = fields.Monetary(
        string="Open credits",
        compute="_compute_dunning_claim",
        groups=ACCOUNTING_GROUPS,
        help="Credit notes and payments that nobody allocated yet, as far as they are "
        "set off against this invoice (article 6:127 BW). They are taken off already: "
        "interest and costs are over what is left.",
    )
    dunning_claim_interest = fields.Monetary(
        string="Interest up to today",
        compute="_compute_dunning_claim",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_claim_costs = fields.Monetary(
        string="Collection costs",
        compute="_compute_dunning_claim",
        groups=ACCOUNTING_GROUPS,
        help="Collection costs that are due: the share of this invoice in the costs "
        "over all that the customer owes.",
    )
    dunning_claim_vat = fields.Monetary(
        string="VAT on costs",
        compute="_compute_dunning_claim",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_claim_total = fields.Monetary(
        string="To be paid today",
        compute="_compute_dunning_claim",
        groups=ACCOUNTING_GROUPS,
        help="What must be paid today for this invoice to be done with.",
    )
    dunning_claim_disputed = fields.Monetary(
        string="Disputed",
        compute="_compute_dunning_claim",
        groups=ACCOUNTING_GROUPS,
        help="The part that is in dispute. It is not asked for in letters meanwhile, "
        "and bears neither interest nor costs.",
    )
    dunning_claim_rate = fields.Char(
        string="Rate of interest",
        compute="_compute_dunning_claim",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_claim_details = fields.Html(
        string="How the interest was worked out",
        compute="_compute_dunning_claim",
        sanitize=False,  # a table of our own, each value escaped
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "partner_id",
        "line_ids.amount_residual",
        "line_ids.date_maturity",
        "dunning_notice_line_ids.state",
        "dunning_notice_line_ids.deadline",
        "dunning_notice_line_ids.notice_id.charge_move_ids.amount_residual",
    )
    @api.depends_context("lang")
    def _compute_dunning_claim(self):
        """Work out the claims of all these invoices together."""
        open_moves = self.filtered(
            lambda move: (
                move.state == "posted"
                and move._origin
                and not move._origin._is_dunning_settled()
            )
        )
        claimed = {}
        for company, moves in open_moves.grouped("company_id").items():
            claimed |= moves._work_out_dunning_claims(company)
        nothing = dict.fromkeys(self._get_dunning_claim_fields(), False)
        for move in self:
            move.update(nothing | claimed.get(move, {}))

    # === BUSINESS METHODS === #

    def _work_out_dunning_claims(self, company):
        """Return what the fields of the claim tell of those that something is due of.

        :param company: the `res.company` of these invoices
        :return: values by invoice
        :rtype: dict[account.move, dict]
        """
        day = company._get_dunning_today()
        by_item = self._origin.dunning_item_ids._get_dunning_item_claims(day)
        claims = {}
        for move in self:
            ids = move._origin.dunning_item_ids.ids
            found = [by_item[id_] for id_ in ids if id_ in by_item]
            # A credit is set off against what is owed, and owed itself by nobody.
            if owed := tuple(item for item in found if item.debt.principal > 0):
                claims[move] = Claim(day, owed)
        return self._prepare_dunning_claims(claims)

    @api.model
    def _prepare_dunning_claims(self, claims):
        """Return the values of the claims on invoices. To be extended by what is due
        besides.

        :param dict[account.move, Claim] claims: the claims on their open instalments
        :rtype: dict[account.move, dict]
        """
        moves = self.browse().union(*(move._origin for move in claims))
        items = moves.dunning_item_ids
        consumers = items.partner_id.commercial_partner_id._get_dunning_consumers()
        return {
            move: move._prepare_dunning_claim(
                claim, move.commercial_partner_id.id in consumers
            )
            for move, claim in claims.items()
        }

    @api.model
    def _get_dunning_claim_fields(self):
        """Return the names of the fields that tell the claim of today."""
        return [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_dunning_claim"
        ]

    def _prepare_dunning_claim(self, claim, is_consumer):
        """Return the values of the claim on one invoice.

        :param Claim claim: the claim on its open instalments
        :param bool is_consumer: whether the debtor is a consumer
        :rtype: dict
        """
        self.ensure_one()
        return {
            "dunning_claim_principal": float(claim.principal),
            "dunning_claim_paid": float(claim.paid),
            "dunning_claim_set_off": float(claim.set_off),
            "dunning_claim_interest": float(claim.interest),
            "dunning_claim_costs": float(claim.costs),
            "dunning_claim_vat": float(claim.vat),
            "dunning_claim_total": float(claim.total),
            "dunning_claim_disputed": float(
                sum(item.debt.suspended for item in claim.items)
            ),
            "dunning_claim_rate": self._get_dunning_rate_text(claim, is_consumer),
            "dunning_claim_details": self._get_dunning_claim_details(claim),
        }

    def _get_dunning_rate_text(self, claim, is_consumer):
        """Return which interest runs, and what each further day costs; if any runs."""
        segments = [item.segments[-1] for item in claim.items if item.segments]
        if not segments or not segments[-1].percent:
            return False
        table = ClaimTable(self.env, self.currency_id)
        return self.env._(
            "%(name)s, %(percent)s a year: %(amount)s a day",
            name=self.company_id._get_dunning_rate_name(
                self.commercial_partner_id, is_consumer
            ),
            percent=table.percent(segments[-1].percent),
            amount=table.money(claim.per_day),
        )

    def _get_dunning_claim_details(self, claim):
        """Return the interest of each instalment by segment, as HTML."""
        items = [item for item in claim.items if item.segments]
        if not items:
            return False
        return ClaimTable(self.env, self.currency_id).render(
            [
                {
                    "title": len(claim.items) > 1
                    and self.env._(
                        "Instalment due on %s", format_date(self.env, item.debt.due)
                    ),
                    "lines": [],
                    "segments": explain_segments(item),
                }
                for item in items
            ]
        )
