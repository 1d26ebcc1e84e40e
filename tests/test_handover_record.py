import base64
import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path

import psycopg2

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.handover.dunning_handover import FOLDER_PARAMETER
from .handover_common import HANDED_ON, HandoverCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestHandoverRecord(HandoverCommon):
    """Items given to an agency, from the proposal to what came of it."""

    # === WHAT MAY BE HANDED OVER === #

    def _assert_refused(self, items, sentence, day=HANDED_ON):
        proposals, refused = self._propose(items, day)
        self.assertFalse(proposals)
        self.assertIn(sentence, " ".join(refused))

    def test_business_after_a_lapsed_final_demand_is_proposed(self):
        notice = self._create_lapsed((1000, self.final), (250, self.final))

        [handover], refused = self._propose(notice.line_ids.move_line_id)

        self.assertFalse(refused)
        # 43 days at 10.40%: 12.25 and 3.06; costs 15% of 1,250: 150 and 37.50.
        self.assertRecordValues(
            handover.item_ids,
            [
                {"principal": 1000, "interest": 12.25, "costs": 150, "total": 1162.25},
                {"principal": 250, "interest": 3.06, "costs": 37.5, "total": 290.56},
            ],
        )
        self.assertEqual(handover.amount_total, 1452.81)
        self.assertEqual(handover.agency_id, self.agency)
        self.assertTrue(handover.name.startswith("OV/"))

    def test_business_without_default_notice_is_refused(self):
        item = self._get_item(self._create_due_invoice())

        self._assert_refused(item, "no default notice was received and lapsed")

    def test_agreed_term_takes_the_place_of_a_default_notice(self):
        self.company.dunning_trade_term = True
        item = self._get_item(self._create_due_invoice())

        _proposals, refused = self._propose(item)

        self.assertNotIn("default notice", " ".join(refused))

    def test_term_on_the_invoice_alone_does_not(self):
        move = self._create_due_invoice(
            invoice_payment_term_id=self.env["account.payment.term"]
            .create({"name": "Afgesproken: 30 dagen"})
            .id,
            invoice_date_due=False,
        )

        self._assert_refused(self._get_item(move), "no default notice was received")

    def test_term_that_still_runs_is_refused(self):
        notice = self._create_lapsed()
        notice.line_ids.deadline = HANDED_ON
        self.env.flush_all()

        self._assert_refused(notice.line_ids.move_line_id, "received and lapsed")

    def _create_fourteen_day(self, sent=None):
        level = self._get_level("fourteen_day", "consumer")
        notice = self._create_letter((500, level), partner=self.consumer)
        notice._attach_letters()
        notice.line_ids.deadline = False
        if sent:
            self.env["dunning.delivery"].create(
                {
                    "notice_id": notice.id,
                    "channel": "post",
                    "address": "Dorpsstraat 1",
                    "state": "sent",
                    "date_sent": sent,
                }
            )
            notice._update_fourteen_day_term()
        self.env.flush_all()
        return notice

    def test_consumer_needs_a_fourteen_day_letter_that_lapsed(self):
        item = self._get_item(self._create_due_invoice(partner=self.consumer))
        self._assert_refused(item, "no fourteen-day letter was received and lapsed")

        # Posted on Monday 23 November: the last day is Wednesday 9 December.
        notice = self._create_fourteen_day(datetime(2026, 11, 23, 12))
        items = notice.line_ids.move_line_id
        self._assert_refused(items, "fourteen-day letter", date(2026, 12, 9))
        proposals, refused = self._propose(items, date(2026, 12, 10))
        self.assertFalse(refused)
        self.assertEqual(len(proposals), 1)

    def test_fourteen_day_letter_that_did_not_arrive_is_refused(self):
        notice = self._create_fourteen_day()

        self._assert_refused(notice.line_ids.move_line_id, "fourteen-day letter")

    def _hold(self, item, kind, **values):
        with freeze_time(HANDED_ON):
            self.env["dunning.hold"].create(
                {
                    "partner_id": item.partner_id.id,
                    "kind": kind,
                    "move_line_ids": [Command.set(item.ids)],
                    **values,
                }
            )
        self.env.flush_all()

    def test_pause_dispute_and_protection_are_refused(self):
        notice = self._create_lapsed(
            (1000, self.final), (200, self.final), (300, self.final)
        )
        paused, disputed, partly = notice.line_ids.move_line_id
        self._hold(paused, "other")
        self._hold(disputed, "dispute", amount_disputed=200)
        self._hold(partly, "dispute", amount_disputed=50)

        self._assert_refused(paused, "Paused")
        self._assert_refused(disputed, "Disputed by the customer")
        self._assert_refused(partly, "Disputed by the customer")
        with freeze_time(HANDED_ON):
            self.env["dunning.protection"].create(
                {"partner_id": self.debtor.id, "kind": "moratorium"}
            )
        self._assert_refused(paused, "Debtor protected by law")

    def test_excluded_is_refused(self):
        notice = self._create_lapsed()
        notice.line_ids.move_id.no_followup = True

        self._assert_refused(notice.line_ids.move_line_id, "Excluded from dunning")

    def test_paid_is_refused(self):
        notice = self._create_lapsed()
        self._pay(notice.line_ids.move_id, day=date(2026, 12, 1))

        self._assert_refused(notice.line_ids.move_line_id, "Nothing is open any more")

    def test_rules_of_the_agency_are_said(self):
        notice = self._create_lapsed()
        item = notice.line_ids.move_line_id
        self.agency.min_days = 60
        # Due 2 November: 43 days late on 15 December.
        self._assert_refused(item, "not yet 60 days past due")

        self.agency.write({"min_days": 30, "min_amount": 1000.01})
        self._assert_refused(item, "No agency fits")
        self.agency.min_amount = 1000
        self.assertTrue(self._propose(item)[0])

    def test_first_agency_that_fits_is_chosen(self):
        belgium, netherlands = self.env.ref("base.be"), self.env.ref("base.nl")
        abroad, large, small = self.env["dunning.agency"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.agency_partner.id,
                    "kind": "bailiff",
                    "sequence": sequence,
                    **values,
                }
                for sequence, values in enumerate(
                    [
                        {"country_ids": [Command.set(belgium.ids)]},
                        {"min_amount": 5000},
                        {"max_amount": 5000, "debtor_kind": "business"},
                    ]
                )
            ]
        )
        agencies = abroad + large + small

        self.assertEqual(agencies._pick(self.debtor, 5000), large)
        self.assertEqual(agencies._pick(self.debtor, 4999), small)
        self.assertFalse(agencies._pick(self.consumer, 100))
        self.debtor.country_id = belgium
        self.assertEqual(agencies._pick(self.debtor, 10), abroad)
        self.assertNotEqual(netherlands, belgium)

    def test_agency_for_consumers_needs_its_register_number(self):
        with self.assertRaisesRegex(ValidationError, "Wki register"):
            self.agency.wki_number = " "
        self.agency.write({"debtor_kind": "business", "wki_number": False})
        self.agency.write({"debtor_kind": "any", "kind": "bailiff"})

    def test_item_is_handed_over_once(self):
        handover = self._hand_over(state="proposed")
        items = handover.item_ids.move_line_id

        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self._propose(items)
            self.env.flush_all()

    def test_action_says_why_not(self):
        move = self._create_due_invoice()

        with (
            freeze_time(HANDED_ON),
            self.assertRaisesRegex(UserError, "default notice"),
        ):
            move.action_hand_over_dunning()

    def test_what_has_been_through_its_ladder_is_proposed(self):
        notice = self._create_lapsed()
        Handover = self.env["dunning.handover"]

        with freeze_time(HANDED_ON):
            proposals = Handover._propose_finished(self.company)
            again = Handover._propose_finished(self.company)

        self.assertEqual(proposals.item_ids.move_line_id, notice.line_ids.move_line_id)
        self.assertFalse(again)

    # === APPROVAL AND SENDING === #

    def test_approval_is_a_right_of_its_own(self):
        handover = self._hand_over(state="proposed")
        clerk = new_test_user(
            self.env,
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        approver = new_test_user(
            self.env,
            login="approver",
            groups="l10n_nl_dunning.group_dunning_handover",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

        with freeze_time(HANDED_ON):
            with self.assertRaisesRegex(AccessError, "with that right"):
                handover.with_user(clerk).action_approve()
            for state in ("accepted", "collecting", "paid"):
                with self.assertRaisesRegex(AccessError, "with that right"):
                    handover.with_user(clerk).write({"state": state})
            with self.assertRaisesRegex(AccessError, "with that right"):
                handover.with_user(clerk).state = "sent"
            handover.with_user(approver).action_approve()

        self.assertRecordValues(
            handover,
            [
                {
                    "state": "sent",
                    "sent_on": HANDED_ON,
                    "approved_by_id": approver.id,
                }
            ],
        )

    def test_agency_gets_the_dossier_by_mail(self):
        handover = self._hand_over()

        [(subject, body)] = self._get_mails(handover)
        self.assertIn(handover.name, subject)
        self.assertIn("1.162,25", body)
        self.assertIn("Wij dragen de vordering", body)
        [attachment] = handover.message_ids.filtered("partner_ids").attachment_ids
        self.assertEqual(attachment.raw, handover.dossier_id.archive_id.raw)
        self.assertFalse(handover.dossier_id._verify())

    def test_agency_gets_the_dossier_in_its_folder(self):
        self.agency.channel = "folder"
        handover = self._hand_over(state="proposed")
        with (
            freeze_time(HANDED_ON),
            self.assertRaisesRegex(UserError, "no folder"),
            self.env.cr.savepoint(),
        ):
            handover.action_approve()
        handover.invalidate_recordset()

        with tempfile.TemporaryDirectory() as root:
            self.env["ir.config_parameter"].set_param(FOLDER_PARAMETER, root)
            with freeze_time(HANDED_ON):
                handover.action_approve()
            [file] = Path(root, f"agency-{self.agency.id}").iterdir()
            self.assertEqual(file.name, f"{handover.name.replace('/', '-')}.zip")
            self.assertTrue(zipfile.is_zipfile(file))

            # As when the transaction fails: the agency must not find the file.
            self.env.cr.postrollback.run()
            self.assertFalse(file.exists())

    def test_what_came_up_since_the_proposal_stops_it(self):
        handover = self._hand_over(state="proposed")
        self._hold(handover.item_ids.move_line_id, "other")

        with freeze_time(HANDED_ON):
            self.env.invalidate_all()
            self.assertIn("Paused", handover.obstacles)
            with self.assertRaisesRegex(UserError, "Paused"):
                handover.action_approve()

    # === FROM THEN ON === #

    def test_own_dunning_stops_until_it_comes_back(self):
        handover = self._hand_over(state="proposed")
        move = handover.item_ids.move_id
        self.assertEqual(self._get_obstacle(move, HANDED_ON), "finished")

        with freeze_time(HANDED_ON):
            handover.action_approve()
        self.assertEqual(self._get_obstacle(move, HANDED_ON), "handover")
        with freeze_time(HANDED_ON):
            handover.action_return()
        self.assertEqual(self._get_obstacle(move, HANDED_ON), "finished")

    def test_uncollectable_is_not_dunned_again(self):
        handover = self._hand_over(state="accepted")

        with freeze_time(HANDED_ON):
            handover.action_give_up()

        self.assertEqual(
            self._get_obstacle(handover.item_ids.move_id, HANDED_ON), "handover"
        )
        self.assertEqual(handover.closed_on, HANDED_ON)

    def test_vat_of_what_cannot_be_collected_is_asked_back(self):
        high = self.env.ref(f"account.{self.company.id}_btw_21")
        move = self._create_due_invoice(1000)
        move.button_draft()
        move.invoice_line_ids.tax_ids = high
        move.action_post()
        notice = self._create_letter(again=[(self._get_item(move), self.final)])
        notice.line_ids.deadline = date(2026, 11, 30)
        self.env.flush_all()
        handover = self._hand_over(notice, state="accepted")

        with freeze_time("2027-01-20"):
            handover.action_give_up()

        # 21% of 1,000; long before the year is over.
        self.assertRecordValues(
            move.dunning_uncollectable_ids,
            [{"reason": "given_up", "amount_vat": 210, "period": "2027-Q1"}],
        )

    def test_pause_besides_does_not_double_the_item(self):
        handover = self._hand_over()
        item = handover.item_ids.move_line_id
        self._hold(item, "other")

        [step] = item.get_dunning_plan(HANDED_ON)

        self.assertEqual(step["obstacle"], "handover")

    def test_debtor_is_told_when_the_agency_accepts(self):
        handover = self._hand_over(state="accepted")

        [text] = self._read(handover.notice_file_id.raw)
        self.assertIn("Incasso Rijn B.V.", text)
        self.assertIn("1.162,25", text)
        mail = self.env["mail.mail"].search(
            [("model", "=", handover._name), ("res_id", "=", handover.id)]
        )
        self.assertIn(
            self.debtor.email, " ".join(filter(None, mail.mapped("email_to")))
        )

    def test_debtor_without_mail_gets_it_by_post(self):
        self.debtor.email = False
        handover = self._hand_over(state="accepted")

        self.assertEqual(len(handover.activity_ids), 1)
        self.assertTrue(handover.notice_file_id)

    def test_payment_is_told_to_the_agency_the_same_day(self):
        handover = self._hand_over(state="accepted")

        self._pay(handover.item_ids.move_id, 400, day=date(2026, 12, 16))

        subject, body = self._get_mails(handover)[-1]
        self.assertIn("Betaling", subject)
        for text in ("400,00", "600,00", handover.item_ids.move_name):
            self.assertIn(text, body)

    def test_payment_before_the_handover_is_not_told(self):
        handover = self._hand_over(state="proposed")

        self._pay(handover.item_ids.move_id, 400, day=date(2026, 12, 1))

        self.assertFalse(self._get_mails(handover))

    def test_dispute_and_insolvency_are_told_to_the_agency(self):
        handover = self._hand_over(state="accepted")

        self._hold(
            handover.item_ids.move_line_id,
            "dispute",
            note="Nooit geleverd",
            amount_disputed=1000,
        )
        with freeze_time(HANDED_ON):
            self.env["dunning.protection"].create(
                {"partner_id": self.debtor.id, "kind": "moratorium"}
            )

        dispute, protection = self._get_mails(handover)[-2:]
        self.assertIn("Nooit geleverd", dispute[1])
        self.assertIn("Beschermde debiteur", protection[0])

    def test_withdrawal_until_accepted(self):
        handover = self._hand_over()
        accepted = self._hand_over(
            self._create_lapsed(
                (800, self.final), partner=self._create_debtor(name="Garage Vos")
            ),
            state="accepted",
        )

        with freeze_time(HANDED_ON):
            handover.action_withdraw()
            with self.assertRaisesRegex(UserError, "cannot become"):
                accepted.action_withdraw()

        self.assertIn("Ingetrokken", self._get_mails(handover)[-1][0])
        self.assertEqual(handover.state, "withdrawn")

    def test_sent_handover_cannot_be_deleted(self):
        handover = self._hand_over()

        with self.assertRaisesRegex(UserError, "Withdraw it"):
            handover.unlink()

    # === THE REPORT OF THE AGENCY === #

    def _import(self, text):
        with freeze_time(HANDED_ON):
            return (
                self.env["dunning.handover.import"]
                .create({"file": base64.b64encode(text.encode())})
                .action_import()
            )

    def test_report_is_recorded_by_reference(self):
        handover = self._hand_over()
        handover.agency_reference = "R-77"

        self._import(
            "reference;status;collected;costs\nR-77;Collecting;1.000,50;25.00\n"
        )

        self.assertRecordValues(
            handover,
            [
                {
                    "state": "collecting",
                    "amount_collected": 1000.5,
                    "amount_costs": 25,
                    # 10% of 1,000.50
                    "amount_commission": 100.05,
                }
            ],
        )

    def test_report_with_a_wrong_row_is_not_recorded(self):
        handover = self._hand_over(state="accepted")

        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self._import(
                "reference,status,collected\n"
                f"{handover.name},paid,10\nXX,paid,1\n{handover.name},gone,\n"
            )

        message = str(caught.exception)
        self.assertIn("Row 3 (XX)", message)
        self.assertIn("“gone” is no status", message)
        handover.invalidate_recordset()
        self.assertEqual(handover.state, "accepted")

    def test_amount_that_may_be_thousands_is_refused(self):
        handover = self._hand_over(state="accepted")

        for amount in ("1.234", "1,234", "1.234.567"):
            with (
                self.subTest(amount),
                self.assertRaisesRegex(UserError, "thousands or decimals"),
            ):
                self._import(f"reference;collected\n{handover.name};{amount}\n")

    def test_report_without_references_is_refused(self):
        with self.assertRaisesRegex(UserError, "name the columns"):
            self._import("dossier;status\n1;paid\n")

    def test_bill_of_the_agency_is_a_draft(self):
        handover = self._hand_over(state="accepted")
        with self.assertRaisesRegex(UserError, "what the agency charges"):
            handover.action_make_bill()
        handover.write({"amount_collected": 1000, "amount_costs": 25})

        handover.action_make_bill()

        # 10% of 1,000 and 25 of costs, before taxes.
        self.assertRecordValues(
            handover.bill_id,
            [
                {
                    "state": "draft",
                    "move_type": "in_invoice",
                    "partner_id": self.agency_partner.id,
                    "amount_untaxed": 125,
                }
            ],
        )

    # === SCREENS AND COMPANIES === #

    def test_screens_open(self):
        for group in ("readonly", "invoice", "manager"):
            user = new_test_user(
                self.env, login=f"user_{group}", groups=f"account.group_account_{group}"
            )
            for model in ("dunning.handover", "dunning.agency"):
                self.env[model].with_user(user).get_views(
                    [(False, "list"), (False, "form")]
                )
        for model in ("res.partner", "account.move", "account.move.line"):
            actions = self.env["ir.actions.actions"].get_bindings(model)["action"]
            self.assertIn("Hand over…", [action["name"] for action in actions])

    def test_other_company_sees_nothing(self):
        handover = self._hand_over()
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            login="stranger",
            groups="account.group_account_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )

        for record in (handover, handover.item_ids, self.agency):
            found = record.with_user(stranger).search([("id", "in", record.ids)])
            self.assertFalse(found)
