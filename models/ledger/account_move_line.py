from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.sql import any_of
from .engine import OpenNumbers, match_waiting

INVOICE_TYPES = ("out_invoice", "out_receipt")


#: Codes of payment methods by which the creditor collects the invoice himself.
DIRECT_DEBIT_CODES = ("sdd", "sepa_direct_debit", "direct_debit")


#: What tells whose an open entry is, and how much of it is open.
OPEN_FIELDS = (
    *("company_id", "partner_id", "currency_id", "account_id", "journal_id", "date"),
    *("parent_state", "reconciled", "amount_residual", "amount_residual_currency"),
)

#: What tells a payment from what the creditor lets off.
LET_OFF_FIELDS = ("move_type", "origin_payment_id", "statement_line_id", "journal_id")


#: What tells how an item is called.
NUMBER_FIELDS = {
    "account.move": ["name", "ref", "amount_total", "move_type"],
    "account.move.line": [
        *("move_id", "partner_id", "account_id", "journal_id", "name"),
        *("date", "date_maturity", "amount_currency"),
    ],
}

#: Room for a number in a letter; more of a text that somebody typed is cut.
NUMBER_SIZE = 40


class AccountMoveLine(models.Model):
    """How late an item is, for whoever speaks to the debtor."""

    _inherit = "account.move.line"

    dunning_days_late = fields.Integer(
        string="Days late",
        compute="_compute_dunning_days_late",
        groups=ACCOUNTING_GROUPS,
    )

    # What is open is the small part of all entries that lists and plan are about.
    _dunning_open_idx = models.Index(
        "(company_id, date_maturity) WHERE reconciled IS NOT TRUE "
        "AND parent_state = 'posted' AND amount_residual != 0"
    )
    _dunning_excluded_idx = models.Index(
        "(company_id) WHERE no_followup IS TRUE AND reconciled IS NOT TRUE "
        "AND parent_state = 'posted' AND amount_residual > 0"
    )

    # === COMPUTE METHODS === #

    @api.depends("date_maturity", "date")
    def _compute_dunning_days_late(self):
        today = fields.Date.context_today(self)
        for line in self:
            due = line.date_maturity or line.date
            line.dunning_days_late = max((today - due).days, 0) if due else 0

    # === BUSINESS METHODS === #

    @api.model
    def _get_dunning_open_domain(self):
        """Return what can be dunned at all, excluded or not: as the selection sees it.

        :rtype: Domain
        """
        is_open = Domain(
            [
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", ">", 0),
                ("partner_id", "!=", False),
            ]
        )
        opening = Domain(
            [
                ("move_type", "=", "entry"),
                ("no_followup", "=", False),
                ("journal_id.type", "=", "general"),
            ]
        )
        return is_open & (Domain("move_type", "in", INVOICE_TYPES) | opening)

    @api.model
    def _get_dunning_credits(self, company, partners):
        """Return what letters to some debtors list besides the invoices.

        That is their open credits, and interest and costs that were charged before.

        :rtype: recordset of `account.move.line`
        """
        return self.search_fetch(
            [
                ("company_id", "=", company.id),
                ("partner_id.commercial_partner_id", "in", partners.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                "|",
                ("amount_residual", "<", 0),
                ("move_id.dunning_charge_notice_id", "!=", False),
            ],
            ["partner_id", "currency_id", "amount_residual_currency", "move_id"],
        )

    def _get_dunning_paid_out(self):
        """Return what was paid out already of these open credits: one statement.

        A refund that left by the bank and was not reconciled with its credit note is
        an entry of its own. It takes off the oldest credits of its debtor first.

        :return: amounts above zero in the currency of the credit, by its id; credits
            of which nothing was paid out are left out
        :rtype: dict[int, float]
        """
        credits = self.filtered(lambda line: line.amount_residual_currency < 0)
        if not credits:
            return {}
        self.flush_model(OPEN_FIELDS)
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        return dict(self.env.execute_query(credits._dunning_sql_paid_out()))

    def _dunning_sql_paid_out(self):
        """The credits among these of which something was paid out, and how much."""
        return SQL(
            """
            WITH entry AS (
                SELECT line.id, line.company_id, line.currency_id, line.date,
                       line.amount_residual_currency AS residual,
                       %(debtor)s AS debtor_id,
                       %(is_paid_out)s AS is_paid_out
                  FROM account_move_line line
                  JOIN res_partner partner ON partner.id = line.partner_id
                 WHERE %(is_open)s
                   AND %(debtor)s IN (
                       SELECT %(debtor)s
                         FROM account_move_line line
                         JOIN res_partner partner ON partner.id = line.partner_id
                        WHERE line.id = %(ids)s
                   )
            ),
            summed AS (
                SELECT id, -residual AS amount,
                       SUM(residual) FILTER (WHERE is_paid_out) OVER debtor
                       + SUM(residual) FILTER (WHERE residual < 0) OVER (
                           debtor ORDER BY date, id
                       ) AS rest
                  FROM entry
                WINDOW debtor AS (PARTITION BY company_id, debtor_id, currency_id)
            )
            SELECT id, LEAST(amount, amount + rest)::float
              FROM summed
             WHERE id = %(ids)s AND amount + rest > 0
            """,
            debtor=self._dunning_sql_debtor(),
            is_paid_out=self._dunning_sql_is_paid_out(),
            is_open=self._dunning_sql_is_open(),
            ids=any_of(self._ids),
        )

    def _sum_dunning_credits(self, paid_out):
        """Return what letters take off for these credits, or add for charges.

        :param dict paid_out: what was paid out of them, see `_get_dunning_paid_out`
        :rtype: float
        """
        return sum(self.mapped("amount_residual_currency")) + sum(
            paid_out.get(line.id, 0) for line in self
        )

    @api.model
    def _find_dunning_waiting(self, company, items):
        """Return what waits at the bank and seems to be for some open items.

        One statement, and another one when anything waits at all.

        :param company: the `res.company`
        :param dict items: debtors by id of the item, both as ids
        :return: `BankLine` by id of the item; items without any are left out
        :rtype: dict[int, list[BankLine]]
        """
        bank_lines = self.env["account.bank.statement.line"]._get_dunning_waiting(
            company
        )
        if not bank_lines or not items:
            return {}
        self.env["account.move"].flush_model(["name", "ref", "payment_reference"])
        self.flush_model(["name", "move_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, move.payment_reference,
                       CASE move.move_type WHEN 'entry' THEN line.name ELSE move.name
                           END
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.id = %s
                """,
                any_of(items),
            )
        )
        return self._match_dunning_waiting(
            bank_lines,
            [
                OpenNumbers(item_id, items[item_id], numbers)
                for item_id, *numbers in rows
            ],
        )

    @api.model
    def _match_dunning_waiting(self, bank_lines, items):
        """Return which bank lines seem to be for which items, see `match_waiting`.

        To be extended by whatever else a customer may refer to.

        :param list[BankLine] bank_lines: what waits
        :param list[OpenNumbers] items: the items
        :rtype: dict[int, list[BankLine]]
        """
        return match_waiting(bank_lines, items)

    def _get_dunning_numbers(self):
        """Return how a letter calls these items: one statement.

        An item of the whole amount of its invoice is no instalment, so the other items
        of that invoice need not be looked at. An opening balance is known to the debtor
        by its own text, or that of its entry, and never by the number of the entry.

        :return: the number of the invoice, with the instalment where there are several,
            by id of the item
        :rtype: dict[int, str]
        """
        for model, names in NUMBER_FIELDS.items():
            self.env[model].flush_model(names)
        rows = self.env.execute_query(self._dunning_sql_numbers())
        return {
            line_id: _shorten(own)
            if own
            else f"{_shorten(name)} ({position}/{total})"
            if total
            else _shorten(name)
            for line_id, own, name, position, total in rows
        }

    def _dunning_sql_numbers(self):
        """What these items are called by: own text, number, and place among others."""
        return SQL(
            """
            WITH item AS MATERIALIZED (%(items)s),
                 instalment AS (
                SELECT line.id,
                       ROW_NUMBER() OVER (
                           PARTITION BY line.move_id, line.partner_id
                               ORDER BY COALESCE(line.date_maturity, line.date),
                                        line.id
                       ) AS position,
                       COUNT(*) OVER (PARTITION BY line.move_id, line.partner_id)
                           AS total
                  FROM account_move_line line
                  JOIN account_account account ON account.id = line.account_id
                 WHERE line.move_id IN (
                       SELECT move_id FROM item WHERE is_part AND own IS NULL
                       )
                   AND account.account_type = 'asset_receivable'
                   AND line.amount_currency > 0
                   )
            SELECT item.id, item.own, item.name, instalment.position,
                   instalment.total
              FROM item
         LEFT JOIN instalment
                ON instalment.id = item.id AND instalment.total > 1
            """,
            items=self._dunning_sql_named(),
        )

    def _dunning_sql_named(self):
        """By what the debtor knows these items, and whether they are instalments."""
        return SQL(
            """
            SELECT line.id, line.move_id,
                   CASE WHEN is_opening THEN NULLIF(BTRIM(line.name), '') END AS own,
                   COALESCE(
                       CASE WHEN is_opening THEN NULLIF(BTRIM(move.ref), '') END,
                       move.name
                   ) AS name,
                   line.amount_currency != move.amount_total AS is_part
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_journal journal ON journal.id = line.journal_id
        CROSS JOIN LATERAL (
                   SELECT move.move_type = 'entry'
                      AND journal.type = 'general' AS is_opening
                   ) AS kind
             WHERE line.id = %s
            """,
            any_of(self._ids),
        )

    @api.model
    def _dunning_sql_is_open(self):
        """Whether `line` is an open entry on an account of customers."""
        return SQL(
            """
            line.reconciled IS NOT TRUE
            AND line.parent_state = 'posted'
            AND line.partner_id IS NOT NULL
            AND line.amount_residual != 0
            AND line.account_id = ANY(ARRAY(
                SELECT id FROM account_account WHERE account_type = 'asset_receivable'
            ))
            """
        )

    @api.model
    def _dunning_sql_debtor(self):
        """Who owes `line`, joined with its `partner`.

        An invoice names the debtor; a payment or an opening balance may name any of
        his contacts.
        """
        return SQL("partner.commercial_partner_id")

    @api.model
    def _dunning_sql_is_paid_out(self):
        """Whether the open `line` is money that went back to the debtor.

        It lowers what he may set off, and is never dunned itself.
        """
        return SQL(
            """
            (line.amount_residual > 0 AND line.journal_id IN (
                SELECT id FROM account_journal WHERE type IN ('bank', 'cash', 'credit')
            ))
            """
        )

    @api.model
    def _dunning_sql_is_item(self):
        """Whether the open `line` of `move` is an item to be dunned.

        Opening balances count when somebody switched their exclusion off; payments out
        and exchange differences never do. The domain that lists search by says the
        same, see `_get_dunning_open_domain`.
        """
        return SQL(
            """
            (line.amount_residual > 0 AND CASE move.move_type
                WHEN 'entry' THEN
                    line.no_followup IS FALSE
                    AND line.journal_id IN (
                        SELECT id FROM account_journal WHERE type = 'general'
                    )
                ELSE move.move_type IN ('out_invoice', 'out_receipt')
            END)
            """
        )

    @api.model
    def _dunning_sql_among(self, alias, column, among):
        """Whether a column is one of some debtors; any will do without them."""
        if among is None:
            return SQL("TRUE")
        return SQL("%s %s", SQL.identifier(alias, column), among)

    @api.model
    def _dunning_sql_direct_debit(self):
        """Whether the creditor collects `move` himself.

        To be extended by modules that know of mandates.
        """
        return SQL(
            """
            COALESCE(move.preferred_payment_method_line_id IN (
                SELECT method_line.id
                  FROM account_payment_method_line method_line
                  JOIN account_payment_method method
                    ON method.id = method_line.payment_method_id
                 WHERE method.code IN %s
            ), FALSE)
            """,
            DIRECT_DEBIT_CODES,
        )

    # --- What took something off an item: paid, credited or let off.

    def _select_dunning_payments(self):
        """Read what took something off these items.

        :return: item, day, amount that was paid, and amount that is not owed any more
        :rtype: list[tuple]
        """
        if not self:
            return []
        self.env["account.partial.reconcile"].flush_model()
        self.flush_model([*OPEN_FIELDS, "move_id"])
        self.env["account.move"].flush_model(LET_OFF_FIELDS)
        return self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, credit.date,
                       SUM(partial.debit_amount_currency - let_off.amount),
                       SUM(let_off.amount)
                  FROM account_partial_reconcile partial
                  JOIN res_currency currency
                    ON currency.id = partial.debit_currency_id
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_move move ON move.id = credit.move_id
            CROSS JOIN LATERAL (
                       SELECT ROUND(
                           (partial.debit_amount_currency * %s)::numeric,
                           currency.decimal_places
                       ) AS amount
                  ) let_off
                 WHERE partial.debit_move_id = %s
              GROUP BY 1, 2
                """,
                self._dunning_sql_let_off(),
                any_of(self._ids),
            )
        )

    @api.model
    def _dunning_sql_let_off(self):
        """Which part of what `move` takes off an item is no payment, from 0 to 1.

        All of a credit note, and of an entry on an account of costs without any money:
        the creditor writes it off. Of a payment the part that he lets off with it, such
        as a discount or a difference.
        """
        return SQL(
            """
            CASE WHEN move.move_type = 'out_refund' THEN 1
                 WHEN move.move_type != 'entry' THEN 0
                 ELSE COALESCE((
                     SELECT CASE
                            WHEN COALESCE(SUM(other.balance), 0) <= 0 THEN 0
                            WHEN move.origin_payment_id IS NULL
                             AND move.statement_line_id IS NULL
                             AND move.journal_id IN (
                                 SELECT id FROM account_journal WHERE type = 'general'
                             ) THEN 1
                            ELSE LEAST(1, SUM(other.balance) / NULLIF((
                                 SELECT -SUM(settled.balance)
                                   FROM account_move_line settled
                                   JOIN account_account account
                                     ON account.id = settled.account_id
                                  WHERE settled.move_id = move.id
                                    AND account.account_type = 'asset_receivable'
                            ), 0))
                            END
                       FROM account_move_line other
                       JOIN account_account account ON account.id = other.account_id
                      WHERE other.move_id = move.id
                        AND (account.account_type LIKE 'expense%%'
                             OR account.account_type LIKE 'income%%'
                             OR other.tax_line_id IS NOT NULL)
                 ), 0)
            END
            """
        )


def _shorten(text):
    """Return a text on one line, as long as a number may be.

    >>> _shorten("2025-0187\\n May")
    '2025-0187 May'
    """
    text = " ".join((text or "").split())
    return text if len(text) <= NUMBER_SIZE else f"{text[: NUMBER_SIZE - 1]}…"
