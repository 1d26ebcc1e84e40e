from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSecurity(DunningCommon):
    """Who may do what, and in which company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoicing, cls.manager, cls.clerk = (
            new_test_user(
                cls.env,
                login=f"dunning_{name}",
                groups=groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for name, groups in [
                ("invoicing", "account.group_account_invoice"),
                ("manager", "account.group_account_manager"),
                ("clerk", "base.group_user,base.group_partner_manager"),
            ]
        )

    def test_invoicing_user_runs_a_round(self):
        self._create_due_invoice()
        with freeze_time(FIRST_REMINDER):
            run = (
                self.env["dunning.run"].with_user(self.invoicing).propose(self.company)
            )
            run.action_confirm()
            self.env["dunning.notice"].with_user(self.invoicing).deliver()

        self.assertEqual(run.notice_ids.state, "pending")

    def test_invoicing_user_does_not_configure(self):
        with self.assertRaises(AccessError):
            self.policy.with_user(self.invoicing).name = "Other"
        with self.assertRaises(AccessError):
            self.reminder.with_user(self.invoicing).delay = 0

    def test_manager_configures(self):
        self.policy.with_user(self.manager).name = "Other"
        self.reminder.with_user(self.manager).delay = 0

        self.assertEqual((self.policy.name, self.reminder.delay), ("Other", 0))

    def test_user_without_accounting_rights_reads_customer(self):
        self._create_due_invoice()
        partner = self.debtor.with_user(self.clerk)

        [values] = partner.web_read({"name": {}, "email": {}})

        self.assertEqual(values["name"], "Bakkerij De Gouden Aar B.V.")
        fields = partner.fields_get()
        self.assertFalse([name for name in fields if name.startswith("dunning_")])
        with self.assertRaises(AccessError):
            self.env["dunning.notice"].with_user(self.clerk).search([])

    def test_user_without_accounting_rights_reads_own_invoice_fields(self):
        fields = self.env["account.move"].with_user(self.clerk).fields_get()

        self.assertFalse([name for name in fields if name.startswith("dunning_")])

    def test_records_of_another_company_are_invisible(self):
        other = self.setup_other_company()["company"]
        self._create_policy(company_id=other.id, name="Theirs")
        shared = self._create_policy(company_id=False, name="Shared")
        partner = self._create_debtor("Their debtor", company_id=False)
        move = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": "2026-10-01",
                    "invoice_date_due": "2026-11-02",
                    "invoice_payment_term_id": False,
                    "is_move_sent": True,
                    "invoice_line_ids": [
                        (0, 0, {"name": "Chair", "price_unit": 10, "tax_ids": []})
                    ],
                }
            )
        )
        move.action_post()
        with freeze_time(FIRST_REMINDER):
            run = self.env["dunning.run"].propose(other)
        self.assertTrue(run.notice_ids.line_ids)

        for model in ("dunning.run", "dunning.notice", "dunning.notice.line"):
            self.assertFalse(
                self.env[model]
                .with_user(self.invoicing)
                .search([("company_id", "=", other.id)]),
                model,
            )
        policies = self.env["dunning.policy"].with_user(self.invoicing).search([])
        self.assertIn(shared, policies)
        self.assertNotIn("Theirs", policies.mapped("name"))
        with self.assertRaises(AccessError):
            run.with_user(self.invoicing).read(["name"])
