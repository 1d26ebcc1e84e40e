from decimal import Decimal

from odoo import api, fields, models

from ..models.claim.claim_table import ClaimTable
from ..models.claim.engine.charge import to_decimal
from ..models.claim.engine.payment_split import (
    NOTHING_CHARGED,
    OpenCharge,
    open_charge,
    split_payment,
)
from ..tools.groups import ACCOUNTING_GROUPS

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
    dunning_charge_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Charged before",
        compute="_compute_dunning_charge_ids",
        groups=ACCOUNTING_GROUPS,
        help="Open interest and costs of these debtors that the payment leaves out.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids", "amount", "currency_id", "payment_date")
    def _compute_dunning_split(self):
        for wizard in self:
            wizard.dunning_split = wizard._get_dunning_split()

    @api.depends("line_ids", "payment_type")
    def _compute_dunning_charge_ids(self):
        for wizard in self:
            items = wizard.line_ids._origin
            charges = items.browse()
            if wizard.payment_type == "inbound":
                charges = items._get_dunning_open_charge_items() - items
            wizard.dunning_charge_ids = charges

    # === ACTION METHODS === #

    def action_include_dunning_charges(self):
        """Pay the charges too: begin again with all of them in one payment."""
        self.ensure_one()
        items = self.line_ids | self.dunning_charge_ids
        action = items.action_register_payment()
        return {
            **action,
            "context": {
                **action["context"],
                "default_group_payment": True,
                "default_payment_date": self.payment_date,
                "default_journal_id": self.journal_id.id,
            },
        }

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
        charged = items.filtered("move_id.dunning_charge_notice_id")._ids
        by_item = items._get_dunning_item_claims(self.payment_date)
        claims = [claim for key, claim in by_item.items() if key not in charged]
        charges = self._get_dunning_open_charges()
        if not charges and not any(c.open_interest or c.open_costs for c in claims):
            return False
        splits = self._split_by_debtor(claims, charges)
        due = sum((claim.total for claim in claims), ZERO)
        due += sum((charge.total for charge in charges.values()), ZERO)
        return self._get_dunning_split_text(due, splits)

    def _split_by_debtor(self, claims, charges):
        """Return how the payment of each debtor is divided.

        With several debtors each of them pays what is open of his own invoices.

        :param list[DebtClaim] claims: what is claimed on the day of payment
        :param dict charges: what is open of charges, `OpenCharge` by debtor
        :rtype: list[Imputation]
        """
        items = self.line_ids._origin.grouped(
            lambda line: line.partner_id.commercial_partner_id
        )
        splits = []
        for debtor, own in items.items():
            amount = self.amount
            if len(items) > 1:
                amount = max(sum(own.mapped("amount_residual_currency")), 0)
            splits.append(
                split_payment(
                    [claim for claim in claims if claim.debt.key in own._ids],
                    to_decimal(amount),
                    charges.get(debtor, NOTHING_CHARGED),
                )
            )
        return splits

    def _get_dunning_split_text(self, due, splits):
        """Say how the payment is divided, and what remains due.

        :param Decimal due: all that is due on the day of payment
        :param list[Imputation] splits: how the payments are divided
        :rtype: str
        """
        costs, interest, principal, surplus = (
            sum((getattr(split, name) for split in splits), ZERO)
            for name in ("costs", "interest", "principal", "surplus")
        )
        money = ClaimTable(self.env, self.currency_id).money
        parts = [
            costs and self.env._("costs %s", money(costs)),
            interest and self.env._("interest %s", money(interest)),
            principal and self.env._("principal %s", money(principal)),
            surplus and self.env._("too much %s", money(surplus)),
        ]
        return self.env._(
            "Of this payment, by law: %(parts)s; after it remains due: %(rest)s.",
            parts=", ".join(filter(None, parts)),
            rest=money(due - costs - interest - principal),
        )

    # --- Interest and costs that were charged before come first when somebody pays.

    def _reconcile_payments(self, to_process, edit_mode=False):
        """Set a payment off against charged costs and interest first: 6:44 BW."""
        # EXTENDS 'account'
        first = [
            {**vals, "to_reconcile": charges}
            for vals in to_process
            if (
                charges := vals["to_reconcile"].filtered(
                    "move_id.dunning_charge_notice_id"
                )
            )
        ]
        if first:
            super()._reconcile_payments(first, edit_mode=edit_mode)
        return super()._reconcile_payments(to_process, edit_mode=edit_mode)

    def _get_dunning_open_charges(self):
        """Return what is open of charges to the debtors of this payment.

        :return: `OpenCharge` by debtor
        :rtype: dict
        """
        items = self.line_ids._origin
        charges = items._get_dunning_open_charge_items()
        charged = charges.move_id._get_dunning_charged()
        result = {}
        for item in charges:
            parts = charged.get(item.move_id.id, {}).values()
            opened = open_charge(
                costs=sum((part.costs + part.vat for part in parts), ZERO),
                interest=sum((part.interest for part in parts), ZERO),
                residual=to_decimal(item.amount_residual_currency),
            )
            costs, interest = result.get(
                item.partner_id.commercial_partner_id, (ZERO, ZERO)
            )
            result[item.partner_id.commercial_partner_id] = OpenCharge(
                costs + opened.costs, interest + opened.interest
            )
        return result
