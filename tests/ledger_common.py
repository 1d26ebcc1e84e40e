from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time

from .claim_common import ClaimCommon
from .common import DUE


class LedgerCommon(ClaimCommon):
    """Factories for what books hold besides invoices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.other = cls._create_debtor(
            "Slagerij Vermeer B.V.", email="info@vermeer.example"
        )

    def _create_contact(self, name="P. de Boer", **values):
        return self._create_debtor(
            name,
            **{
                "is_company": False,
                "parent_id": self.debtor.id,
                "email": "p@goudenaar.example",
                **values,
            },
        )

    def _create_payment(self, partner, amount, direction="inbound", **values):
        """Post a payment that nobody allocates."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": direction,
                "partner_type": "customer",
                "partner_id": partner.id,
                "amount": amount,
                "date": date(2026, 10, 20),
                "journal_id": self.company_data["default_journal_bank"].id,
                **values,
            }
        )
        payment.action_post()
        return payment

    def _create_opening(self, *items, **values):
        """Post opening balances as one entry, included in dunning.

        :param items: debtor, text and amount of each
        :return: the items
        """
        receivable = self.company_data["default_account_receivable"]
        lines = [
            Command.create(
                {
                    "account_id": receivable.id,
                    "partner_id": partner.id,
                    "name": name,
                    "debit": max(amount, 0),
                    "credit": max(-amount, 0),
                    "date_maturity": DUE,
                }
            )
            for partner, name, amount in items
        ]
        total = sum(amount for _partner, _name, amount in items)
        against = {
            "account_id": self.company_data["default_account_revenue"].id,
            "debit": max(-total, 0),
            "credit": max(total, 0),
        }
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date(2026, 10, 1),
                "line_ids": [*lines, Command.create(against)],
                **values,
            }
        )
        entry.action_post()
        entry.line_ids.no_followup = False
        return self._get_item(entry)

    def _readdress(self, move, partner, day):
        """Make an invoice out to somebody else."""
        with freeze_time(day):
            move.button_draft()
            move.partner_id = partner
            move.invoice_date_due = DUE
            move.action_post()
            move.is_move_sent = True
