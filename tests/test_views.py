from datetime import date

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .common import DUE, FIRST_REMINDER, DunningCommon

DEMAND = date(2026, 11, 24)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestViews(DunningCommon):
    """What the screens show, to whom, and what their filters find."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for lang in ("en_US", "nl_NL"):
            cls.env["res.lang"]._activate_lang(lang)
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.reminder = cls.reminder.with_env(cls.env)

    def _get_filter_domain(self, model, view, name):
        arch = self.env[model].get_view(self.env.ref(view).id, "search")["arch"]
        node = etree.fromstring(arch).find(f".//filter[@name='{name}']")
        return safe_eval(node.get("domain"))

    def _search_invoices(self, name):
        domain = self._get_filter_domain(
            "account.move", "account.view_account_invoice_filter", name
        )
        return self.env["account.move"].search(
            [*domain, ("company_id", "=", self.company.id)]
        )

    # === SUMMARY === #

    def _get_summary(self, move, day):
        move.invalidate_recordset()
        move.line_ids.invalidate_recordset()
        with freeze_time(day):
            return move.dunning_summary

    def test_summary_names_next_letter_and_day(self):
        move = self._create_due_invoice()

        self.assertEqual(
            self._get_summary(move, DUE),
            "Not yet due. Next: Betalingsherinnering, not before 5 November 2026.",
        )
        self.assertEqual(
            self._get_summary(move, FIRST_REMINDER),
            "A letter is due today: Betalingsherinnering.",
        )

    def test_summary_after_a_letter_waits_for_its_deadline(self):
        move = self._create_due_invoice()
        self._send(FIRST_REMINDER)

        self.assertEqual(
            self._get_summary(move, date(2026, 11, 19)),
            "Nothing happens now: waiting for the deadline of the last letter. Next: "
            "Aanmaning, not before 24 November 2026.",
        )

    def test_summary_of_excluded_invoice(self):
        move = self._create_due_invoice()
        move.no_followup = True

        self.assertEqual(
            self._get_summary(move, FIRST_REMINDER),
            "No letter goes out: this invoice is excluded from dunning. Switch "
            "“Exclude from dunning” off on the invoice; unblock its payment where "
            "that is blocked.",
        )

    def test_summary_of_paid_invoice(self):
        move = self._create_due_invoice()
        self._pay(move)

        self.assertEqual(
            self._get_summary(move, FIRST_REMINDER), "Paid: nothing to do."
        )

    def test_summary_in_dutch(self):
        move = self._create_due_invoice().with_context(lang="nl_NL")

        self.assertEqual(
            self._get_summary(move, DUE),
            "Nog niet vervallen. Volgende brief: Betalingsherinnering, niet vóór 5 "
            "november 2026.",
        )

    # === FILTERS === #

    @freeze_time(FIRST_REMINDER)
    def test_filter_due_finds_what_is_due(self):
        due = self._create_due_invoice()
        self._create_due_invoice(due=date(2026, 11, 30))

        self.assertEqual(self._search_invoices("dunning_due"), due)

    def test_filter_level_finds_the_highest_level_only(self):
        higher = self._create_due_invoice()
        self._send(FIRST_REMINDER)
        lower = self._create_due_invoice(
            due=date(2026, 11, 19), partner=self._create_debtor(name="Garage Vos")
        )
        self._send(DEMAND)

        self.assertEqual(self._search_invoices("dunning_reminder"), lower)
        self.assertEqual(self._search_invoices("dunning_demand"), higher)
        self.assertFalse(self._search_invoices("dunning_default_notice"))
        self.assertEqual(self._search_invoices("dunning_sent"), higher | lower)
        by_name = self.env["account.move"].search(
            [("dunning_level_id", "ilike", "aanman"), ("id", "in", higher.ids)]
        )
        self.assertEqual(by_name, higher)

    def test_filter_failed_finds_failed_letters(self):
        failed = self._create_due_invoice()
        run = self._propose(FIRST_REMINDER)
        with freeze_time(FIRST_REMINDER):
            run.action_confirm()
        self._deliver(FIRST_REMINDER)
        self._refuse_mails(run.notice_ids)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_notice_action_failed"
        )

        self.assertEqual(self._search_invoices("dunning_failed"), failed)
        self.assertEqual(
            self.env["dunning.notice"].search(safe_eval(action["domain"])),
            run.notice_ids,
        )

    def test_filters_answer_in_one_query(self):
        self._create_due_invoice()
        self._send(FIRST_REMINDER)
        names = ("dunning_due", "dunning_failed", "dunning_sent", "dunning_demand")
        for name in names:
            self._search_invoices(name)  # fill the caches
        for name, queries in zip(names, (3, 1, 1, 2), strict=True):
            with self.subTest(name):
                domain = self._get_filter_domain(
                    "account.move", "account.view_account_invoice_filter", name
                )
                self.env.flush_all()
                with self.assertQueryCount(queries):
                    self.env["account.move"].search(domain)

    def test_open_items_lists_what_is_open(self):
        move = self._create_due_invoice()
        paid = self._create_due_invoice()
        self._pay(paid)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_item_action"
        )

        items = self.env["account.move.line"].search(
            [*safe_eval(action["domain"]), ("company_id", "=", self.company.id)]
        )

        self.assertEqual(items, self._get_item(move))

    # === FORMS === #

    def test_invoice_tab_sets_policy_and_exclusion(self):
        move = self._create_due_invoice()
        with Form(move) as form:
            form.no_followup = True
            form.dunning_policy_id = self.policy

        self.assertTrue(self._get_item(move).no_followup)
        self.assertEqual(move.dunning_policy_id, self.policy)

    def test_round_form_changes_channel_and_removes_letter(self):
        self._create_due_invoice()
        self._create_due_invoice(partner=self._create_debtor(name="Garage Vos"))
        run = self._propose(FIRST_REMINDER)
        run.invalidate_recordset()
        first, second = run.notice_ids
        with Form(run) as form, form.notice_ids.edit(0) as letter:
            letter.by_post = True
        second.action_remove()

        self.assertEqual(run.notice_ids, first)
        self.assertTrue(first.by_post)
        self.assertEqual(run.progress, 0)

    def test_letter_form_removes_an_item(self):
        self._create_due_invoice()
        kept = self._create_due_invoice(amount=50.0)
        notice = self._propose(FIRST_REMINDER).notice_ids
        index = notice.line_ids.mapped("amount_residual").index(100.0)
        with Form(notice) as form:
            form.line_ids.remove(index)

        self.assertEqual(notice.line_ids.move_id, kept)
        self.assertEqual(notice.amount_total, 50.0)

    def test_level_example_counts_working_days(self):
        with freeze_time(DUE):
            self.assertEqual(
                self.reminder.example,
                "Example: an invoice due today gets this letter on Thursday 5 "
                "November, with Thursday 19 November as the last day to pay.",
            )

    # === RIGHTS === #

    def test_user_without_accounting_rights_opens_customer(self):
        self._create_due_invoice()
        self._send(FIRST_REMINDER)
        clerk = new_test_user(
            self.env,
            login="dunning_views_clerk",
            groups="base.group_user,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

        with Form(self.debtor.with_user(clerk)) as form:
            form.phone = "+31 20 765 43 21"
            self.assertNotIn("dunning_policy_id", form._view["fields"])

        self.assertEqual(self.debtor.phone, "+31 20 765 43 21")

    def test_user_without_accounting_rights_opens_invoice(self):
        """As a salesperson does, who may read invoices and nothing of accounting."""
        move = self._create_due_invoice()
        self._send(FIRST_REMINDER)
        group = self.env["res.groups"].create({"name": "Reads invoices"})
        for model in ("account.move", "account.move.line"):
            self.env["ir.model.access"].create(
                {
                    "name": f"{model} reader",
                    "model_id": self.env["ir.model"]._get_id(model),
                    "group_id": group.id,
                    "perm_read": True,
                }
            )
        reader = new_test_user(
            self.env,
            login="dunning_views_reader",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        reader.group_ids += group
        invoice = move.with_user(reader)

        arch = invoice.get_view(self.env.ref("account.view_move_form").id)["arch"]
        [values] = invoice.web_read({"name": {}, "payment_state": {}})

        self.assertNotIn("dunning", arch)
        self.assertEqual(values["name"], move.name)
        with self.assertRaises(AccessError):
            _ = invoice.dunning_summary

    def test_readonly_user_sees_all_screens(self):
        self._create_due_invoice()
        run = self._send(FIRST_REMINDER)
        auditor = new_test_user(
            self.env,
            login="dunning_views_auditor",
            groups="account.group_account_readonly",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        for record in (
            run,
            run.notice_ids,
            run.notice_ids.delivery_ids,
            self.policy,
            run.notice_ids.line_ids.move_id,
        ):
            with self.subTest(record._name):
                Form(record.with_user(auditor))

    def test_customer_button_opens_letters(self):
        self._create_due_invoice()
        run = self._send(FIRST_REMINDER)

        action = self.debtor.action_open_dunning_notices()

        self.assertEqual(self.debtor.dunning_notice_count, 1)
        self.assertEqual(
            self.env["dunning.notice"].search(action["domain"]), run.notice_ids
        )
