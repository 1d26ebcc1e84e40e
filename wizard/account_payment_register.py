from decimal import Decimal

from odoo import api, fields, models

from ..models.res_partner import ACCOUNTING_GROUPS
from ..tools.claim_table import ClaimTable
from ..tools.payment_split import split_payment

ZERO = Decimal(0)


class AccountPaymentRegister(models.TransientModel):
    """Tell what the law makes of a payment that is registered."""

    _inherit = "account.payment.register"

    dunning_split = fields.Char(
        string="By law",
        compute="_compute_dunning_split",
        groups=ACCOUNTING_GROUPS,
        help="A payment pays the collection costs first, then the interest, then the "
        "principal (article 6:44 BW), of the oldest invoice first (6:43 BW). This is "
        "for information: the payment is posted on the invoices as always.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids", "amount", "currency_id", "payment_date")
    def _compute_dunning_split(self):
        for wizard in self:
            wizard.dunning_split = wizard._get_dunning_split()

    # === BUSINESS METHODS === #

    def _get_dunning_split(self):
        """Return how the payment is divided by law, when more is due than principal.

        :rtype: str or bool
        """
        self.ensure_one()
        items = self.line_ids._origin
        if self.payment_type != "inbound" or not self.payment_date:
            return False
        if self.amount <= 0 or items.currency_id != self.currency_id:
            return False
        claims = list(items._get_dunning_item_claims(self.payment_date).values())
        if not any(claim.open_interest or claim.open_costs for claim in claims):
            return False
        return self._get_dunning_split_text(claims, self._split_by_debtor(claims))

    def _split_by_debtor(self, claims):
        """Return how the payment of each debtor is divided.

        With several debtors each of them pays what is open of his own invoices.

        :rtype: list[Imputation]
        """
        by_debtor = {}
        for claim in claims:
            by_debtor.setdefault(claim.debt.key.partner_id, []).append(claim)
        if len(by_debtor) == 1:
            return [split_payment(claims, Decimal(f"{self.amount:.2f}"))]
        return [
            split_payment(own, max(sum(c.debt.principal - c.paid for c in own), ZERO))
            for own in by_debtor.values()
        ]

    def _get_dunning_split_text(self, claims, splits):
        """Say how the payment is divided, and what remains due.

        :param list[DebtClaim] claims: what is claimed on the day of payment
        :param list[Imputation] splits: how the payments are divided
        :rtype: str
        """
        costs, interest, principal, surplus = (
            sum((getattr(split, name) for split in splits), ZERO)
            for name in ("costs", "interest", "principal", "surplus")
        )
        money = ClaimTable(self.env, self.currency_id).money
        rest = sum((claim.total for claim in claims), ZERO)
        parts = [
            costs and self.env._("costs %s", money(costs)),
            interest and self.env._("interest %s", money(interest)),
            principal and self.env._("principal %s", money(principal)),
            surplus and self.env._("too much %s", money(surplus)),
        ]
        return self.env._(
            "Of this payment, by law: %(parts)s; after it remains due: %(rest)s.",
            parts=", ".join(filter(None, parts)),
            rest=money(rest - costs - interest - principal),
        )
