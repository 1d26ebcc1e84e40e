from datetime import date

from odoo.tests import Form, freeze_time, new_test_user

from .common import FIRST_REMINDER, DunningCommon

#: The reminder of Thursday 5 November asks for a call three working days later.
CALL = date(2026, 11, 10)


class ContactCommon(DunningCommon):
    """A debtor on the list of calls, and a clerk who calls him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder.write({"with_call": True, "call_delay": 3})
        cls.clerk = new_test_user(
            cls.env,
            login="dunning_caller",
            groups="account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.debtor.phone = "+31 33 555 01 01"
        cls.move = cls._create_due_invoice(250)
        cls.item = cls._get_item(cls.move)

    def setUp(self):
        super().setUp()
        self._send(FIRST_REMINDER)

    def _open_form(self, day=CALL, user=None, **context):
        """Return the form that records a contact, as the list of calls opens it."""
        self.env.invalidate_all()
        with freeze_time(day):
            return Form(
                self.env["dunning.contact.record"]
                .with_user(user or self.clerk)
                .with_context(
                    **{
                        "default_company_id": self.company.id,
                        "default_partner_id": self.debtor.id,
                        "default_is_call_list": True,
                        **context,
                    }
                )
            )

    def _record(self, outcome, day=CALL, user=None, **values):
        """Record the outcome of a call from the list and return the contact."""
        with freeze_time(f"{day} 10:00:00"):
            form = self._open_form(day, user)
            form.outcome = outcome
            for name, value in values.items():
                setattr(form, name, value)
            action = form.save().action_save()
        contact = self.env["dunning.contact"].search(
            [("partner_id", "=", self.debtor.id)], limit=1
        )
        return contact, action
