from datetime import date, timedelta

from odoo.tests import tagged

from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSelectionDebtor(DunningCommon):
    """The selection for one debtor, a statement that is kept, is that for all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_debtor("Ander")
        cls.paused = cls._create_due_invoice(100)
        cls.moves = (
            cls.paused
            | cls._create_due_invoice(200, due=date(2026, 11, 20))
            | cls._create_due_invoice(300, partner=cls.other)
        )
        cls.env["dunning.hold"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.debtor.id,
                "move_line_ids": cls._get_item(cls.paused).ids,
                "date_from": FIRST_REMINDER,
                "date_review": FIRST_REMINDER + timedelta(days=7),
                "kind": "internal",
            }
        )

    def _plan(self, day, partners=None):
        MoveLine = self.env["account.move.line"]
        return MoveLine._plan_dunning(self.company, day, partners)

    def _check(self, day):
        """Check that each debtor is planned as he is among all; return the obstacles.

        :rtype: list[str]
        """
        for debtor in (self.debtor, self.other):
            expected = [
                step for step in self._plan(day) if step.item.partner_id == debtor.id
            ]
            self.assertTrue(expected)
            self.assertEqual(self._plan(day, debtor), expected)
        return [step.obstacle for step in self._plan(day, self.debtor)]

    def test_on_several_days(self):
        self.assertEqual(self._check(FIRST_REMINDER), ["paused", "not_due"])
        self.assertEqual(self._check(date(2026, 11, 16)), [None, "not_due"])
        self.assertEqual(self._check(date(2026, 12, 1)), [None, None])

    def test_after_a_change_of_settings(self):
        self.assertEqual(self._check(date(2026, 12, 1)), [None, None])

        self.company.dunning_invoice_check = "block"
        self.paused.partner_bank_id = False

        self.assertEqual(self._check(date(2026, 12, 1)), ["invoice_check", None])

    def test_several_debtors_and_none(self):
        both = self.debtor + self.other

        self.assertEqual(self._plan(FIRST_REMINDER, both), self._plan(FIRST_REMINDER))
        self.assertFalse(self._plan(FIRST_REMINDER, both.browse()))
