from datetime import date

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

#: Monday. With three working days of grace the first reminder is due on Thursday.
DUE = date(2026, 11, 2)
FIRST_REMINDER = date(2026, 11, 5)


class DunningCommon(AccountTestInvoicingCommon):
    """A Dutch company with one ladder of its own, and factories for what is overdue.

    The ladder, for a debtor whose invoice was due on Monday 2 November 2026:

    ==============  =====  ====  ============  =================================
    kind            delay  term  sent on       deadline
    ==============  =====  ====  ============  =================================
    reminder            3    14  Thu 5 Nov     Thu 19 Nov
    demand              3    14  Tue 24 Nov    Tue 8 Dec
    default_notice      3    14  Fri 11 Dec    Mon 28 Dec (25 Dec is Christmas)
    final_demand        3     7  Thu 31 Dec    Thu 7 Jan 2027
    ==============  =====  ====  ============  =================================
    """

    @classmethod
    @AccountTestInvoicingCommon.setup_country("nl")
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.write(
            {
                "name": "Van Dam Kantoormeubelen B.V.",
                "street": "Herengracht 12",
                "zip": "1015 BK",
                "city": "Amsterdam",
                "email": "debiteuren@vandam.example",
                "phone": "+31 20 123 45 67",
            }
        )
        cls.company.partner_id.lang = "nl_NL"
        cls.bank_account = cls.env["res.partner.bank"].create(
            {
                "acc_number": "NL91ABNA0417164300",
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        cls.env["dunning.policy"].search([]).action_archive()
        cls.policy = cls._create_policy()
        cls.reminder, cls.demand, cls.default_notice, cls.final_demand = (
            cls.policy.level_ids
        )
        cls.debtor = cls._create_debtor()

    # === FACTORIES === #

    @classmethod
    def _create_policy(cls, **values):
        """Create the ladder described above, or one with other values."""
        kinds = [
            ("reminder", "Betalingsherinnering", 14),
            ("demand", "Aanmaning", 14),
            ("default_notice", "Ingebrekestelling", 14),
            ("final_demand", "Sommatie", 7),
        ]
        return cls.env["dunning.policy"].create(
            {
                "name": "Test ladder",
                "company_id": cls.company.id,
                "level_ids": [
                    Command.create(cls._prepare_level(kind, name, term, 10 * position))
                    for position, (kind, name, term) in enumerate(kinds, start=1)
                ],
                **values,
            }
        )

    @classmethod
    def _prepare_level(cls, kind, name, term=14, sequence=10, **values):
        return {
            "kind": kind,
            "name": name,
            "sequence": sequence,
            "delay": 3,
            "term_days": term,
            "attach_invoices": False,
            "letter_subject": name,
            "letter_opening": "Please pay {amount} before {deadline}.",
            "letter_closing": "Thank you.",
            "email_text": "See the letter {reference}.",
            **values,
        }

    @classmethod
    def _create_debtor(cls, name="Bakkerij De Gouden Aar B.V.", **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "email": "administratie@goudenaar.example",
                "street": "Dorpsstraat 1",
                "zip": "3811 AB",
                "city": "Amersfoort",
                "country_id": cls.env.ref("base.nl").id,
                "lang": "nl_NL",
                **values,
            }
        )

    @classmethod
    def _create_portal_user(cls, partner, login, lang="nl_NL"):
        return new_test_user(
            cls.env,
            login=login,
            groups="base.group_portal",
            partner_id=partner.id,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            lang=lang,
        )

    @classmethod
    def _create_due_invoice(cls, amount=100.0, due=DUE, partner=None, **values):
        """Post an invoice without tax and mark it as sent to the customer."""
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.debtor).id,
                "invoice_date": date(2026, 10, 1),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "is_move_sent": True,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Bureau", "price_unit": amount, "tax_ids": []}
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _get_item(cls, move):
        """Return the receivable items of an invoice, the first due one first."""
        return move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).sorted("date_maturity")

    @classmethod
    def _pay(cls, move, amount=None, day=date(2026, 11, 4)):
        """Register a payment, of the whole invoice without an amount."""
        values = {"payment_date": day}
        if amount:
            values["amount"] = amount
        return cls._register_payment(move, **values)

    # === WHAT HAPPENS ON A DAY === #

    def _propose(self, day, **kwargs):
        """Propose a round on a day."""
        with freeze_time(day):
            return self.env["dunning.run"].propose(self.company, **kwargs)

    def _send(self, day, **kwargs):
        """Propose, confirm and deliver a round; the mail server accepts everything."""
        run = self._propose(day, **kwargs)
        if run.notice_ids:
            with freeze_time(day):
                run.action_confirm()
            self._deliver(day)
            with freeze_time(day):
                self._accept_mails(run.notice_ids)
        return run

    def _deliver(self, day):
        with freeze_time(day):
            return self.env["dunning.notice"].deliver()

    def _accept_mails(self, notices):
        """Do as the mail queue does when the server accepted the mails."""
        for mail in notices.delivery_ids.mail_id:
            mail.state = "sent"
            mail._postprocess_sent_message([], [])

    def _get_obstacle(self, move, day):
        """Return the obstacle of the first instalment of an invoice on a day."""
        item = self._get_item(move)[0]
        [step] = item.get_dunning_plan(day)
        return step["obstacle"]

    def _refuse_mails(self, notices, reason="550 No such user"):
        """Do as the mail queue does when the server refused the mails."""
        for mail in notices.delivery_ids.mail_id:
            mail.write({"state": "exception", "failure_reason": reason})
            mail._postprocess_sent_message(
                [], [], failure_reason=reason, failure_type="unknown"
            )
