from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...law.protection import EARLIER_DEBTS
from ...tools.actions import open_file
from ...tools.pdf import join_sheets
from ..claim.engine.claim import Claim, DebtClaim
from ..letter.letter_format import LetterFormat, format_account
from ..wording.sentences import say

#: Claims that are filed with what article 110 of the Bankruptcy Act asks for.
FILED_KINDS = ("bankruptcy", "moratorium", "debt_restructuring")

STATEMENT_TEMPLATE = "l10n_nl_dunning.dunning_statement"


class StatementRow(NamedTuple):
    """An item of the statement."""

    number: str  # how the letter calls it
    invoice_date: date
    claim: DebtClaim

    @property
    def segments(self):
        """The days that bear interest: those from the ruling on do not."""
        return [segment for segment in self.claim.segments if segment.percent]


@dataclass(frozen=True)
class StatementTable:
    """The claim in one currency."""

    fmt: LetterFormat
    claim: Claim
    rows: list[StatementRow]

    # What is open of credits stands in rows of its own.

    @property
    def principal(self):
        return sum(row.claim.debt.principal for row in self.rows)

    @property
    def paid(self):
        return sum(row.claim.paid for row in self.rows)

    @property
    def total(self):
        return sum(row.claim.total_before_set_off for row in self.rows)

    @property
    def paid_later(self):
        """What was received after the day of the claim."""
        return sum(
            amount
            for item in self.claim.items
            for day, amount in item.debt.payments
            if day > self.claim.day
        )


