from datetime import date, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .payment_common import PaymentCommon

LATER = date(2026, 12, 3)


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentPage(PaymentCommon):
    """Choosing what to pay, and the page on which it can be paid."""

    def _tick(self, *lines, page="/nl/my/dunning/account", **data):
        """Tick items on the page of all that is open, and go on to pay them."""
        return self._post(
            "/nl/my/dunning/account/pay",
            page,
            company_id=self.company.id,
            currency_id=self.company.currency_id.id,
            item=[str(key) for key in lines],
            **data,
        )

    def _get_choices(self):
        return self.env["dunning.payment"].search([("partner_id", "=", self.debtor.id)])

    def test_ticked_items_are_asked_for(self):
        first = self._create_due_invoice(100)
        self._create_due_invoice(50)
        third = self._create_due_invoice(25, due=TODAY + timedelta(days=7))
        self.authenticate("anna", "anna")

        answer = self._tick(self._get_item(first).id, self._get_item(third).id)

        text = self._get_text(answer.text)
        # 100 + 25
        self.assertIn("Te betalen € 125,00", text)
        self.assertIn("/my/dunning/pay/", answer.url)
        self.assertIn("Demo", text)
        self.assertIn("NL91 ABNA 0417 1643 00", text)
        choice = self._get_choices().filtered(
            lambda choice: choice.item_ids.move_id == first | third
        )
        self.assertIn(choice.name, text)

    def test_reference_has_check_digits_and_stays_the_same(self):
        self._create_due_invoice(100)

        first, again = self._choose(), self._choose()

        self.assertEqual(first, again)
        self.assertRegex(first.name, r"^RF\d\d\d{6}$")
        # ISO 11649: the reference with its first four characters behind it, letters
        # as numbers (R 27, F 15), leaves 1 when it is divided by 97.
        number = int(f"{first.name[4:]}2715{first.name[2:4]}")
        self.assertEqual(number % 97, 1)

    def test_nothing_ticked(self):
        self._create_due_invoice(100)
        self.authenticate("anna", "anna")

        answer = self._tick()

        self.assertEqual(answer.status_code, 422)
        self.assertIn("Kies ten minste één factuur", self._get_text(answer.text))

    def test_item_of_another_debtor_among_the_ticked(self):
        own = self._create_due_invoice(100)
        strange = self._create_due_invoice(70, partner=self.other)
        self.authenticate("anna", "anna")

        answer = self._tick(self._get_item(own).id, self._get_item(strange).id)

        text = self._get_text(answer.text)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("staat niet bij u open", text)
        self.assertNotIn(strange.name, text)

    def test_item_that_was_paid_in_the_meantime(self):
        first, second = self._create_due_invoice(100), self._create_due_invoice(50)
        self._pay(first, day=TODAY)
        self.authenticate("anna", "anna")

        answer = self._tick(self._get_item(first).id, self._get_item(second).id)

        text = self._get_text(answer.text)
        self.assertIn(f"{first.name} is inmiddels betaald of gecrediteerd", text)

    def test_item_in_another_currency_among_the_ticked(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        own = self._create_due_invoice(100)
        other = self._create_due_invoice(70, currency_id=dollar.id)
        self.authenticate("anna", "anna")

        answer = self._tick(self._get_item(own).id, self._get_item(other).id)

        self.assertIn("één valuta tegelijk", self._get_text(answer.text))

    def test_rubbish_in_the_form(self):
        self._create_due_invoice(100)
        self.authenticate("anna", "anna")

        answer = self._tick("x", "-1", "99999999999", "1 OR 1=1", "²")

        self.assertEqual(answer.status_code, 422)

    def test_ticks_are_answered_without_a_new_page(self):
        first, _second = self._create_due_invoice(100), self._create_due_invoice(50)
        self.authenticate("anna", "anna")

        answer = self._post(
            "/nl/my/dunning/account/choice",
            "/nl/my/dunning/account",
            company_id=self.company.id,
            currency_id=self.company.currency_id.id,
            item=[str(self._get_item(first).id)],
        )

        self.assertIn("100,00", answer.text)
        self.assertNotIn("<html", answer.text)
        self.assertIn("data:image/png", answer.text)

    def test_page_of_the_letter_pays_all_of_it(self):
        notice = self._create_letter((1000, self.final_demand))
        page = notice._get_portal_page()

        answer = self._post(
            f"/nl/my/dunning/{notice.id}/pay", page, access_token=notice.access_token
        )

        # 1,000, 15 % and 5.98 of interest
        self.assertIn("Te betalen € 1.155,98", self._get_text(answer.text))
        self.assertIn(
            "Online betalen: € 1.155,98", self._get_text(self.url_open(page).text)
        )

    def test_without_provider_there_is_the_bank(self):
        self.provider.state = "disabled"
        self._create_due_invoice(100)
        choice = self._choose()

        text = self._get_text(self.url_open(f"/nl{choice.get_portal_url()}").text)

        self.assertNotIn("Online betalen", text)
        self.assertIn("Betalen via uw bank", text)
        self.assertIn(choice.name, text)

    def test_invoice_for_another_account_stands_apart(self):
        factor = self._create_debtor("Factor N.V.")
        bank = self.env["res.partner.bank"].create(
            {
                "acc_number": "NL39RABO0300065264",
                "partner_id": factor.id,
                "allow_out_payment": True,
            }
        )
        self._create_due_invoice(100)
        self._create_due_invoice(60, partner_bank_id=bank.id)
        choice = self._choose()
        account = choice._get_account()

        payment = choice._prepare_transfer(account)

        self.assertEqual(
            [part["amount"] for part in payment["transfers"]], [100.00, 60.00]
        )
        self.assertEqual(choice._get_online(account).everything, 100)
        codes = {part["qr"].text for part in payment["transfers"]}
        self.assertEqual(len(codes), 2)
        for part in payment["transfers"]:
            self.assertEqual(part["reference"], choice.name)
            self.assertIn(choice.name, part["qr"].text)

    def test_core_leads_here(self):
        self._create_due_invoice(100)
        self.authenticate("anna", "anna")

        answer = self.url_open("/my/invoices/overdue")

        self.assertIn("/my/dunning/account", answer.url)

    # --- An amount of one's own.

    def _read_amount(self, choice, typed):
        url = choice.get_portal_url(query_string=f"&amount={typed}")
        return self._get_text(self.url_open(f"/nl{url}").text)

    def test_amount_of_ones_own_tells_what_it_pays(self):
        self.company.dunning_own_amount = True
        choice = self._choose(notice=self._create_letter((1000, self.final_demand)))

        text = self._read_amount(choice, "500,00")

        # 500 - 150 - 5.98 = 344.02
        self.assertIn("Incassokosten € 150,00", text)
        self.assertIn("Rente € 5,98", text)
        self.assertIn("De oudste facturen € 344,02", text)

    def test_amounts_that_are_none(self):
        self.company.dunning_own_amount = True
        self._create_due_invoice(100)
        choice = self._choose()

        for typed in ("0", "-5", "1e9", "abc", "0,00", "NaN"):
            with self.subTest(typed=typed):
                text = self._read_amount(choice, typed)
                self.assertIn("Vul een bedrag boven nul in", text)
        self.assertIn(
            "Er is niet meer dan € 100,00", self._read_amount(choice, "100,01")
        )

    def test_own_amount_where_it_is_not_allowed(self):
        self._create_due_invoice(100)
        choice = self._choose()

        self.assertIn("Het bedrag is gewijzigd", self._read_amount(choice, "50"))
        self.assertNotIn("Een ander bedrag", self._read_amount(choice, "50"))


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentTransaction(PaymentCommon):
    """Beginning an online payment over the web: what anybody may send."""

    def _count(self):
        return self.env["payment.transaction"].sudo().search_count([])

    def _assert_refused(self, message, sentence):
        self.assertIsInstance(message, str, message)
        self.assertIn(sentence, message)

    def test_one_transaction_for_all(self):
        first, second = self._create_due_invoice(100), self._create_due_invoice(50)
        choice = self._choose()

        values = self._start(choice, 150.0)

        transaction = choice.transaction_ids
        self.assertEqual(values["reference"], transaction.reference)
        self.assertEqual(transaction.reference, choice.name)
        self.assertEqual(transaction.invoice_ids, first | second)
        self.assertEqual(transaction.amount, 150.00)
        self.assertIn(f"/my/dunning/pay/{choice.id}", transaction.landing_route)

    def test_token_is_forged_foreign_or_missing(self):
        self._create_due_invoice(100)
        self._create_due_invoice(70, partner=self.other)
        choice, foreign = self._choose(), self._choose(partner=self.other)

        for token in ("", "x" * 36, foreign._portal_ensure_token(), "é", ["a"], 7):
            with self.subTest(token=token):
                message = self._start(choice, 100.0, token)
                self._assert_refused(message, "does not work any more")
        self.assertEqual(self._count(), 0)

    def test_choice_of_long_ago(self):
        self._create_due_invoice(100)
        choice = self._choose()
        token = choice._portal_ensure_token()

        # 90 days after 23 November 2026 is 21 February 2027.
        with freeze_time(date(2027, 2, 21)):
            self.assertTrue(choice._is_on_portal())
        with freeze_time(date(2027, 2, 22)):
            message = self._start(choice, 100.0, token)
            self._assert_refused(message, "does not work any more")

    def test_amount_is_not_what_is_asked(self):
        self._create_due_invoice(100)
        choice = self._choose()

        for amount in (0, -100, None, "100", "100,00", [100], True):
            with self.subTest(amount=amount):
                self._assert_refused(
                    self._start(choice, amount), "Enter an amount above zero"
                )
        self._assert_refused(self._start(choice, 100.01), "No more than")
        self._assert_refused(self._start(choice, 99.0), "The amount has changed")
        self.assertEqual(self._count(), 0)

    def test_page_of_yesterday(self):
        notice = self._create_letter((1000, self.final_demand))
        choice = self._choose(notice=notice)

        # Ten days later the interest is 8.83 instead of 5.98.
        with freeze_time(LATER):
            message = self._start(choice, 1155.98)
            self._assert_refused(message, "1,158.83")
            self.assertIsInstance(self._start(choice, 1158.83), dict)

    def test_paid_in_between(self):
        move = self._create_due_invoice(100)
        choice = self._choose()
        self._pay(move, day=TODAY)

        message = self._start(choice, 100.0)

        self._assert_refused(message, "Nothing is to be paid any more")

    def test_part_was_paid_in_between(self):
        move = self._create_due_invoice(100)
        choice = self._choose()
        self._pay(move, 30, day=TODAY)

        self._assert_refused(self._start(choice, 100.0), "No more than")
        self.assertIsInstance(self._start(choice, 70.0), dict)

    def test_second_payment_while_the_first_is_under_way(self):
        move, _other = self._create_due_invoice(100), self._create_due_invoice(50)
        self._finish(self._begin(self._choose()), "pending")

        message = self._start(self._choose(move), 100.0)

        self._assert_refused(message, "is being processed")

    def test_other_currency_cannot_be_sent(self):
        self._create_due_invoice(100)
        choice = self._choose()
        dollar = self.env.ref("base.USD")

        message = self._start(choice, 100.0, currency_id=dollar.id)

        self._assert_refused(message, "currency_id")
        self.assertEqual(self._count(), 0)

    def test_provider_of_another_company_or_none(self):
        self._create_due_invoice(100)
        choice = self._choose()
        strange = self.env.ref("payment.payment_provider_demo").sudo()

        for provider_id in (strange.id, None, 0, "x"):
            with self.subTest(provider_id=provider_id):
                message = self._start(choice, 100.0, provider_id=provider_id)
                self._assert_refused(message, "cannot pay in this way")

    def test_validation_is_no_payment(self):
        self._create_due_invoice(100)
        choice = self._choose()

        self._start(choice, 100.0, is_validation=True, landing_route="//evil.example")

        self.assertEqual(choice.transaction_ids.operation, "online_direct")
        self.assertNotIn("evil", choice.transaction_ids.landing_route)


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentOutcome(PaymentCommon):
    """What became of a payment: late, twice, never, and back again."""

    def _read(self, choice):
        return self._get_text(self.url_open(f"/nl{choice.get_portal_url()}").text)

    def test_refused_and_cancelled_pay_nothing(self):
        move = self._create_due_invoice(100)
        choice = self._choose()
        for state, sentence in (
            ("cancel", "is geannuleerd"),
            ("error", "is niet gelukt"),
        ):
            with self.subTest(state=state):
                self._finish(self._begin(choice), state)

                self.assertEqual(move.amount_residual, 100)
                self.assertIn(sentence, self._read(choice))

    def test_done_is_told_twice(self):
        move = self._create_due_invoice(100)
        transaction = self._pay_online(self._choose())

        self._finish(transaction)

        payments = self.env["account.payment"].search(
            [("partner_id", "=", self.debtor.id)]
        )
        self.assertEqual(payments.mapped("amount"), [100])
        self.assertEqual(move.payment_state, "paid")

    def test_done_after_it_was_pending(self):
        move = self._create_due_invoice(100)
        choice = self._choose()
        transaction = self._begin(choice)
        self._finish(transaction, "pending")
        self.assertIn("wordt verwerkt", self._read(choice))
        self.assertEqual(move.amount_residual, 100)

        self._finish(transaction)

        self.assertEqual(move.payment_state, "paid")
        self.assertIn("Dank u wel", self._read(choice))
        self.assertIn("Voldaan", self._read(choice))

    def test_two_payments_of_the_same_leave_a_credit_and_work(self):
        move = self._create_due_invoice(100)
        choice = self._choose()
        first, second = self._begin(choice), self._begin(choice)

        self._finish(first)
        self._finish(second)

        self.assertEqual(move.payment_state, "paid")
        line = second.payment_id.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertEqual(line.amount_residual, -100)
        self.assertEqual(len(second.payment_id.activity_ids), 1)
        self.assertFalse(first.payment_id.activity_ids)

    def test_paid_at_the_bank_while_it_was_pending(self):
        first, second = self._create_due_invoice(100), self._create_due_invoice(50)
        transaction = self._begin(self._choose())
        self._finish(transaction, "pending")
        self._pay(first, day=TODAY)

        self._finish(transaction)

        self.assertEqual((first.amount_residual, second.amount_residual), (0, 0))
        self.assertEqual(len(transaction.payment_id.activity_ids), 1)

    def _refund(self, transaction, amount=None):
        refund = transaction._refund(amount_to_refund=amount)
        refund._post_process()
        return refund

    def test_refund_opens_all_again(self):
        notice = self._create_letter((1000, self.final_demand))
        transaction = self._pay_online(self._choose(notice=notice))

        self._refund(transaction)

        self.assertEqual(notice.line_ids.move_id.amount_residual, 1000)
        # The charge stands: 150 and 5.98 were claimed, and are in the ledger now.
        self.assertEqual(notice.charge_move_id.amount_residual, 155.98)

    def test_part_of_it_goes_back(self):
        notice = self._create_letter((1000, self.final_demand))
        transaction = self._pay_online(self._choose(notice=notice))

        self._refund(transaction, 200)

        # Of 1,155.98 - 200 = 955.98 the charge takes 155.98, the invoice 800.
        self.assertEqual(notice.charge_move_id.amount_residual, 0)
        self.assertEqual(notice.line_ids.move_id.amount_residual, 200)

    def test_charge_that_cannot_be_posted_stops_no_payment(self):
        notice = self._create_letter((1000, self.final_demand))
        transaction = self._begin(self._choose(notice=notice))
        sales = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)]
        )
        sales.active = False

        self._finish(transaction)

        self.assertEqual(notice.line_ids.move_id.payment_state, "paid")
        self.assertTrue(notice.charge_error)
        self.assertEqual(len(transaction.payment_id.activity_ids), 1)

    def test_letters_wait_while_it_is_under_way(self):
        with freeze_time(date(2026, 11, 24)):
            move = self._create_due_invoice(100)
            self.assertNotEqual(
                self._get_obstacle(move, date(2026, 11, 24)), "payment_in_process"
            )
            transaction = self._begin(self._choose())
            transaction._set_pending()
            transaction.flush_recordset()

            self.assertEqual(
                self._get_obstacle(move, date(2026, 11, 24)), "payment_in_process"
            )
        # A card or iDEAL tells within 24 hours; after that dunning goes on.
        self.assertNotEqual(
            self._get_obstacle(move, date(2026, 11, 27)), "payment_in_process"
        )

    def test_letters_wait_until_a_payment_that_is_done_is_posted(self):
        with freeze_time(date(2026, 11, 24)):
            move = self._create_due_invoice(100)
            transaction = self._begin(self._choose())
            transaction._set_done()
            transaction.flush_recordset()

            self.assertEqual(
                self._get_obstacle(move, date(2026, 11, 24)), "payment_in_process"
            )


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPaymentMany(PaymentCommon):
    """A customer with very many open items."""

    def _count(self):
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        self.debtor.sudo()._prepare_dunning_account(self.contact)
        return self.env.cr.sql_log_count - start

    def test_page_of_500_items_takes_40_statements(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Many",
                "line_ids": [
                    Command.create(
                        {
                            "value": "percent",
                            "value_amount": 1,
                            "nb_days": number,
                        }
                    )
                    for number in range(100)
                ],
            }
        )
        for _number in range(5):
            self._create_due_invoice(1000, invoice_payment_term_id=term.id)
        self._create_letter((100, self.final_demand))
        self._count()

        statements = self._count()

        [account] = self.debtor.sudo()._list_dunning_accounts()
        self.assertEqual(len(account.items), 501)
        self.assertLessEqual(statements, 40)
