from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import Form, freeze_time, new_test_user, tagged

from .claim_common import ClaimCommon
from .common import FIRST_REMINDER


class ScreenCommon(ClaimCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoicing, cls.clerk = (
            new_test_user(
                cls.env,
                login=f"claim_{name}",
                groups=groups,
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for name, groups in [
                ("invoicing", "account.group_account_invoice"),
                ("clerk", "base.group_user,base.group_partner_manager"),
            ]
        )

    def _send_all(self):
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            notice = self._send(day).notice_ids
        return notice

    def _count_statements(self, records, *names):
        """Count the statements for a second reading: the first one fills caches."""
        for _reading in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.with_user(self.invoicing).read(names)
        return self.env.cr.sql_log_count - before


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimOnInvoice(ScreenCommon):
    """The claim of today on the dunning tab."""

    @freeze_time("2026-11-22")
    def test_principal_payment_and_interest(self):
        self.company.dunning_interest_percent = 10
        move = self._create_due_invoice(3660)
        self._pay(move, 1835, day=date(2026, 11, 12))

        # 10 days over 3,660: 10.03. The payment pays these and 1,824.97 of the
        # principal; 10 days over 1,835.03 make 5.0275: in all 15.0549, rounded once.
        self.assertRecordValues(
            move,
            [
                {
                    "dunning_claim_principal": 3660,
                    "dunning_claim_paid": 1835,
                    "dunning_claim_interest": 15.05,
                    "dunning_claim_costs": 0,
                    "dunning_claim_vat": 0,
                    "dunning_claim_total": 1840.05,
                }
            ],
        )
        # Percent and euro a day; the separators are those of the language.
        self.assertRegex(move.dunning_claim_rate, r"10\W00%.*\b0\W50\b")
        self.assertEqual(move.dunning_claim_details.count("<tr>"), 3)
        self.assertRegex(move.dunning_claim_details, r"\b1\W835\W03\b")

    def test_costs_are_the_share_in_those_of_the_debtor(self):
        self.company.write(
            {"dunning_vat_deductible": False, "dunning_third_party": True}
        )
        moves = self._create_due_invoice(1000) | self._create_due_invoice(234.56)
        self._send_all()

        with freeze_time("2026-12-31"):
            # 15 % of 1,234.56 is 185.18: 1,000 bears 150.00, 234.56 bears 35.18; VAT
            # 21 % of 185.18 is 38.89: 31.50 and 7.39.
            self.assertRecordValues(
                moves[1],
                [
                    {
                        "dunning_claim_interest": 3.94,
                        "dunning_claim_costs": 35.18,
                        "dunning_claim_vat": 7.39,
                        "dunning_claim_total": 281.07,
                    }
                ],
            )
            self.assertAlmostEqual(sum(moves.mapped("dunning_claim_total")), 1479.38)

    @freeze_time("2026-11-01")
    def test_not_due_only_the_open_amount(self):
        move = self._create_due_invoice(1000)

        self.assertEqual(move.dunning_claim_total, 1000)
        self.assertFalse(move.dunning_claim_interest or move.dunning_claim_rate)
        self.assertFalse(move.dunning_claim_details)

    @freeze_time("2026-12-22")
    def test_paid_and_draft_and_credit_note_nothing(self):
        paid = self._create_due_invoice(1000)
        self._pay(paid, day=date(2026, 12, 1))
        refund = self._create_due_invoice(1000, move_type="out_refund")
        draft = paid.copy()

        self.assertEqual(
            (paid | refund | draft).mapped("dunning_claim_total"), [0, 0, 0]
        )

    @freeze_time("2026-12-22")
    def test_form_opens_with_strange_dates(self):
        move = self._create_due_invoice(
            due=date(1970, 1, 1), invoice_date=date(1969, 1, 1)
        )

        with Form(move.with_user(self.invoicing)) as form:
            self.assertGreater(form.dunning_claim_interest, 0)

    @freeze_time("2026-12-22")
    def test_statements_do_not_grow_with_invoices(self):
        moves = self.env["account.move"]
        for number in range(6):
            debtor = self._create_debtor(f"Debtor {number}")
            moves |= self._create_due_invoice(partner=debtor)

        self.assertEqual(
            self._count_statements(moves[:1], "dunning_claim_total"),
            self._count_statements(moves, "dunning_claim_total"),
        )


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimOnCustomer(ScreenCommon):
    """One number on the customer, and the items that make it up."""

    @freeze_time("2026-11-22")
    def test_overdue_items_with_interest_less_credits(self):
        self.company.dunning_interest_percent = 10
        self._create_due_invoice(3650)
        self._create_due_invoice(1000, due=date(2026, 11, 22))  # not overdue yet
        self._create_due_invoice(50, move_type="out_refund")

        # 3,650 less 50 is 3,600; 20 days at 10 % of it are 19.73.
        self.assertEqual(self.debtor.dunning_total_claim, 3619.73)

    @freeze_time("2026-11-22")
    def test_contact_shows_the_total_of_its_company(self):
        self._create_due_invoice(3650, partner=self.debtor)
        contact = self.env["res.partner"].create(
            {"name": "Piet", "parent_id": self.debtor.id}
        )

        # 3,650 x 10.40 % x 20 / 365 = 20.80.
        self.assertEqual(contact.dunning_total_claim, 3670.8)

    @freeze_time("2026-11-22")
    def test_other_currency_at_the_rate_of_today(self):
        usd = self.setup_other_currency("USD", rates=[("1900-01-01", 2.0)])
        self._create_due_invoice(3650)
        self._create_due_invoice(3650, currency_id=usd.id)

        # 3,670.80 euro and as many dollars, of which two go into a euro.
        self.assertAlmostEqual(self.debtor.dunning_total_claim, 5506.2)

    @freeze_time("2026-11-22")
    def test_more_credit_than_debt_is_nothing_to_pay(self):
        self._create_due_invoice(100)
        self._create_due_invoice(500, move_type="out_refund")

        self.assertEqual(self.debtor.dunning_total_claim, 0)

    @freeze_time("2026-11-22")
    def test_action_opens_the_items_that_add_up(self):
        move = self._create_due_invoice(3650)
        credit = self._create_due_invoice(50, move_type="out_refund")
        self._create_due_invoice(100, partner=self.consumer)
        debtor = self.debtor.with_user(self.invoicing)

        action = debtor.action_open_dunning_items()

        items = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(items.move_id, move | credit)
        self.assertAlmostEqual(
            sum(items.mapped("dunning_total")), debtor.dunning_total_claim
        )

    @freeze_time("2026-11-22")
    def test_amounts_of_items(self):
        move = self._create_due_invoice(3650)
        item = self._get_items(move)

        self.assertEqual((item.dunning_interest, item.dunning_costs), (20.8, 0))
        self.assertEqual(item.dunning_total, 3670.8)

    @freeze_time("2026-12-22")
    def test_statements_do_not_grow_with_debtors(self):
        debtors = self.env["res.partner"]
        moves = self.env["account.move"]
        for number in range(6):
            debtors |= self._create_debtor(f"Debtor {number}")
            moves |= self._create_due_invoice(partner=debtors[-1])
        items = self._get_items(moves)

        for records, name in (
            (debtors, "dunning_total_claim"),
            (items, "dunning_total"),
        ):
            self.assertEqual(
                self._count_statements(records[:1], name),
                self._count_statements(records, name),
            )

    def test_user_without_accounting_rights_sees_none_of_it(self):
        fields = self.debtor.with_user(self.clerk).fields_get()

        self.assertNotIn("dunning_total_claim", fields)
        with self.assertRaises(AccessError):
            self.debtor.with_user(self.clerk).read(["dunning_total_claim"])
        self.assertFalse(
            [
                name
                for model in ("account.move", "account.move.line")
                for name in self.env[model].with_user(self.clerk)._fields
                if name.startswith(("dunning_claim", "dunning_total"))
                and self.env[model]
                .with_user(self.clerk)
                ._has_field_access(self.env[model]._fields[name], "read")
            ]
        )


@tagged("post_install_l10n", "post_install", "-at_install")
class TestSpecification(ScreenCommon):
    """How the claim of a letter came about, years later."""

    def test_specification_tells_what_was_kept(self):
        move = self._create_due_invoice(1000)
        self._pay(move, 100, day=date(2026, 11, 3))
        notice = self._send_all()
        self._pay(move, 200, day=date(2027, 1, 4))
        self.company.dunning_interest_percent = 99

        html = notice.with_user(self.invoicing).claim_specification

        self.assertIn(move.name, html)
        # 10.40 % from 4 November, over 900 and the 0.28 of the first day.
        for text in (r"1\W000\W00", r"-\W?100\W00|100\W00-", r"10\W40%", r"900\W28"):
            self.assertRegex(html, text)
        self.assertNotRegex(html, r"99\W00%|200\W00")

    def test_letter_that_claims_nothing_more_has_none(self):
        self._create_due_invoice(1000)

        notice = self._send(FIRST_REMINDER).notice_ids

        self.assertFalse(notice.claim_specification)
