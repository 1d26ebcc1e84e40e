from collections import defaultdict
from datetime import date
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ...tools.actions import open_form
from ...tools.groups import ACCOUNTING_GROUPS
from ..claim.engine.charge import PARTS, Charge, share, to_decimal

ZERO = Decimal(0)


class AccountMove(models.Model):
    """Invoices with the interest and costs that a letter charges, and their credits."""

    _inherit = "account.move"

    dunning_charge_notice_id = fields.Many2one(
        comodel_name="dunning.notice",
        string="Charged by letter",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=ACCOUNTING_GROUPS,
    )
    # Copied to credit notes, so that these count whoever makes them.
    dunning_charge_data = fields.Json(
        string="Charged by item",
        readonly=True,
        groups=ACCOUNTING_GROUPS,
        help="Interest, costs and VAT on costs by item: amounts as text.",
    )
    dunning_charge_reason = fields.Char(
        related="dunning_charge_notice_id.charge_cancel_reason",
        string="Why the charge was cancelled",
        groups=ACCOUNTING_GROUPS,
    )

    dunning_claim_charged = fields.Monetary(
        string="Charged and open",
        compute="_compute_dunning_claim",
        groups=ACCOUNTING_GROUPS,
        help="Interest and collection costs that were charged for this invoice on "
        "another one and were not paid.",
    )

    # === ACTION METHODS === #

    def action_open_dunning_charge(self):
        """Open this invoice."""
        return open_form(self)

    # === BUSINESS METHODS === #

    def _get_dunning_charged(self):
        """Return what these invoices charge, less what was credited: one statement.

        Where somebody changed the total of a document, its parts follow in proportion.

        :return: `Charge` by id of the item, by id of the invoice
        :rtype: dict[int, dict[int, Charge]]
        """
        charged = defaultdict(lambda: defaultdict(lambda: dict.fromkeys(PARTS, ZERO)))
        days = {}
        Currency = self.env["res.currency"]
        for move_id, day, sign, data, total, currency in self._select_dunning_charges():
            digits = Currency.browse(currency).decimal_places
            days[move_id] = day
            amounts = {
                (int(item_id), name): Decimal(parts[name])
                for item_id, parts in data.items()
                for name in PARTS
            }
            parts = {}
            if any(amounts.values()):
                parts = share(to_decimal(total), amounts, digits)
            for (item_id, name), part in parts.items():
                charged[move_id][item_id][name] += sign * part
        return {
            move_id: {
                item_id: Charge(day=days[move_id], **parts)
                for item_id, parts in items.items()
                if any(parts.values())
            }
            for move_id, items in charged.items()
        }

    def _select_dunning_charges(self):
        """Return the posted ones among these charges and their posted credit notes.

        :return: rows of id of the charge, its day, sign, data, total and currency
        :rtype: list[tuple[int, date, int, dict, float, int]]
        """
        if not self:
            return []
        self.env["account.move"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT id, COALESCE(invoice_date, date), 1, dunning_charge_data,
                       amount_total, currency_id
                  FROM account_move
                 WHERE id IN %(ids)s AND state = 'posted'
                   AND dunning_charge_data IS NOT NULL
             UNION ALL
                SELECT charge.id, COALESCE(charge.invoice_date, charge.date), -1,
                       COALESCE(credit.dunning_charge_data, charge.dunning_charge_data),
                       credit.amount_total, credit.currency_id
                  FROM account_move credit
                  JOIN account_move charge ON charge.id = credit.reversed_entry_id
                 WHERE credit.reversed_entry_id IN %(ids)s
                   AND credit.state = 'posted' AND charge.state = 'posted'
                   AND charge.dunning_charge_data IS NOT NULL
                """,
                ids=self._ids,
            )
        )

    @api.model
    def _prepare_dunning_claims(self, claims):
        """Add what was charged for the invoices on another one and is open."""
        # EXTENDS 'l10n_nl_dunning'
        values = super()._prepare_dunning_claims(claims)
        charged = self.browse().union(
            *(
                move._origin
                for move, claim in claims.items()
                if any(item.debt.charges for item in claim.items)
            )
        )
        amounts = charged.dunning_item_ids._get_open_dunning_charges()
        for move in values:
            ids = move._origin.dunning_item_ids.ids
            amount = float(sum(amounts.get(item_id, 0) for item_id in ids))
            values[move]["dunning_claim_charged"] = amount
            values[move]["dunning_claim_total"] += amount
        return values

    def _get_open_dunning_charges(self):
        """Return what is open of these charges, shared over the items they are for.

        :return: open amount by id of the item
        :rtype: dict[int, Decimal]
        """
        result = defaultdict(Decimal)
        charged = self._get_dunning_charged()
        for move in self:
            shares = share_open(
                charged.get(move.id, {}),
                move.amount_residual,
                move.currency_id.decimal_places,
            )
            for item_id, amount in shares.items():
                result[item_id] += amount
        return result

    def _credit_dunning_charges(self, amounts, reason):
        """Credit charged amounts, and set the credit notes off against the charges.

        :param dict amounts: by id of the charge: `Charge` by id of the item
        :param str reason: shown on the credit notes
        :return: the credit notes
        :rtype: recordset of `account.move`
        """
        charges = self.filtered(lambda move: amounts.get(move.id))
        credits = self.create(
            [
                charge._prepare_dunning_credit(amounts[charge.id], reason)
                for charge in charges
            ]
        )
        credits._post(soft=False)
        credits._message_log_batch(bodies=dict.fromkeys(credits.ids, reason))
        body = self.env._("Charge credited: %s", reason)
        charges._message_log_batch(bodies=dict.fromkeys(charges.ids, body))
        self.env["account.move.line"]._reconcile_plan(
            [
                lines
                for charge, credit in zip(charges, credits, strict=True)
                if len(lines := (charge + credit)._get_dunning_open_receivables()) > 1
            ]
        )
        return credits

    def _get_dunning_open_receivables(self):
        """Return the receivable items of these moves that can be reconciled still."""
        return self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )

    def _prepare_dunning_credit(self, amounts, reason):
        """Return the values of a credit note on part of a charge, or all of it.

        :param dict amounts: `Charge` by id of the item
        :param str reason: why it is credited
        :rtype: dict
        """
        self.ensure_one()
        today = self.company_id._get_dunning_today()
        notice = self.dunning_charge_notice_id
        return {
            "move_type": "out_refund",
            "reversed_entry_id": self.id,
            "journal_id": self.journal_id.id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": today,
            "date": today,
            "invoice_payment_term_id": False,
            "invoice_date_due": today,
            "ref": reason,
            "invoice_origin": self.name,
            "dunning_charge_data": pack_charges(amounts),
            "invoice_line_ids": [
                Command.create(vals)
                for vals in notice._prepare_charge_lines(amounts.values())
            ],
        }


def share_open(charges, residual, digits):
    """Share what is open of a charge over the items that it is for.

    :param dict charges: `Charge` by id of the item
    :param float residual: what is open
    :param int digits: decimals of the currency
    :return: open amount by id of the item
    :rtype: dict[int, Decimal]
    """
    bases = {
        item_id: charge.costs + charge.vat + charge.interest
        for item_id, charge in charges.items()
    }
    if residual <= 0 or sum(bases.values(), ZERO) <= 0:
        return {}
    return share(to_decimal(residual), bases, digits)


def pack_charges(charges):
    """Return charges as they are kept on an invoice, see `dunning_charge_data`."""
    return {
        str(item_id): {name: str(getattr(charge, name)) for name in PARTS}
        for item_id, charge in charges.items()
    }


def unpack_charges(data, day):
    """Return charges from how they are kept on an invoice.

    :param dict data: amounts as text, by id of the item
    :param date day: the day of the charge
    :rtype: dict[int, Charge]
    """
    assert isinstance(day, date)
    return {
        int(item_id): Charge(day, **{name: Decimal(parts[name]) for name in PARTS})
        for item_id, parts in data.items()
    }
