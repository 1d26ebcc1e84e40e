"""Multiply records in SQL: with all their columns, references and relations."""

from dataclasses import dataclass

from odoo.tools import SQL

#: Columns that grow with the factor of the copy; the others are rates and counts.
AMOUNTS = {
    "account_move": ("amount_",),
    "account_move_line": (
        *("debit", "credit", "balance", "amount_", "tax_base_amount"),
        *("price_", "discount_amount", "discount_balance"),
    ),
    "account_payment": ("amount",),
    "account_partial_reconcile": ("amount", "debit_amount", "credit_amount"),
}
#: Many2many tables that are copied along: table, column of the copy, other column.
RELATIONS = {
    "account_move_line": [
        ("account_move_line_account_tax_rel", "account_move_line_id"),
        ("account_account_tag_account_move_line_rel", "account_move_line_id"),
    ],
    "account_move": [("account_move__account_payment", "invoice_id")],
}
#: Numbers of the copies; those of the prototypes are lower.
FIRST_NUMBER = 100000
#: Columns that the plan decides about.
OWN_COLUMNS = {
    "partner_id": SQL("plan.partner_id"),
    "commercial_partner_id": SQL("plan.partner_id"),
    "partner_shipping_id": SQL("plan.partner_id"),
    "invoice_partner_display_name": SQL("plan.partner_name"),
    "sequence_number": SQL("%s + plan.k", FIRST_NUMBER),
}
#: How reconciled items are marked, in part and in full: the last that is there.
MATCHES = (("P", "account.partial.reconcile"), ("", "account.full.reconcile"))


@dataclass
class Cluster:
    """Records that belong together: an invoice with its payment and attachments."""

    sort: str
    records: dict  # recordset by table
    names: dict  # text that names the prototype: SQL of what names the copy

    def references(self) -> dict:
        """Return which table and position each id of a model stands for."""
        return {
            records._name: {record.id: (table, n) for n, record in enumerate(records)}
            for table, records in self.records.items()
        }


class Multiplier:
    """Copies clusters for each row of a temporary table `plan`.

    A row has `k` (its number), `sort`, `partner_id`, `partner_name`, `factor` and
    `shift` (days). Ids are reckoned: copy k of the n-th record of a table gets
    base + k * stride + n, so references between copies are known beforehand.
    """

    STRIDE = 6

    def __init__(self, env):
        self.env = env
        self.bases = {}

    def multiply(self, cluster: Cluster) -> None:
        references = cluster.references()
        for table, records in cluster.records.items():
            for position, record in enumerate(records):
                self._copy(cluster, references, table, position, record)

    def new_id(self, table: str, position: int) -> SQL:
        """Return the id of a copy as SQL."""
        if table not in self.bases:
            [[last]] = self.env.execute_query(
                SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table))
            )
            self.bases[table] = last
        return SQL(
            "%s + plan.k * %s + %s", self.bases[table] + 1, self.STRIDE, position
        )

    def finish(self) -> None:
        """Let the sequences go on after what was made."""
        for table in self.bases:
            self.env.cr.execute(
                SQL(
                    "SELECT setval(%s, (SELECT MAX(id) FROM %s))",
                    f"{table}_id_seq",
                    SQL.identifier(table),
                )
            )

    def _copy(self, cluster, references, table, position, record):
        columns = self._get_columns(table)
        values = [
            self._get_value(cluster, references, table, column, kind, record)
            if column != "id"
            else self.new_id(table, position)
            for column, kind in columns
        ]
        self.env.cr.execute(
            SQL(
                "INSERT INTO %(table)s (%(columns)s) SELECT %(values)s "
                "FROM %(table)s proto, plan "
                "WHERE proto.id = %(id)s AND plan.sort = %(sort)s",
                table=SQL.identifier(table),
                columns=SQL(", ").join(SQL.identifier(name) for name, _kind in columns),
                values=SQL(", ").join(values),
                id=record.id,
                sort=cluster.sort,
            )
        )
        for relation, column in RELATIONS.get(table, ()):
            self._copy_relation(cluster, references, relation, column, record, position)

    def _get_columns(self, table):
        return self.env.execute_query(
            SQL(
                "SELECT column_name, data_type FROM information_schema.columns "
                "WHERE table_name = %s AND table_schema = 'public' "
                "AND is_generated = 'NEVER' ORDER BY ordinal_position",
                table,
            )
        )

    def _get_value(self, cluster, references, table, column, kind, record):
        """Return what a column of a copy holds, as SQL."""
        if column in OWN_COLUMNS:
            return OWN_COLUMNS[column]
        if reference := self._get_reference(references, table, column, record):
            return self.new_id(*reference)
        if column == "matching_number":
            return self._get_matching(references)
        same = SQL.identifier("proto", column)
        if kind == "date":
            return SQL("%s + plan.shift", same)
        if kind == "numeric" and column.startswith(AMOUNTS.get(table, "-")):
            return SQL("%s * plan.factor", same)
        if kind in ("character varying", "text"):
            for name, new in cluster.names.items():
                same = SQL("replace(%s, %s, %s)", same, name, new)
        return same

    def _get_reference(self, references, table, column, record):
        field = record._fields.get(column)
        model = field and field.comodel_name
        if table == "ir_attachment" and column == "res_id":
            return references[record.res_model][record.res_id]
        if not field or field.type != "many2one" or model not in references:
            return None
        return references[model].get(record[column].id)

    def _get_matching(self, references):
        """Return what reconciled items are marked with, as SQL."""
        number = SQL("NULL")
        for prefix, model in MATCHES:
            if model in references:
                [reference] = references[model].values()
                number = SQL("%s || (%s)::text", prefix, self.new_id(*reference))
        return SQL("CASE WHEN proto.matching_number IS NOT NULL THEN %s END", number)

    def _copy_relation(self, cluster, references, relation, column, record, position):
        rows = self.env.execute_query(
            SQL(
                "SELECT rel.* FROM %s rel WHERE %s = %s",
                SQL.identifier(relation),
                SQL.identifier("rel", column),
                record.id,
            )
        )
        names = [name for name, _kind in self._get_columns(relation)]
        payments = references.get("account.payment", {})
        for row in rows:
            values = [
                self.new_id(record._table, position)
                if name == column
                else self.new_id(*payments[value])
                if name == "payment_id"
                else SQL("%s", value)
                for name, value in zip(names, row, strict=True)
            ]
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %s (%s) SELECT %s FROM plan WHERE sort = %s",
                    SQL.identifier(relation),
                    SQL(", ").join(map(SQL.identifier, names)),
                    SQL(", ").join(values),
                    cluster.sort,
                )
            )
