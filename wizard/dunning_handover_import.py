import base64
import csv
import re
from io import StringIO

from odoo import fields, models
from odoo.exceptions import UserError

AMOUNTS = {
    "collected": "amount_collected",
    "costs": "amount_costs",
    "commission": "amount_commission",
}
#: Groups of three digits behind one kind of sign.
AMBIGUOUS = re.compile(r"\d{1,3}((\.\d{3})+|(,\d{3})+)")

STATES = ("accepted", "collecting", "paid", "settled", "uncollectable", "returned")


class DunningHandoverImport(models.TransientModel):
    """Reads the report of an agency: a CSV with a row for each file."""

    _name = "dunning.handover.import"
    _description = "Report of an agency"

    file = fields.Binary(string="CSV", required=True)
    file_name = fields.Char()

    def action_import(self):
        """Record what the report says of each file; all of it, or nothing.

        :raise UserError: saying of each row what is wrong with it
        """
        self.ensure_one()
        rows = list(self._read_rows())
        references = {row["reference"] for row in rows}
        Handover = self.env["dunning.handover"]
        known = Handover.search(
            [
                ("company_id", "in", self.env.companies.ids),
                "|",
                ("name", "in", list(references)),
                ("agency_reference", "in", list(references)),
            ]
        )
        by_reference = {h.agency_reference: h for h in known if h.agency_reference}
        by_reference |= {handover.name: handover for handover in known}
        problems, done = [], Handover
        for number, row in enumerate(rows, 2):
            handover = by_reference.get(row["reference"])
            try:
                if not handover:
                    raise UserError(
                        self.env._("no handover has this reference: check it")
                    )
                handover._report(self._read_values(row))
            except UserError as error:
                problems.append(
                    self.env._(
                        "Row %(number)s (%(reference)s): %(error)s",
                        number=number,
                        reference=row["reference"],
                        error=error,
                    )
                )
            else:
                done |= handover
        if problems:
            raise UserError("\n".join(problems))
        return done.action_open()

    def _read_rows(self):
        """Yield the rows of the file, with the names of the columns in lower case."""
        try:
            text = base64.b64decode(self.file).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UserError(
                self.env._("The file is not UTF-8. Save it as CSV UTF-8.")
            ) from error
        head = text.partition("\n")[0]
        delimiter = ";" if ";" in head else ","
        reader = csv.DictReader(StringIO(text), delimiter=delimiter)
        names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        if "reference" not in names:
            raise UserError(
                self.env._(
                    "The first row must name the columns: reference, and as many as "
                    "are reported of status, collected, costs, commission, file."
                )
            )
        reader.fieldnames = names
        for row in reader:
            row = {key: (value or "").strip() for key, value in row.items() if key}
            if row["reference"]:
                yield row

    def _read_values(self, row):
        """Return what a row reports."""
        values = {}
        if state := row.get("status"):
            values["state"] = self._read_state(state)
        for column, field in AMOUNTS.items():
            if row.get(column):
                values[field] = self._read_amount(row[column])
        if row.get("file"):
            values["agency_reference"] = row["file"]
        return values

    def _read_state(self, text):
        field = self.env["dunning.handover"]._fields["state"]
        labels = dict(field._description_selection(self.env))
        known = {labels[state].lower(): state for state in STATES}
        known |= {state: state for state in STATES}
        if text.lower() not in known:
            raise UserError(
                self.env._(
                    "“%(text)s” is no status: use one of %(states)s",
                    text=text,
                    states=", ".join(STATES),
                )
            )
        return known[text.lower()]

    def _read_amount(self, text):
        """Read an amount with a point or a comma before its decimals.

        1.234 is a thousand to one and little more than one to another: it is refused.
        """
        plain = text.replace(" ", "").replace("€", "")
        if AMBIGUOUS.fullmatch(plain):
            raise UserError(
                self.env._(
                    "“%s” may be thousands or decimals: write it with two decimals",
                    text,
                )
            )
        if "," in plain:
            plain = plain.replace(".", "").replace(",", ".")
        try:
            amount = float(plain)
        except ValueError as error:
            raise UserError(
                self.env._("“%s” is no amount: write it as 1234.56", text)
            ) from error
        if not 0 <= amount < 1e12:
            raise UserError(self.env._("“%s” cannot be an amount here", text))
        return amount
