from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .common import DUE, DunningCommon

#: A year after Monday 2 November 2026, the due date.
RIGHT_ON = date(2027, 11, 2)


class UncollectableCommon(DunningCommon):
    """An invoice with three rates of VAT, and the accounts of the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.high, cls.low, cls.none = (
            cls.env.ref(f"account.{cls.company.id}_btw_{rate}")
            for rate in ("21", "9", "0")
        )
        cls.clearing, cls.loss = cls.env["account.account"].create(
            [
                {
                    "name": "Btw op oninbare vorderingen",
                    "code": "987001",
                    "account_type": "liability_current",
                },
                {
                    "name": "Afgeschreven vorderingen",
                    "code": "987002",
                    "account_type": "expense",
                },
            ]
        )
        cls.company.write(
            {
                "dunning_vat_refund_account_id": cls.clearing.id,
                "dunning_loss_account_id": cls.loss.id,
            }
        )

    def _create_invoice_of_rates(self, *lines, **values):
        """Post an invoice with lines of (amount, tax).

        Without lines: 1,000 at 21%, 500 at 9% and 200 at 0%, together 1,955 with VAT.
        """
        lines = lines or ((1000, self.high), (500, self.low), (200, self.none))
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.debtor.id,
                "invoice_date": date(2026, 10, 1),
                "invoice_date_due": DUE,
                "invoice_payment_term_id": False,
                "is_move_sent": True,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Bureau",
                            "price_unit": amount,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                    for amount, tax in lines
                ],
                **values,
            }
        )
        move.action_post()
        return move

    def _credit(self, move, amount, tax, day=date(2027, 1, 4)):
        """Credit a part of an invoice, and set it off."""
        credit = self._create_invoice_of_rates(
            (amount, tax), move_type="out_refund", invoice_date=day
        )
        (move + credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        ).reconcile()
        return credit

    def _update(self, day=RIGHT_ON):
        """Do as the daily job does; return what it recorded."""
        Record = self.env["dunning.uncollectable"]
        with freeze_time(day):
            self.env.invalidate_all()
            return Record._update(
                self.env["account.move"]._find_dunning_unpaid(self.company)
            )

    def _get_vat(self, records):
        """Return base and VAT by rate."""
        return {line.tax_id.amount: (line.base, line.vat) for line in records.line_ids}


@tagged("post_install_l10n", "post_install", "-at_install")
class TestUncollectableVat(UncollectableCommon):
    """VAT that is asked back, and due again: article 29 Wet OB."""

    def test_a_year_past_the_due_date(self):
        move = self._create_invoice_of_rates()
        self.assertEqual(move.amount_total, 1955)

        self.assertFalse(self._update(date(2027, 11, 1)))
        record = self._update()

        # 21% of 1,000 and 9% of 500; at 0% there is nothing to ask back.
        self.assertEqual(self._get_vat(record), {21: (1000, 210), 9: (500, 45)})
        self.assertRecordValues(
            record,
            [
                {
                    "move_id": move.id,
                    "reason": "year",
                    "date": RIGHT_ON,
                    "period": "2027-Q4",
                    "amount_base": 1500,
                    "amount_vat": 255,
                }
            ],
        )
        self.assertFalse(self._update(date(2027, 12, 1)))

    def test_part_payment_and_credit_note(self):
        move = self._create_invoice_of_rates()
        self._credit(move, 100, self.high)
        # 1,955 less 121 is 1,834, of which half is paid.
        self._pay(move, 917, day=date(2027, 2, 1))

        record = self._update()

        # Half of what is left: 900 and 189 at 21%, 500 and 45 at 9%.
        self.assertEqual(self._get_vat(record), {21: (450, 94.5), 9: (250, 22.5)})

    def test_payment_after_all_makes_a_part_due_again(self):
        move = self._create_invoice_of_rates()
        self._credit(move, 100, self.high)
        self._pay(move, 917, day=date(2027, 2, 1))
        first = self._update()

        # Half of the 917 that were open.
        self._pay(move, 458.5, day=date(2028, 2, 15))
        second = self._update(date(2028, 2, 16))
        self._pay(move, 458.5, day=date(2028, 5, 1))
        last = self._update(date(2028, 5, 2))

        # 94.50 less 47.25, and 22.50 less 11.25.
        self.assertEqual(self._get_vat(second), {21: (-225, -47.25), 9: (-125, -11.25)})
        self.assertRecordValues(
            second,
            [{"reason": "paid", "date": date(2028, 2, 15), "period": "2028-Q1"}],
        )
        self.assertEqual(last.period, "2028-Q2")
        self.assertEqual(sum((first + second + last).mapped("amount_vat")), 0)
        self.assertFalse(self._update(date(2028, 6, 1)))

    def test_credit_note_after_all_takes_back_its_own_rate(self):
        move = self._create_invoice_of_rates()
        self._update()

        self._credit(move, 500, self.low, day=date(2028, 1, 10))
        record = self._update(date(2028, 1, 11))

        # The credit note takes off the 45 by itself: they are not refunded twice.
        self.assertEqual(self._get_vat(record), {9: (-500, -45)})

    def test_cents_are_rounded_by_rate(self):
        move = self._create_invoice_of_rates((33.33, self.high), (66.67, self.low))
        # 7.00 and 6.00 of VAT: 113.00 in all, of which 12.99 stay open.
        self.assertEqual(move.amount_total, 113)
        self._pay(move, 100.01, day=date(2027, 2, 1))

        record = self._update()

        # 12.99/113 of 7.00 is 0.8047 and of 6.00 is 0.6897; of the bases 3.8315 and
        # 7.6641.
        self.assertEqual(self._get_vat(record), {21: (3.83, 0.8), 9: (7.66, 0.69)})

    def test_given_up_before_a_year(self):
        move = self._create_invoice_of_rates()

        with freeze_time("2027-03-01"):
            move.action_give_up_dunning()

        record = move.dunning_uncollectable_ids
        self.assertRecordValues(
            record,
            [
                {
                    "reason": "given_up",
                    "date": date(2027, 3, 1),
                    "period": "2027-Q1",
                    "amount_vat": 255,
                }
            ],
        )
        self.assertFalse(self._update())

    def test_instalments_count_from_their_own_due_dates(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "In tweeën",
                "line_ids": [
                    Command.create({"value_amount": 50, "nb_days": 30}),
                    Command.create({"value_amount": 50, "nb_days": 90}),
                ],
            }
        )
        self._create_invoice_of_rates(
            (1000, self.high), invoice_payment_term_id=term.id
        )

        # Due on 31 October and on 30 December 2026: 605 each.
        first = self._update(date(2027, 11, 1))
        second = self._update(date(2027, 12, 30))

        self.assertEqual(self._get_vat(first), {21: (500, 105)})
        self.assertEqual(first.date, date(2027, 10, 31))
        self.assertEqual(self._get_vat(second), {21: (500, 105)})
        self.assertEqual(second.date, date(2027, 12, 30))

    def test_period_of_the_return(self):
        self._create_invoice_of_rates()
        record = self._update()

        for kind, period in (("month", "2027-11"), ("year", "2027")):
            self.company.dunning_vat_period = kind
            self.assertEqual(record.period, period)

    def test_paid_invoice_asks_nothing_back(self):
        move = self._create_invoice_of_rates()
        self._pay(move, day=date(2027, 2, 1))

        self.assertFalse(self._update())
        with self.assertRaisesRegex(UserError, "something is open"):
            move.action_give_up_dunning()

    # === ENTRIES === #

    def _get_lines(self, entry):
        return sorted((line.account_id.code, line.balance) for line in entry.line_ids)

    def test_entry_is_a_draft_in_the_boxes_of_the_return(self):
        self._create_invoice_of_rates()
        record = self._update()

        record.action_make_entries()

        entry = record.entry_id
        self.assertRecordValues(
            entry, [{"state": "draft", "move_type": "entry", "date": RIGHT_ON}]
        )
        vat_high = self.high.invoice_repartition_line_ids.account_id.code
        vat_low = self.low.invoice_repartition_line_ids.account_id.code
        self.assertEqual(
            self._get_lines(entry),
            sorted(
                [
                    (vat_high, 210),
                    ("987001", 1000),
                    ("987001", -1210),
                    (vat_low, 45),
                    ("987001", 500),
                    ("987001", -545),
                ]
            ),
        )
        boxes = {
            tag.name: sum(
                line.balance for line in entry.line_ids if tag in line.tax_tag_ids
            )
            for tag in entry.line_ids.tax_tag_ids
        }
        self.assertEqual(
            boxes,
            {"1a (omzet)": 1000, "1a (BTW)": 210, "1b (omzet)": 500, "1b (BTW)": 45},
        )
        entry.action_post()
        with self.assertRaisesRegex(UserError, "Reverse the entry"):
            record.unlink()

    def test_entry_of_what_is_due_again(self):
        move = self._create_invoice_of_rates((1000, self.high))
        self._update()
        self._pay(move, 605, day=date(2028, 2, 15))
        record = self._update(date(2028, 2, 16))

        record.action_make_entries()

        # Half of 1,210: the 105 go back from the clearing account.
        vat = self.high.invoice_repartition_line_ids.account_id.code
        self.assertEqual(
            self._get_lines(record.entry_id),
            sorted([(vat, -105), ("987001", -500), ("987001", 605)]),
        )

    def test_one_entry_for_each_return(self):
        self._create_invoice_of_rates()
        self._create_invoice_of_rates((100, self.high))
        self._create_invoice_of_rates(
            (100, self.high), invoice_date_due=date(2027, 1, 15)
        )
        records = self._update(date(2028, 2, 1))

        records.action_make_entries()

        self.assertEqual(len(records.entry_id), 2)
        with self.assertRaisesRegex(UserError, "have an entry already"):
            records.action_make_entries()

    def test_missing_account_is_asked_for(self):
        self._create_invoice_of_rates()
        record = self._update()
        self.company.dunning_vat_refund_account_id = False

        with self.assertRaisesRegex(UserError, "VAT refunded on open claims"):
            record.action_make_entries()

    # === WRITE-OFF === #

    def test_write_off_is_a_draft_that_settles_when_posted(self):
        move = self._create_invoice_of_rates()
        self._pay(move, 977.5, day=date(2027, 2, 1))

        with freeze_time("2027-03-01"):
            action = move.action_write_off_dunning()
            entry = self.env["account.move"].search(action["domain"])
            self.assertEqual(entry.state, "draft")
            # Half is open: 977.50, of which 105 and 22.50 are VAT.
            receivable = move.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).account_id.code
            self.assertEqual(
                self._get_lines(entry),
                sorted([(receivable, -977.5), ("987001", 127.5), ("987002", 850)]),
            )
            entry.action_post()

        self.assertEqual(move.amount_residual, 0)
        # What was written off was not paid: the VAT is not due again.
        self.assertFalse(self._update(date(2027, 4, 1)))
        self.assertEqual(
            sum(move.dunning_uncollectable_ids.mapped("amount_vat")), 127.5
        )

    def test_payment_after_the_write_off(self):
        move = self._create_invoice_of_rates((1000, self.high))
        with freeze_time("2027-03-01"):
            action = move.action_write_off_dunning()
            entry = self.env["account.move"].search(action["domain"])
            entry.action_post()

        entry.line_ids.remove_move_reconcile()
        self._pay(move, 1210, day=date(2027, 6, 1))
        record = self._update(date(2027, 6, 2))

        self.assertEqual(self._get_vat(record), {21: (-1000, -210)})

    def test_write_off_is_refused_when_something_was_paid_since(self):
        move = self._create_invoice_of_rates()
        with freeze_time("2027-03-01"):
            action = move.action_write_off_dunning()
            entry = self.env["account.move"].search(action["domain"])
            self._pay(move, 100, day=date(2027, 3, 1))

            with self.assertRaisesRegex(UserError, "was paid on"):
                entry.action_post()

    def test_write_off_twice_gives_one_draft(self):
        move = self._create_invoice_of_rates()

        with freeze_time("2027-03-01"):
            first = move.action_write_off_dunning()
            again = move.action_write_off_dunning()

        self.assertEqual(first["domain"], again["domain"])

    # === SCREENS AND COMPANIES === #

    def test_screens_open(self):
        for group in ("readonly", "invoice", "manager"):
            user = new_test_user(
                self.env, login=f"user_{group}", groups=f"account.group_account_{group}"
            )
            for model, kinds in (
                ("dunning.uncollectable", ("list", "form", "search")),
                ("dunning.uncollectable.line", ("list", "search")),
                ("dunning.title", ("list", "form", "search")),
            ):
                self.env[model].with_user(user).get_views(
                    [(False, kind) for kind in kinds]
                )

    def test_job_runs(self):
        self._create_invoice_of_rates()

        with freeze_time(RIGHT_ON), self.enter_registry_test_mode():
            self.env.ref(
                "l10n_nl_dunning.ir_cron_uncollectable"
            ).method_direct_trigger()

        self.assertEqual(self.env["dunning.uncollectable"].search_count([]), 1)
