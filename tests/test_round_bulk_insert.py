from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCommon
from .common import DUE, FIRST_REMINDER

FINAL_DEMAND = date(2026, 12, 31)
#: What differs between two records with the same values.
OWN = {"id", "create_date", "write_date"}


@tagged("post_install_l10n", "post_install", "-at_install")
class TestBulkInsert(ClaimCommon):
    """Proposals are inserted by SQL: they hold what the ORM would have written."""

    def _read_stored(self, records):
        """Return all columns of records as they stand in the database."""
        self.env.flush_all()
        self.env.invalidate_all()
        names = [
            name
            for name, field in records._fields.items()
            if field.store and field.column_type and name not in OWN
        ]
        return [
            {name: values[name] for name in names}
            for values in records.read(names, load=None)
        ]

    def _propose_final_demand(self):
        """Propose a letter with interest and costs, a credit and a disputed part."""
        self._create_due_invoice(1234.56)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11"):
            self._send(day)
        self._create_due_invoice(34.56, move_type="out_refund")
        return self._propose(FINAL_DEMAND).notice_ids

    def test_lines_have_the_figures_of_their_items(self):
        move = self._create_due_invoice(100)
        run = self._propose(FIRST_REMINDER)

        [values] = self._read_stored(run.notice_ids.line_ids)

        item = self._get_item(move)
        self.assertEqual(
            values,
            {
                "notice_id": run.notice_ids.id,
                "state": "draft",
                "is_limitation": False,
                "debtor_key": self.debtor.id,
                "move_line_id": item.id,
                "move_id": move.id,
                "level_id": self.reminder.id,
                "move_name": move.name,
                "invoice_date": move.invoice_date,
                "date_maturity": DUE,
                "deadline": date(2026, 11, 19),
                "days_late": 3,
                "amount_total": 100,
                "amount_residual": 100,
                "amount_disputed": 0,
            },
        )

    def test_instalments_are_told_apart(self):
        half = {"value": "percent", "value_amount": 50}
        term = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create(half | {"nb_days": days}) for days in (7, 14)
                ],
            }
        )
        move = self._create_due_invoice(
            100, invoice_payment_term_id=term.id, invoice_date_due=False
        )
        lines = self._propose(FIRST_REMINDER).notice_ids.line_ids

        self.assertEqual(
            lines.mapped("move_name"), [f"{move.name} (1/2)", f"{move.name} (2/2)"]
        )

    def test_claims_are_those_that_the_orm_works_out(self):
        notice = self._propose_final_demand()
        [inserted] = self._read_stored(notice)
        self.assertEqual(inserted["amount_total"], 1200)
        self.assertGreater(inserted["amount_interest"], 0)
        self.assertGreater(inserted["amount_costs"], 0)

        for field in notice._fields.values():
            if field.store and field.compute:
                self.env.add_to_compute(field, notice)
        with freeze_time(FINAL_DEMAND):
            [worked_out] = self._read_stored(notice)

        self.assertEqual(inserted, worked_out)

    def test_letters_are_those_that_create_makes(self):
        notice = self._propose_final_demand()
        level, lines = notice.level_id, notice.line_ids
        items = [
            lines._list_items(
                {line.move_line_id.id: line.level_id.id or None for line in lines},
                (),
                lines.move_line_id._get_dunning_numbers(),
                {},
            )
        ]
        [inserted] = self._read_stored(notice)
        inserted_lines = self._read_stored(notice.line_ids)
        base = {
            name: inserted[name]
            for name in (
                *("run_id", "company_id", "partner_id", "recipient_id"),
                *("currency_id", "responsible_id", "by_email", "by_post"),
            )
        }
        notice.unlink()
        created = notice.with_context(mail_create_nolog=True).create(base)
        with freeze_time(FINAL_DEMAND):
            created._set_items(items, FINAL_DEMAND)
            [values] = self._read_stored(created)

        # Not given to `create`: no column differs but for an empty one.
        self.assertEqual(
            {name: value or False for name, value in values.items()},
            {name: value or False for name, value in inserted.items()},
        )
        self.assertEqual(
            [line | {"notice_id": 0} for line in self._read_stored(created.line_ids)],
            [line | {"notice_id": 0} for line in inserted_lines],
        )
        self.assertEqual(created.level_id, level)

    def test_who_proposes_follows_the_letters(self):
        self._create_due_invoice(100)
        Run = self.env["dunning.run"].with_context(
            tracking_disable=False, mail_create_nosubscribe=False
        )

        with freeze_time(FIRST_REMINDER):
            run = Run.propose(self.company)

        self.assertEqual(run.notice_ids.message_partner_ids, self.env.user.partner_id)

    def test_stored_field_of_another_module_is_worked_out(self):
        Notice = self.env["dunning.notice"]
        self._create_due_invoice(100)
        run = self._propose(FIRST_REMINDER)
        values = run.notice_ids.copy_data()[0] | {"is_limitation": True}
        values.pop("line_ids")

        # `level_id` and the amounts are not among these values.
        notice = Notice._insert([values])

        self.assertIn(
            notice.id, self.env.transaction.tocompute[Notice._fields["level_id"]]
        )
