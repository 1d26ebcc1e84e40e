from decimal import Decimal

from odoo import api, fields, models

from ..models.claim.engine.charge import to_decimal
from ..models.claim.engine.payment_split import OpenCharge, open_charge
from ..tools.groups import ACCOUNTING_GROUPS

ZERO = Decimal(0)


class AccountPaymentRegister(models.TransientModel):
    """Interest and costs that were charged before come first when somebody pays."""

    _inherit = "account.payment.register"

    dunning_charge_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Charged before",
        compute="_compute_dunning_charge_ids",
        groups=ACCOUNTING_GROUPS,
        help="Open interest and costs of these debtors that the payment leaves out.",
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids", "payment_type")
    def _compute_dunning_charge_ids(self):
        for wizard in self:
            items = wizard.line_ids._origin
            charges = items.browse()
            if wizard.payment_type == "inbound":
                charges = items._get_open_charge_items() - items
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
        charges = items._get_open_charge_items()
        charged = charges.move_id._get_dunning_charged()
        result = {}
        for item in charges:
            parts = charged.get(item.move_id.id, {}).values()
            opened = open_charge(
                costs=sum((part.costs + part.vat for part in parts), ZERO),
                interest=sum((part.interest for part in parts), ZERO),
                residual=to_decimal(item.amount_residual_currency),
            )
            costs, interest = result.get(item.partner_id, (ZERO, ZERO))
            result[item.partner_id] = OpenCharge(
                costs + opened.costs, interest + opened.interest
            )
        return result
