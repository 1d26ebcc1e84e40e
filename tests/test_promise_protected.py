from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .contact_common import CALL
from .protection_common import ProtectionCommon
from .test_promise_result import LAST_DAY


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPromiseProtected(ProtectionCommon):
    """A debtor whom the law protects is asked for no promise, and told of none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._create_due_invoice(250)
        cls.item = cls._get_item(cls.move)

    def _open_form(self, day):
        self.env.invalidate_all()
        with freeze_time(day):
            return Form(
                self.env["dunning.contact.record"].with_context(
                    default_partner_id=self.debtor.id
                )
            )

    def test_form_tells_the_status_and_refuses_a_promise(self):
        self._protect("bankruptcy")
        with freeze_time(LAST_DAY):
            form = self._open_form(LAST_DAY)
            self.assertIn("File the claim with the trustee", form.protection_text)
            form.outcome = "reached"
            form.agreement = "promise"
            with self.assertRaisesRegex(UserError, "no payment may be asked for"):
                form.save().action_save()

        self.assertFalse(self.env["dunning.hold"].search([]))

    def test_administrator_may_promise(self):
        self._protect("administration")
        with freeze_time(LAST_DAY):
            form = self._open_form(LAST_DAY)
            form.outcome = "reached"
            form.agreement = "promise"
            form.save().action_save()

        promise = self.env["dunning.hold"].search([("promise_date", "!=", False)])
        self.assertEqual(promise.move_line_ids, self.item)
        mail = self.env["mail.mail"].search(
            [("model", "=", "dunning.hold"), ("res_id", "=", promise.id)]
        )
        self.assertIn(self.trustee.email, mail.email_to)

    def test_end_of_a_pause_of_protected_debts_asks_nothing(self):
        other = self._create_debtor("Anders")
        free = self._get_item(self._create_due_invoice(partner=other))
        with freeze_time(CALL):
            holds = self.env["dunning.hold"].create(
                [
                    {
                        "partner_id": items.partner_id.id,
                        "move_line_ids": [Command.set(items.ids)],
                        "date_review": LAST_DAY,
                    }
                    for items in (self.item, free)
                ]
            )
        self._protect("bankruptcy")
        with freeze_time(LAST_DAY):
            self.env["dunning.hold"]._announce_expiry(self.company)

        self.assertEqual(holds.activity_ids.res_id, holds[1].id)
        self.assertEqual(holds.mapped("date_announced"), [LAST_DAY, LAST_DAY])
