from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import groupby

from ...law import unpaid_share


class DunningUncollectable(models.Model):
    """VAT of an invoice that is asked back because it was not paid, or due again.

    Each record is what changed since the one before: more that is not paid, or money
    or a credit note after all. Together they are the VAT in what is open today.
    """

    _name = "dunning.uncollectable"
    _description = "Uncollectable claim"
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _check_company_auto = True

    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Debtor", store=True
    )
    reason = fields.Selection(
        selection=[
            ("year", "A year past its due date"),
            ("given_up", "Will not be paid"),
            ("paid", "Paid or credited after all"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Date(
        required=True,
        readonly=True,
        help="The day that decides in which VAT return it belongs.",
    )
    period = fields.Char(
        string="VAT return", compute="_compute_period", store=True, index=True
    )
    line_ids = fields.One2many(
        comodel_name="dunning.uncollectable.line",
        inverse_name="record_id",
        string="By tax",
        readonly=True,
    )
    amount_base = fields.Monetary(
        string="Taxable amount", compute="_compute_amounts", store=True
    )
    amount_vat = fields.Monetary(string="VAT", compute="_compute_amounts", store=True)
    entry_id = fields.Many2one(
        comodel_name="account.move",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    entry_state = fields.Selection(related="entry_id.state", string="State of entry")

    # === COMPUTE METHODS === #

    @api.depends("date", "company_id.dunning_vat_period")
    def _compute_period(self):
        for record in self:
            record.period = record.company_id._get_dunning_vat_period(record.date)

    @api.depends("line_ids.base", "line_ids.vat")
    def _compute_amounts(self):
        for record in self:
            record.amount_base = sum(record.line_ids.mapped("base"))
            record.amount_vat = sum(record.line_ids.mapped("vat"))

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_entered(self):
        if any(record.entry_id.state == "posted" for record in self):
            raise UserError(
                self.env._(
                    "This VAT was entered in the books. Reverse the entry instead of "
                    "deleting the record."
                )
            )

    # === ACTION METHODS === #

    def action_make_entries(self):
        """Draw up an entry for each company and VAT return, as draft."""
        todo = self.filtered(lambda record: not record.entry_id)
        if not todo:
            raise UserError(self.env._("All of these have an entry already."))
        for (company, _period), records in todo.grouped(
            lambda record: (record.company_id, record.period)
        ).items():
            records.entry_id = self.env["account.move"].create(
                records._prepare_entry(company)
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", todo.entry_id.ids)],
        }

    def action_write_off(self):
        """Draw up the entries that write these invoices off, as drafts."""
        return self.move_id.action_write_off_dunning()

    # === BUSINESS METHODS === #

    # --- What changed since the last record.

    @api.model
    def _update(self, moves):
        """Record what changed in the VAT that may be asked back on some invoices.

        :param moves: posted invoices to customers (`account.move`)
        :rtype: recordset of `dunning.uncollectable`
        """
        known = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
        for line in self.env["dunning.uncollectable.line"].search(
            [("move_id", "in", moves.ids)]
        ):
            sums = known[line.move_id][line.tax_id]
            sums[0] += line.base
            sums[1] += line.vat
        vals_list = []
        for move in moves:
            day = move.company_id._get_dunning_today()
            wanted = self._get_refundable(move, day)
            lines = self._get_changes(move, wanted, known[move])
            if lines:
                vals_list.append(self._prepare_record(move, day, lines))
        return self.create(vals_list)

    @api.model
    def _get_refundable(self, move, day):
        """Return base and VAT, by tax, of what is not paid and may be asked back.

        :rtype: dict[recordset, tuple[Decimal, Decimal]]
        """
        total, taxes = move._get_dunning_vat()
        unpaid = move._get_dunning_unpaid(day)
        return {
            tax: (
                unpaid_share(base, total, unpaid),
                unpaid_share(vat, total, unpaid),
            )
            for tax, (base, vat) in taxes.items()
            if vat
        }

    @api.model
    def _get_changes(self, move, wanted, known):
        """Return values of lines: what may be asked back, less what was."""
        currency = move.company_id.currency_id
        lines = []
        for tax in {**wanted, **known}:
            base, vat = wanted.get(tax, (Decimal(0), Decimal(0)))
            base = currency.round(float(base) - known[tax][0])
            vat = currency.round(float(vat) - known[tax][1])
            if vat:
                lines.append({"tax_id": tax.id, "base": base, "vat": vat})
        return lines

    @api.model
    def _prepare_record(self, move, day, lines):
        """Return the values of a record, with the day that it counts on."""
        is_refund = sum(line["vat"] for line in lines) > 0
        if is_refund:
            date = move._get_dunning_refund_date(day)
            given_up = move.dunning_uncollectable_on
            reason = "given_up" if given_up and given_up == date else "year"
        else:
            date = move._get_dunning_last_receipt() or day
            reason = "paid"
        return {
            "move_id": move.id,
            "reason": reason,
            "date": date,
            "line_ids": [Command.create(vals) for vals in lines],
        }

    @api.model
    def _cron_update(self):
        """Record what changed in each company, and ask to look at titles."""
        companies = self.env["res.company"].search(
            [("account_fiscal_country_id.code", "=", "NL")]
        )
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(companies))
        for company in companies:
            self._update(company.env["account.move"]._find_dunning_unpaid(company))
            self.env["dunning.title"]._ask_review(company)
            if not commit_progress(1):
                break

    # --- The entry.

    def _prepare_entry(self, company):
        """Return the draft entry of these records: one VAT return of a company.

        The customer still owes all of it, so what is refunded stands on an account of
        its own and not on his.
        """
        clearing = company._get_dunning_bad_debt_account(
            "dunning_vat_refund_account_id"
        )
        period = self[0].period
        lines = []
        for (tax, is_refund), group in groupby(
            self.line_ids, lambda line: (line.tax_id, line.vat > 0)
        ):
            rows = self.env["dunning.uncollectable.line"].concat(*group)
            lines += rows._prepare_entry_lines(tax, is_refund, clearing)
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": company._get_dunning_bad_debt_journal().id,
            "date": max(self.mapped("date")),
            "ref": self.env._("VAT on uncollectable claims, return %s", period),
            "line_ids": [Command.create(vals) for vals in lines],
        }
