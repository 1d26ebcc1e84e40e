from datetime import timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL

from .common import DUE, FIRST_REMINDER, DunningCommon

PDF = b"%PDF-1.4\n%%EOF\n"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestStatements(DunningCommon):
    """Rounds and deliveries stay fast: SQL statements are counted, not seconds.

    `make bench` measures the seconds.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtors = cls.env["res.partner"].create(
            [
                {
                    **cls.debtor.copy_data()[0],
                    "name": f"Debtor {number}",
                    "email": f"debtor{number}@bench.example",
                }
                for number in range(100)
            ]
        )

    def _create_items(self, count):
        """Post one invoice for each debtor, in instalments due on consecutive days."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Many",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 100 / count,
                            "nb_days": number,
                        }
                    )
                    for number in range(count)
                ],
            }
        )
        moves = self._post_invoices(self.debtors[:5], term)
        self._update_statistics()
        moves |= self._post_invoices(self.debtors[5:], term)
        return moves.line_ids.filtered(lambda line: line.amount_residual > 0)

    def _post_invoices(self, debtors, term):
        moves = self.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": debtor.id,
                    "invoice_date": DUE - timedelta(days=1),
                    "invoice_payment_term_id": term.id,
                    "is_move_sent": True,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Bureau", "price_unit": 100, "tax_ids": []}
                        )
                    ],
                }
                for debtor in debtors
            ]
        )
        moves.action_post()
        return moves

    def _update_statistics(self):
        """Tell PostgreSQL how much there is.

        In a database in which every test was rolled back it believes that the tables
        are empty, and joins a thousand lines with each other one by one.
        """
        self.env.flush_all()
        for table in ("account_move", "account_move_line"):
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with freeze_time(FIRST_REMINDER):
            function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _propose_all(self):
        return self._propose(FIRST_REMINDER)

    def test_plan_of_thousand_items(self):
        items = self._create_items(10)
        self.assertEqual(len(items), 1000)
        MoveLine = self.env["account.move.line"]

        first = self._count(lambda: MoveLine._plan_dunning(self.company, DUE))
        again = self._count(lambda: MoveLine._plan_dunning(self.company, DUE))

        # The selection, company, policies and levels; the last two are kept at hand.
        self.assertLessEqual(first, 5)
        self.assertLessEqual(again, 2)

    def test_proposal_of_thousand_items(self):
        self._create_items(10)

        count = self._count(self._propose_all)

        self.assertLessEqual(count, 50)

    def test_confirmation_of_hundred_letters(self):
        self._create_items(1)
        run = self._propose_all()
        self.assertEqual(len(run.notice_ids), 100)

        self.assertLessEqual(self._count(run.action_confirm), 33)

    def test_delivery_of_hundred_letters(self):
        self._create_items(1)
        run = self._propose_all()
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()

        def print_nothing(notices, *_args):
            return dict.fromkeys(notices.ids, PDF)

        Notice = type(self.env["dunning.notice"])
        with patch.object(Notice, "_render_letters", print_nothing):
            count = self._count(self.env["dunning.notice"].deliver)

        self.assertEqual(set(run.notice_ids.mapped("state")), {"pending"})
        # Four for every three letters.
        self.assertLessEqual(count, 140)

    def test_references_are_drawn_in_a_row(self):
        self._create_items(1)
        run = self._propose_all()
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        first, *others = run.notice_ids.sorted("id")[:5]._draw_references()

        numbers = [int(name.rpartition("/")[2]) for name in (first, *others)]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 5)))
