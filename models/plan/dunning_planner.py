from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, ormcache

from ...tools.sql import any_of, execute_kept
from .engine.items import OWN, Fact, make_class, read_items
from .engine.plan import plan_items
from .obstacles import OBSTACLES

#: Codes of methods of payment that take days, as a regular expression: transfers and
#: direct debits, whatever the country.
SLOW_METHODS = "transfer|debit|sdd|sepa|bank_account|bank_reference|open_banking"


class Scope(NamedTuple):
    """What is selected: of whom, and for which day."""

    company: models.BaseModel
    today: SQL
    since: tuple[SQL, SQL]  # see `_sql_payments`
    among: SQL | None  # condition on ids of debtors, behind a column; None: all of them


class Table(NamedTuple):
    """What a room looks up for items or debtors, joined by the name it was given."""

    query: SQL
    on: SQL


class DunningPlanner(models.AbstractModel):
    """What happens next to open items: one statement, and the pure plan.

    A room adds what it knows with `super()`: a fact (:meth:`_get_facts`, or
    :meth:`_get_debtor_facts`), the table where it stands (:meth:`_get_tables`,
    :meth:`_get_debtor_tables`), and an obstacle (:meth:`_get_obstacles`).
    """

    _name = "dunning.planner"
    _description = "Plan of what happens next to open items"

    # === SEAMS === #

    @api.model
    def _get_obstacles(self):
        """Return why no letter goes out, in the order in which they are tried.

        :rtype: list[Obstacle]
        """
        return list(OBSTACLES)

    @api.model
    def _get_facts(self, company):
        """Return what is known of an item: see `_sql_items` for the tables.

        :param company: the `res.company` whose items they are
        :rtype: dict[str, Fact]
        """
        MoveLine = self.env["account.move.line"]
        in_payment = SQL(
            "move.payment_state = 'in_payment' OR COALESCE(paying.in_process, FALSE)"
        )
        excluded = SQL(
            "COALESCE(line.no_followup, FALSE) OR move.payment_state = 'blocked'"
        )
        is_sent = SQL("COALESCE(move.is_move_sent, FALSE) OR move.move_type = 'entry'")
        return {
            "excluded": Fact(excluded, "boolean", False),
            "is_sent": Fact(is_sent, "boolean", True),
            "payment_in_process": Fact(in_payment, "boolean", False),
            # A payment was begun then and never finished.
            "pending_since": Fact(SQL("paying.pending_since"), "date"),
            "direct_debit": Fact(
                MoveLine._dunning_sql_direct_debit(), "boolean", False
            ),
            "policy_id": Fact(SQL("move.dunning_policy_id"), "integer"),
            # What is not asked for, while the rest is dunned.
            "disputed": Fact(SQL("0"), "numeric", 0),
            # The bank has money that seems to be for it: see `_mark_unmatched`.
            "is_unmatched": Fact(SQL("FALSE"), "boolean", False),
        }

    @api.model
    def _get_tables(self, scope):
        """Return what facts of items stand in, by name.

        :param Scope scope: what is selected
        :rtype: dict[str, Table]
        """
        no_letter = SQL(
            "SELECT NULL::int AS move_line_id, NULL::date AS deadline, "
            "NULL::text AS level WHERE FALSE"
        )
        return {
            "paying": Table(
                self._sql_payments(*scope.since), SQL("paying.invoice_id = move.id")
            ),
            # The last letter about an item that counts.
            "latest": Table(no_letter, SQL("latest.move_line_id = line.id")),
        }

    @api.model
    def _get_debtor_facts(self, company):
        """Return what is known of a debtor: see `_sql_debtors` for the tables.

        :param company: the `res.company` that he owes to
        :rtype: dict[str, Fact]
        """
        Partner, own = self.env["res.partner"], self._sql_has_own_address()
        policy = SQL("(debtor.dunning_policy_id ->> %s)::int", str(company.id))
        email = SQL(
            "contact.email_normalized IS NOT NULL"
            " OR %s AND debtor.email_normalized IS NOT NULL",
            own,
        )
        post = SQL(
            "%s OR %s AND %s",
            self._sql_has_post("contact"),
            own,
            self._sql_has_post("debtor"),
        )
        archived = SQL("NOT (debtor.active AND contact.active)")
        return {
            "recipient_id": Fact(SQL("contact.id"), "integer", role=OWN),
            "kind": Fact(Partner._dunning_sql_debtor_kind("debtor"), "varchar"),
            "is_abroad": Fact(
                Partner._dunning_sql_is_abroad("debtor"), "boolean", False
            ),
            "is_archived": Fact(archived, "boolean", False),
            "policy_id": Fact(policy, "integer", role=OWN),
            "has_email": Fact(email, "boolean", False, OWN),
            "has_post": Fact(post, "boolean", False, OWN),
            # His open credits in this currency, and over all in that of the company.
            "credits": Fact(SQL("credit.credits"), "numeric", 0, OWN),
            "credits_company": Fact(SQL("credit.credits_company"), "numeric", 0, OWN),
        }

    @api.model
    def _get_debtor_tables(self, scope):
        """Return what facts of debtors stand in, by name.

        :param Scope scope: what is selected
        :rtype: dict[str, Table]
        """
        return {}

    @api.model
    def _sql_recipient(self):
        """Return the id of who gets the letters: see `_sql_debtors`."""
        return SQL("COALESCE(chosen.id, invoicing.id, debtor.id)")

    @api.model
    def _sql_has_own_address(self):
        """Return whether letters may go to the address of the debtor himself."""
        return SQL("TRUE")

    # === BUSINESS METHODS === #

    @api.model
    @ormcache("code")
    def _get_obstacle(self, code):
        """Return an obstacle, or None.

        :rtype: Obstacle
        """
        return next((o for o in self._get_obstacles() if o.code == code), None)

    @api.model
    def _get_selection(self):
        """Return the obstacles for a selection field."""
        return [(o.code, self.env._(o.label)) for o in self._get_obstacles()]

    @api.model
    def _plan(self, company, today, partners=None):
        """Plan all open items of a company, or of some of its debtors.

        :param company: the `res.company`
        :param date today: the day for which is planned
        :param partners: debtors (`res.partner`), all of them without
        :return: a step for each open item, ordered by debtor
        :rtype: list[Step]
        """
        ladders = self.env["dunning.policy"]._get_ladders(company)
        settings = company._get_dunning_settings()
        items = self._select(company, today, partners)
        if settings.hold_unmatched:
            items = self._mark_unmatched(company, items)
        return plan_items(items, ladders, settings, today, self._get_obstacles())

    @api.model
    def _select(self, company, today, partners=None):
        """Select the open items with all that the plan needs: one statement.

        For one debtor, as when an invoice is opened, PostgreSQL takes several times
        longer to plan it than to run it, so there the connection keeps it: 3 ms instead
        of 12, a quarter of what the tab costs (bench/README.md, “Plain code”).

        :return: rows ordered by debtor, currency and due date
        :rtype: list[OpenItem]
        """
        self.env.flush_all()
        since = company._get_dunning_pending_since(today)
        if partners is not None and len(partners.ids) == 1:
            moments = (SQL("$2::timestamp"), SQL("$3::timestamp"))
            scope = Scope(company, SQL("$1::date"), moments, SQL("= $4::int"))
            statement = self._sql_selection(scope)
            rows = execute_kept(self.env, statement, today, *since, *partners.ids)
        else:
            moments = tuple(SQL("%s::timestamp", moment) for moment in since)
            among = None if partners is None else SQL("= %s", any_of(partners.ids))
            scope = Scope(company, SQL("%s::date", today), moments, among)
            rows = self.env.execute_query(self._sql_selection(scope))
        return read_items(
            rows,
            make_class("Special", self._get_facts(company)),
            make_class("OpenDebtor", self._get_debtor_facts(company)),
        )

    @api.model
    def _mark_unmatched(self, company, items):
        """Mark the items that money at the bank seems to be for: two statements.

        :param list[OpenItem] items: the rows of the selection
        :rtype: list[OpenItem]
        """
        waiting = self.env["account.move.line"]._find_dunning_waiting(
            company, {item.line_id: item.partner_id for item in items}
        )
        return [
            item._replace(special=item.special._replace(is_unmatched=True))
            if item.line_id in waiting
            else item
            for item in items
        ]

    # === SQL === #

    @api.model
    def _sql_selection(self, scope):
        """The one statement that selects open items, see `read_items`.

        :param Scope scope: what is selected
        """
        tables = self._get_tables(scope)
        every_table = tables | self._get_debtor_tables(scope)
        return SQL(
            """
            WITH entry AS MATERIALIZED (%(entries)s),
                 credit AS MATERIALIZED (%(credits)s),
                 %(tables)s
            %(debtors)s UNION ALL %(items)s
            ORDER BY partner_id, currency_id, due NULLS FIRST, line_id
            """,
            entries=self._sql_entries(scope),
            credits=self._sql_credits(),
            tables=SQL(", ").join(
                SQL("%s AS (%s)", SQL.identifier(name), table.query)
                for name, table in every_table.items()
            ),
            debtors=self._sql_debtors(scope),
            items=self._sql_item_rows(scope.company, tables),
        )

    @api.model
    def _sql_entries(self, scope):
        """Open receivable entries: what is to be paid, and the credits against it."""
        MoveLine = self.env["account.move.line"]
        return SQL(
            """
            SELECT line.id, %(debtor)s AS partner_id, line.currency_id, line.move_id,
                   line.journal_id, line.date, line.no_followup, line.amount_residual,
                   COALESCE(line.date_maturity, line.date) AS due,
                   line.amount_residual_currency AS residual, line.balance,
                   line.amount_residual < 0 OR %(is_paid_out)s AS is_credit
              FROM account_move_line line
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE %(is_open)s
               AND line.company_id = %(company_id)s
               AND %(among)s
            """,
            debtor=MoveLine._dunning_sql_debtor(),
            is_paid_out=MoveLine._dunning_sql_is_paid_out(),
            is_open=MoveLine._dunning_sql_is_open(),
            company_id=scope.company.id,
            among=self._sql_among("partner", "commercial_partner_id", scope),
        )

    @api.model
    def _sql_among(self, alias, column, scope):
        """Whether a column is one of the debtors in scope."""
        return self.env["account.move.line"]._dunning_sql_among(
            alias, column, scope.among
        )

    @api.model
    def _sql_credits(self):
        """What each debtor may set off, per currency and over all currencies.

        What was paid out to him lowers it. More than he could set off is no claim.
        """
        return SQL(
            """
            SELECT partner_id, currency_id,
                   LEAST(SUM(residual) FILTER (WHERE is_credit), 0)::float AS credits,
                   SUM(LEAST(SUM(amount_residual) FILTER (WHERE is_credit), 0))
                       OVER (PARTITION BY partner_id)::float AS credits_company
              FROM entry
          GROUP BY partner_id, currency_id
            """
        )

    @api.model
    def _sql_payments(self, slow_since, fast_since):
        """What customers began to pay at a payment provider, by invoice.

        A card or iDEAL tells within hours what became of a payment, a transfer or a
        direct debit takes days. After that nothing more is to be expected.

        :param SQL slow_since: moment from which a transfer may be on its way
        :param SQL fast_since: moment from which other payments may be
        """
        return SQL(
            """
            SELECT rel.invoice_id,
                   BOOL_OR(last_state_change >= limits.since) AS in_process,
                   MAX(last_state_change) FILTER (
                       WHERE last_state_change < limits.since
                   )::date AS pending_since
              FROM account_invoice_transaction_rel rel
              JOIN payment_transaction transaction
                ON transaction.id = rel.transaction_id
         LEFT JOIN payment_method method ON method.id = transaction.payment_method_id
         LEFT JOIN payment_provider provider ON provider.id = transaction.provider_id
        CROSS JOIN LATERAL (
                   SELECT CASE WHEN transaction.state = 'authorized'
                                 OR provider.code = 'custom'
                                 OR method.code ~ %(slow)s
                               THEN %(slow_since)s ELSE %(fast_since)s END AS since
                   ) limits
             WHERE rel.invoice_id IN (SELECT move_id FROM entry)
               AND (transaction.state IN ('pending', 'authorized')
                    -- Done, and its payment is posted in a moment.
                    OR transaction.state = 'done'
                       AND transaction.is_post_processed IS NOT TRUE)
          GROUP BY rel.invoice_id
            """,
            slow=SLOW_METHODS,
            slow_since=slow_since,
            fast_since=fast_since,
        )

    # --- The items, each in a row.

    @api.model
    def _sql_item_rows(self, company, tables):
        """A row for each open item, without its debtor, see `read_items`.

        What nearly all items have in common is left out: JSON takes longer to write and
        to read than all else together.
        """
        facts = self._get_facts(company)
        values = {name: SQL.identifier(name) for name in facts}
        return SQL(
            """
            SELECT partner_id, currency_id, due, id AS line_id, move_id, last_deadline,
                   (residual - disputed)::float AS residual,
                   (amount_residual * CASE WHEN disputed = 0 THEN 1
                        ELSE 1 - disputed / NULLIF(residual, 0) END)::float,
                   invoice_total::float, last_level,
                   CASE WHEN (%(names)s) IS DISTINCT FROM (%(defaults)s)
                        THEN %(special)s END,
                   NULL
              FROM (%(items)s) item
            """,
            names=SQL(", ").join(values.values()),
            defaults=SQL(", ").join(map(self._sql_default, facts.values())),
            special=self._sql_object(facts, values),
            items=self._sql_items(facts, tables),
        )

    @api.model
    def _sql_items(self, facts, tables):
        """The entries that are dunned, with what is known of them.

        The instalment is the unit. Of an entry with opening balances each is an item of
        its own, whatever the others come to. Facts may use the tables `line` (see
        `_sql_entries`), `move` and those of the rooms.
        """
        return SQL(
            """
            SELECT line.*,
                   ABS(CASE move.move_type WHEN 'entry' THEN line.balance
                            ELSE move.amount_total_signed END) AS invoice_total,
                   latest.deadline AS last_deadline, latest.level AS last_level,
                   %(facts)s
              FROM entry line
              JOIN account_move move ON move.id = line.move_id
                   %(joins)s
             WHERE %(is_item)s
            OFFSET 0  -- facts are worked out once
            """,
            facts=SQL(", ").join(
                SQL("%s AS %s", self._sql_fact(fact), SQL.identifier(name))
                for name, fact in facts.items()
            ),
            joins=self._sql_joins(tables),
            is_item=self.env["account.move.line"]._dunning_sql_is_item(),
        )

    @api.model
    def _sql_fact(self, fact):
        """Return the value of a fact, with its default where it is not known."""
        if fact.default is None:
            return fact.sql
        return SQL("COALESCE(%s, %s)", fact.sql, fact.default)

    @api.model
    def _sql_joins(self, tables):
        return SQL(" ").join(
            SQL("LEFT JOIN %s ON %s", SQL.identifier(name), table.on)
            for name, table in tables.items()
        )

    @api.model
    def _sql_object(self, facts, values):
        """Return facts as an object of JSON, without those that have their default.

        :param dict facts: `Fact` by name
        :param dict values: the SQL of their values
        """
        pairs = [
            SQL("%s, NULLIF(%s, %s)", name, values[name], self._sql_default(fact))
            for name, fact in facts.items()
        ]
        return SQL(
            "JSON_STRIP_NULLS(JSON_BUILD_OBJECT(%s))::text", SQL(", ").join(pairs)
        )

    @api.model
    def _sql_default(self, fact):
        return SQL(f"%s::{fact.type}", fact.default)

    # --- Who owes them.

    @api.model
    def _sql_debtors(self, scope):
        """A row for each debtor and currency, without an item, see `read_items`.

        Letters go to the dunning contact, else to the first invoice address, else to
        the debtor; where that contact has no address, the debtor's own is used. Who was
        archived, or left for another customer, is not written to. Facts may use the
        tables `credit`, `debtor`, `contact` and those of the rooms.
        """
        facts = self._get_debtor_facts(scope.company)
        return SQL(
            """
            SELECT credit.partner_id, credit.currency_id, NULL::date AS due,
                   NULL::int AS line_id, %(no_item)s,
                   %(debtor)s
              FROM credit
              JOIN res_partner debtor ON debtor.id = credit.partner_id
         LEFT JOIN res_partner chosen
                ON chosen.id = debtor.dunning_contact_id
               AND chosen.commercial_partner_id = debtor.id
               AND chosen.active
         LEFT JOIN (
                SELECT parent_id, MIN(id) AS id
                  FROM res_partner invoicing
                 WHERE type = 'invoice'
                   AND active IS TRUE
                   AND %(among)s
              GROUP BY parent_id
                   ) invoicing
                ON invoicing.parent_id = debtor.id
                   %(joins)s
              JOIN res_partner contact ON contact.id = %(recipient)s
            """,
            no_item=SQL(", ").join([SQL("NULL")] * 7),
            debtor=self._sql_object(
                facts, {name: self._sql_fact(fact) for name, fact in facts.items()}
            ),
            among=self._sql_among("invoicing", "parent_id", scope),
            joins=self._sql_joins(self._get_debtor_tables(scope)),
            recipient=self._sql_recipient(),
        )

    @api.model
    def _sql_has_post(self, alias):
        """Whether a partner has an address that the post can deliver to."""
        return SQL(" AND ").join(
            SQL("COALESCE(%s, '') ~ '[[:alnum:]]'", SQL.identifier(alias, column))
            for column in ("street", "zip", "city")
        )
