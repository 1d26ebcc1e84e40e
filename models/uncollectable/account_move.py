from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import float_is_zero

from ...law import add_years, refund_date
from ...tools.groups import ACCOUNTING_GROUPS


class AccountMove(models.Model):
    """Invoices that will not be paid, and the entries that write them off."""

    _inherit = "account.move"

    dunning_uncollectable_on = fields.Date(
        string="Uncollectable since",
        copy=False,
        readonly=True,
        groups=ACCOUNTING_GROUPS,
        help="Day on which it was certain that this will not be paid.",
    )
    dunning_uncollectable_ids = fields.One2many(
        comodel_name="dunning.uncollectable",
        inverse_name="move_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_written_off_id = fields.Many2one(
        comodel_name="account.move",
        string="Writes off",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups=ACCOUNTING_GROUPS,
        help="The invoice that this entry writes off.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        """An entry that writes an invoice off settles it when it is posted."""
        # EXTENDS 'account'
        if vals.get("state") != "posted":
            return super().write(vals)
        # sudo: whoever may post an entry
        entries = self.sudo().filtered("dunning_written_off_id")
        entries._check_dunning_write_off()
        result = super().write(vals)
        for entry in entries:
            lines = entry._get_dunning_receivable()
            lines |= entry.dunning_written_off_id._get_dunning_receivable()
            lines.filtered(lambda line: not line.reconciled).reconcile()
        return result

    # === ACTION METHODS === #

    def action_give_up_dunning(self):
        """Record that these invoices will not be paid: the VAT is asked back."""
        moves = self._get_dunning_giving_up()
        moves._give_up_dunning()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Uncollectable"),
            "res_model": "dunning.uncollectable",
            "view_mode": "list,form",
            "domain": [("move_id", "in", moves.ids)],
        }

    def action_write_off_dunning(self):
        """Draw up the entries that write these invoices off, as drafts.

        An invoice is settled when its entry is posted. Its VAT is asked back first.
        """
        moves = self._get_dunning_giving_up()
        moves._give_up_dunning()
        known = self.search(
            [("dunning_written_off_id", "in", moves.ids), ("state", "=", "draft")]
        )
        entries = known + self.create(
            [
                move._prepare_dunning_write_off()
                for move in moves - known.dunning_written_off_id
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write-offs"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", entries.ids)],
        }

    # === BUSINESS METHODS === #

    def _give_up_dunning(self):
        """Record that these will not be paid, from today.

        :return: what can be asked back of their VAT
        :rtype: recordset of `dunning.uncollectable`
        """
        for company, group in self.grouped("company_id").items():
            fresh = group.filtered(lambda move: not move.dunning_uncollectable_on)
            fresh.dunning_uncollectable_on = company._get_dunning_today()
        return self.env["dunning.uncollectable"]._update(self)

    def _check_dunning_write_off(self):
        """Check that nothing was paid since these entries were drawn up.

        :raise UserError: when something was
        """
        for entry in self:
            invoice = entry.dunning_written_off_id
            amount = -sum(entry._get_dunning_receivable().mapped("balance"))
            open_now = sum(invoice._get_dunning_receivable().mapped("amount_residual"))
            if entry.currency_id.compare_amounts(amount, open_now) > 0:
                raise UserError(
                    self.env._(
                        "Something was paid on %s since this write-off was drawn up. "
                        "Delete this draft and write off what is open now.",
                        invoice.name,
                    )
                )

    def _get_dunning_giving_up(self):
        """Return those of these invoices of which something is open.

        :raise UserError: when none is
        """
        moves = self.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.amount_residual > 0
            )
        )
        if not moves:
            raise UserError(
                self.env._("Choose posted invoices of which something is open.")
            )
        return moves

    # --- What is not paid, and the VAT in it.

    @api.model
    def _find_dunning_unpaid(self, company):
        """Return the invoices of which the VAT may have to be asked back, or paid.

        :rtype: recordset of `account.move`
        """
        latest = add_years(company._get_dunning_today(), -1)
        late = self.search(
            Domain("company_id", "=", company.id)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("amount_tax", ">", 0)
            & (
                Domain("dunning_uncollectable_on", "!=", False)
                | Domain(
                    "line_ids",
                    "any",
                    [
                        ("account_type", "=", "asset_receivable"),
                        ("amount_residual", ">", 0),
                        ("date_maturity", "<=", latest),
                    ],
                )
            )
        )
        sums = self.env["dunning.uncollectable"]._read_group(
            [("company_id", "=", company.id)], ["move_id"], ["amount_vat:sum"]
        )
        digits = company.currency_id.decimal_places
        asked = [move.id for move, vat in sums if not float_is_zero(vat, digits)]
        return late | self.browse(asked)

    def _get_dunning_receivable(self):
        self.ensure_one()
        return self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )

    def _get_dunning_vat(self):
        """Return total, and base and VAT by tax, less the credit notes.

        The total is in the currency of the invoice, base and VAT are in that of the
        company.

        :rtype: tuple[Decimal, dict[recordset, tuple[Decimal, Decimal]]]
        """
        self.ensure_one()
        total, taxes = self._read_dunning_vat()
        for partial in self._get_dunning_receivable().matched_credit_ids:
            credit = partial.credit_move_id.move_id
            if credit.move_type != "out_refund" or not credit.amount_total:
                continue
            amount = Decimal(str(partial.debit_amount_currency))
            share = Decimal(str(partial.credit_amount_currency)) / Decimal(
                str(credit.amount_total)
            )
            total -= amount
            for tax, (base, vat) in credit._read_dunning_vat()[1].items():
                known = taxes.get(tax, (Decimal(0), Decimal(0)))
                # what a credit note has is below zero
                taxes[tax] = known[0] + base * share, known[1] + vat * share
        return max(total, Decimal(0)), taxes

    def _read_dunning_vat(self):
        """Return total, and base and VAT by tax, as this document has them."""
        self.ensure_one()
        taxes = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for line in self.line_ids:
            amount = -Decimal(str(line.balance))
            if line.tax_line_id:
                taxes[line.tax_line_id][1] += amount
            for tax in line.tax_ids.flatten_taxes_hierarchy():
                taxes[tax][0] += amount
        total = Decimal(str(self.amount_total))
        return total, {tax: tuple(sums) for tax, sums in taxes.items()}

    def _get_dunning_unpaid(self, day):
        """Return what is not paid of the instalments whose VAT may be asked back.

        What was written off was not paid either.

        :param date day: up to which day
        :return: in the currency of the invoice
        :rtype: Decimal
        """
        self.ensure_one()
        unpaid = Decimal(0)
        given_up = self.dunning_uncollectable_on or None
        for line in self._get_dunning_receivable():
            if refund_date(line.date_maturity or line.date, given_up) > day:
                continue
            unpaid += Decimal(str(line.amount_residual_currency))
            for partial in line.matched_credit_ids:
                if partial.credit_move_id.move_id.dunning_written_off_id == self:
                    unpaid += Decimal(str(partial.debit_amount_currency))
        return max(unpaid, Decimal(0))

    def _get_dunning_refund_date(self, day):
        """Return the day on which the latest right to a refund arose.

        :param date day: up to which day
        :rtype: date
        """
        self.ensure_one()
        given_up = self.dunning_uncollectable_on or None
        days = [
            refund_date(line.date_maturity or line.date, given_up)
            for line in self._get_dunning_receivable()
        ]
        return max((found for found in days if found <= day), default=day)

    def _get_dunning_last_receipt(self):
        """Return the day on which the last money or credit note came in, or None."""
        self.ensure_one()
        partials = self._get_dunning_receivable().matched_credit_ids
        days = [
            partial.credit_move_id.date
            for partial in partials
            if partial.credit_move_id.move_id.dunning_written_off_id != self
        ]
        return max(days, default=None)

    # --- Written off.

    def _prepare_dunning_write_off(self):
        """Return the entry that writes off what is open of this invoice.

        The loss is what is open without the VAT that was asked back.
        """
        self.ensure_one()
        company = self.company_id
        label = self.env._("Written off: %s", self.name)
        rows = self._prepare_dunning_write_off_lines()
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": company._get_dunning_bad_debt_journal().id,
            "date": company._get_dunning_today(),
            "ref": label,
            "dunning_written_off_id": self.id,
            "line_ids": [Command.create({"name": label, **row}) for row in rows],
        }

    def _prepare_dunning_write_off_lines(self):
        """Return the lines of that entry: receivable, loss and VAT.

        :rtype: list[dict]
        """
        company = self.company_id
        lines = self._get_dunning_receivable().filtered(
            lambda line: not line.reconciled
        )
        rows = [
            {
                "account_id": line.account_id.id,
                "partner_id": line.partner_id.id,
                "currency_id": line.currency_id.id,
                "amount_currency": -line.amount_residual_currency,
                "balance": -line.amount_residual,
                "date_maturity": line.date_maturity,
            }
            for line in lines
        ]
        vat = sum(self.dunning_uncollectable_ids.mapped("amount_vat"))
        for name, amount in (
            ("dunning_loss_account_id", sum(lines.mapped("amount_residual")) - vat),
            ("dunning_vat_refund_account_id", vat),
        ):
            if not company.currency_id.is_zero(amount):
                account = company._get_dunning_bad_debt_account(name)
                rows.append({"account_id": account.id, "balance": amount})
        return rows
