from datetime import date

from odoo.fields import Command
from odoo.tests import tagged

from .claim_common import ClaimCommon

DUE = date(2026, 7, 1)
DAY = date(2026, 7, 31)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestWriteOff(ClaimCommon):
    """What the creditor lets off is no payment: 6:44 BW does not divide it."""

    def setUp(self):
        super().setUp()
        self.move = self._create_due_invoice(1000, due=DUE)
        self.expense = self.company_data["default_account_expense"]

    def _write_off(self, amount, *debits, day=date(2026, 7, 11)):
        """Settle a part of the invoice against other accounts, without any money."""
        item = self._get_items(self.move)
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": item.account_id.id,
                            "partner_id": self.debtor.id,
                            "credit": amount,
                        }
                    ),
                    *(
                        Command.create({"account_id": account.id, "debit": debit})
                        for account, debit in debits
                    ),
                ],
            }
        )
        entry.action_post()
        (item | entry.line_ids.filtered("partner_id")).reconcile()

    def _create_account(self, name, code, account_type):
        return self.env["account.account"].create(
            {"name": name, "code": code, "account_type": account_type}
        )

    def test_write_off_is_no_payment(self):
        self._write_off(400, (self.expense, 400))

        claim = self._get_claim(self.move, DAY)

        # 600 with interest over 600 for 30 days at 10.40 %: 5.13.
        self.assertEqual((float(claim.principal), float(claim.paid)), (600, 0))
        self.assertEqual(float(claim.total), 605.13)

    def test_write_off_with_its_tax(self):
        tax = self._create_account("Btw", "189990", "liability_current")
        self._write_off(400, (self.expense, 330.58), (tax, 69.42))

        self.assertEqual(float(self._get_claim(self.move, DAY).total), 605.13)

    def test_write_off_against_income(self):
        income = self.company_data["default_account_revenue"]
        self._write_off(400, (income, 400))

        self.assertEqual(float(self._get_claim(self.move, DAY).total), 605.13)

    def test_write_off_lowers_the_costs_of_a_letter(self):
        self._write_off(400, (self.expense, 400))
        for day in ("2026-08-03", "2026-08-24", "2026-09-14", "2026-10-05"):
            notice = self._send(day).notice_ids

        # 15 % of 600.
        self.assertEqual(notice.level_id, self.final_demand)
        self.assertEqual((notice.amount_total, notice.amount_costs), (600, 90))

    def test_entry_without_costs_or_income_is_a_payment(self):
        clearing = self._create_account("Kruispost", "129990", "asset_current")
        self._write_off(400, (clearing, 400))

        claim = self._get_claim(self.move, DAY)

        # Ten days over 1,000 are 2.85: 397.15 pays principal; 20 days over 602.85 are
        # 3.44: 6.28 in all (5.13 and 10 days over the 400).
        self.assertEqual((float(claim.principal), float(claim.paid)), (1000, 400))
        self.assertEqual(float(claim.total), 606.28)

    def test_difference_that_is_let_off_with_a_payment(self):
        self._register_payment(
            self.move,
            amount=995,
            payment_date=date(2026, 7, 11),
            payment_difference_handling="reconcile",
            writeoff_account_id=self.expense.id,
            writeoff_label="Verschil",
        )
        item = self._get_items(self.move)
        self.assertTrue(item.reconciled)

        claim = next(iter(item._get_dunning_claims(DAY).values()))

        self.assertEqual((float(claim.principal), float(claim.paid)), (995, 995))

    def test_open_write_off_is_set_off_like_a_credit_note(self):
        item = self._get_items(self.move)
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date(2026, 7, 11),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": item.account_id.id,
                            "partner_id": self.debtor.id,
                            "credit": 400,
                        }
                    ),
                    Command.create({"account_id": self.expense.id, "debit": 400}),
                ],
            }
        )
        entry.action_post()

        claim = self._get_claim(self.move, DAY)

        # Ten days over 1,000 and twenty over 600: 2.849 and 3.419.
        self.assertEqual((float(claim.principal), float(claim.paid)), (600, 0))
        self.assertEqual(float(claim.interest), 6.27)