class DunningProtection(models.Model):
    """The statement with which a creditor files his claim."""

    _inherit = "dunning.protection"

    can_file = fields.Boolean(string="Claim can be filed", compute="_compute_can_file")
    priority = fields.Char(
        string="Priority claimed",
        company_dependent=True,
        help="What the statement of claim says of priority: a pledge, a right of "
        "retention, and what it is on. Empty: that no priority is claimed.",
    )

    # === COMPUTE METHODS === #

    def _compute_can_file(self):
        for protection in self:
            protection.can_file = bool(
                protection.kind and protection._get_effect().filing
            )

    # === ACTION METHODS === #

    def action_print_statement(self):
        """Make the statement of claim of this company, keep it, and open it."""
        self.ensure_one()
        attachment = self.env["ir.attachment"].create(
            {
                "name": self._get_statement_filename(),
                "raw": self._get_letters()[self.id],
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
                "company_id": self.env.company.id,
            }
        )
        self._message_log(
            body=self.env._("Statement of claim of %s", self.env.company.name),
            attachment_ids=attachment.ids,
        )
        return open_file(attachment)

    # === BUSINESS METHODS === #

    def _get_letters(self):
        """Print the statements of claim of the current company.

        :return: a PDF for each status, by id
        :rtype: dict[int, bytes]
        """
        letters = {}
        for protection in self:
            protection._check_statement()
            protection = protection._with_letter_lang()
            Notice = protection.env["dunning.notice"]
            [sheets] = Notice._print_pages([protection._render_statement()])
            stamped = Notice._stamp_sheets(sheets, protection.partner_id.name)
            letters[protection.id] = join_sheets(stamped)
        return letters

    def _render_statement(self):
        """Return the statement as an HTML page."""
        self.ensure_one()
        values = self._prepare_statement()
        return Markup("<!DOCTYPE html>") + self.env["ir.qweb"]._render(
            STATEMENT_TEMPLATE, values
        )

    def _with_letter_lang(self):
        """Return this status in the language of whoever gets the statement."""
        self.ensure_one()
        wanted = self.representative_id.lang or self.partner_id.lang
        lang = self.env["res.partner"]._get_dunning_lang(wanted)
        return self.with_context(lang=lang)

    def _prepare_statement(self):
        """Return what the statement says, in the current language.

        :rtype: dict
        """
        self.ensure_one()
        company = self.env.company
        tables = self._get_statement_tables(company)
        moves = self._get_filed_moves(tables)
        bank = company._get_dunning_bank_account(moves)
        is_iban = bank.acc_type == "iban"
        addressee = self.representative_id or self.partner_id
        return {
            "protection": self,
            "company": company,
            "letterhead": company._prepare_dunning_letterhead(),
            "fmt": tables[0].fmt,
            "density": "dense" if sum(len(t.rows) for t in tables) > 6 else "",
            "address": [
                *self._get_address_names(addressee),
                *addressee._get_dunning_address(company),
            ],
            "date": company._get_dunning_today(),
            "tables": tables,
            "moves": moves,
            "account": format_account(bank.acc_number) if is_iban else bank.acc_number,
            "holder": bank.acc_holder_name or company.name,
            "contact": company._get_dunning_contact(),
            "signatory": self.env.user,
            **self._fill_statement_texts(tables, moves),
        }

    def _check_statement(self):
        """Check that there is a claim of the current company, and where to file it.

        :raise UserError: saying what is missing
        """
        self.ensure_one()
        if not self._get_effect().filing:
            raise UserError(self.env._("No claim is filed because of this status."))
        if not self.representative_id and self.kind != "deceased":
            raise UserError(
                self.env._(
                    "Enter with whom the claim on %(debtor)s is filed: choose the "
                    "%(role)s first.",
                    role=self.role.lower(),
                    debtor=self.partner_id.name,
                )
            )
        company = self.env.company
        items = self._get_filed_items(company)
        if not any(line.amount_residual > 0 for line in items):
            raise UserError(
                self.env._(
                    "%(debtor)s owed %(company)s nothing on that day: there is no "
                    "claim to file.",
                    debtor=self.partner_id.name,
                    company=company.name,
                )
            )

    def _fill_statement_texts(self, tables, moves):
        """Return what the statement says besides its tables.

        :param list[StatementTable] tables: the claim by currency
        :param moves: the invoices that go with it
        :return: subject, and paragraphs before and after the tables
        :rtype: dict
        """
        fmt = tables[0].fmt
        opening = say(
            self.env,
            f"statement_opening_{self.kind}",
            debtor=self.partner_id.name,
            day=fmt.date(self.date),
            today=fmt.date(self.env.company._get_dunning_today()),
            amount=" + ".join(t.fmt.amount(t.total) for t in tables),
        )
        return {
            "subject": self._get_statement_subject(),
            "opening": opening,
            "closing": self._close_statement(moves),
        }

    def _close_statement(self, moves):
        """Return the paragraphs after the tables of a statement.

        :rtype: list[Markup]
        """
        if self.kind not in FILED_KINDS:
            return [say(self.env, f"statement_closing_{self.kind}")]
        evidence = [say(self.env, "statement_documents")] if moves else []
        priority = "statement_priority" if self.priority else "statement_no_priority"
        evidence.append(say(self.env, priority, priority=self.priority))
        return [Markup(" ").join(evidence), say(self.env, "statement_closing")]

    def _get_filed_items(self, company):
        """Return what this debtor owes a company because of the status, and credits.

        :rtype: recordset of `account.move.line`
        """
        self.ensure_one()
        items = self.env["account.move.line"].search(
            self._get_statement_domain(company)
        )
        if self._get_effect().filing == EARLIER_DEBTS:
            items = items.filtered(lambda line: line._get_dunning_origin() < self.date)
        return items.sorted(
            lambda line: (line.amount_residual < 0, line.date_maturity or line.date)
        )

    def _get_statement_tables(self, company):
        """Return the claim of a company by currency, as it was on the day.

        :rtype: list[StatementTable]
        """
        is_earlier = self._get_effect().filing == EARLIER_DEBTS
        day = self.date if is_earlier else company._get_dunning_today()
        items = self._get_filed_items(company)
        numbers = items._get_dunning_numbers()
        days = {item.id: item.invoice_date or item.date for item in items}
        lang = self.env.lang[:2]
        return [
            StatementTable(
                LetterFormat(lang, currency.name, currency.decimal_places),
                claim,
                [
                    StatementRow(
                        numbers[claimed.debt.key], days[claimed.debt.key], claimed
                    )
                    for claimed in claim.items
                    if claimed.debt.principal  # not a credit that was paid out
                ],
            )
            for (_company, _partner, currency), claim in items._get_dunning_claims(
                day
            ).items()
        ]

    def _get_statement_domain(self, company):
        """Return the domain of what this debtor owes a company, and of his credits."""
        credit = Domain(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", "<", 0),
            ]
        )
        owed = Domain(self.env["account.move.line"]._get_dunning_open_domain())
        return (
            (owed | credit)
            & Domain("company_id", "=", company.id)
            & Domain("partner_id.commercial_partner_id", "=", self.partner_id.id)
        )

    def _get_filed_moves(self, tables):
        """Return the invoices of which a copy goes with the statement."""
        items = self.env["account.move.line"].browse(
            item.debt.key for table in tables for item in table.claim.items
        )
        return items.move_id.filtered(lambda move: move.is_invoice())

    def _get_statement_filename(self):
        """Return the name of the PDF file."""
        self.ensure_one()
        protection = self._with_letter_lang()
        return f"{protection._get_statement_subject().replace('/', '-')}.pdf"

    def _get_statement_subject(self):
        key = f"statement_subject_{self.kind}"
        return say(self.env, key, debtor=self.partner_id.name).unescape()

    def _get_address_names(self, addressee):
        """Return the lines of an address above the street, with the capacity.

        :param addressee: the `res.partner` that gets a letter about the debtor
        :rtype: list[str]
        """
        self.ensure_one()
        if addressee == self.partner_id:
            if self.kind == "deceased":
                return [self.env._("The heirs of %s", addressee.name)]
            return [addressee.name]
        firm = addressee.commercial_partner_id
        names = [addressee.name]
        if firm != addressee:
            names = [firm.name, self.env._("Attn %s", addressee.name)]
        return [*filter(None, names), self._get_capacity()]
