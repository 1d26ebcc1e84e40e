import inspect

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .arrangement_common import ArrangementCommon
from .common import FIRST_REMINDER, DunningCommon

ADDON = "odoo.addons.l10n_nl_dunning."
ACT_WINDOW = "ir.actions.act_window"
NOBODY = 2_000_000_000  # an id that no record has

#: Defaults of which there are none, and a search without hits.
NOTHING = ({}, {"length": 0, "records": []})

#: What a method without a default for it is called with.
ARGUMENTS = {
    "company": NOBODY,
    "domain": [],
    "field_name": "name",
    "fields": ["display_name"],
    "fields_list": ["display_name"],
    "specification": {"display_name": {}},
    "translations": {},
    "vals": {"display_name": "x"},
    "vals_list": [{}],
}

#: Tells of fields only; `test_user_without_accounting_rights_reads_own_invoice_fields`.
DESCRIPTIONS = {"fields_get"}

#: Refused to everybody, before it is asked who that is.
REFUSED_TO_ALL = {("dunning.waiver", "write")}


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


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPublicMethods(ArrangementCommon):
    """What anybody can call over RPC does nothing for who may not do accounting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [
            new_test_user(
                cls.env,
                login=f"dunning_{login}",
                groups=groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for login, groups in (
                ("colleague", "base.group_user,base.group_partner_manager"),
                ("customer", "base.group_portal"),
            )
        ]

    def _find_methods(self):
        """Return model and name of each public method that the module has."""
        return sorted(
            {
                (model._name, name)
                for model in self.env.values()
                if not model._abstract
                for cls in type(model).mro()
                if cls.__module__.startswith(ADDON)
                for name, method in vars(cls).items()
                if inspect.isfunction(method)
                and not name.startswith("_")
                and not getattr(method, "_api_private", False)
                and name not in DESCRIPTIONS
            }
        )

    def _call(self, user, model, name):
        """Call a method for a user, and roll back what came of it."""
        record = self.env[model].search([], limit=1, order="id desc")
        record = (record or record.browse(NOBODY)).with_user(user)
        # Who overrides a method may pass on what he does not look at.
        original = next(
            vars(cls)[name] for cls in reversed(type(record).mro()) if name in vars(cls)
        )
        arguments = [
            ARGUMENTS[parameter.name]
            for parameter in list(inspect.signature(original).parameters.values())[1:]
            if parameter.default is parameter.empty
            and parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        ]
        self.env.flush_all()
        with self.env.cr.savepoint() as savepoint:
            result = getattr(record, name)(*arguments)
            self.env.flush_all()
            savepoint.rollback()
        return result

    def _opens_nothing(self, user, result):
        """Whether what a method returned is an action that the user cannot open."""
        if not isinstance(result, dict) or result.get("type") != ACT_WINDOW:
            return result in NOTHING
        record = self.env[result["res_model"]].browse(result.get("res_id") or [])
        return not record.with_user(user).has_access("read")

    def test_methods_are_refused_to_others_than_accountants(self):
        self._draw_up(self._create_reminded_invoice())
        methods = self._find_methods()
        self.assertGreater(len(methods), 100)
        for user in self.users:
            for model, name in methods:
                with self.subTest(user=user.login, model=model, method=name):
                    self.env.invalidate_all()
                    try:
                        result = self._call(user, model, name)
                    except AccessError:
                        continue
                    except UserError:
                        self.assertIn((model, name), REFUSED_TO_ALL)
                        continue
                    self.assertTrue(self._opens_nothing(user, result), result)
