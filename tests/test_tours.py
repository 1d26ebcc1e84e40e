from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import DunningCommon
from .handover_common import HandoverCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestTours(DunningCommon, HttpCase):
    """The main job, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env.user.lang = "en_US"
        cls.today = fields.Date.today()
        cls.bakery = cls._create_debtor(name="Tour Bakkerij")
        cls.garage = cls._create_debtor(name="Tour Garage")
        cls.move = cls._create_past_due_invoice(cls.bakery, 30)
        cls._create_past_due_invoice(cls.garage, 30)
        cls._create_past_due_invoice(cls.bakery, -30)

    @classmethod
    def _create_past_due_invoice(cls, partner, days):
        due = cls.today - timedelta(days=days)
        return cls._create_due_invoice(
            partner=partner,
            due=due,
            invoice_date=min(due, cls.today) - timedelta(days=30),
        )

    def test_round_is_started_previewed_and_confirmed(self):
        self.start_tour(
            "/odoo/action-l10n_nl_dunning.dunning_run_action",
            "dunning_round",
            login=self.env.user.login,
        )

        notice = self.env["dunning.notice"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertRecordValues(
            notice, [{"partner_id": self.bakery.id, "state": "queued"}]
        )

    def test_today_opens_the_round_that_waits(self):
        colleague = self.env["res.users"].create(
            {"name": "Colleague", "login": "dunning_tour_colleague"}
        )
        run = self._propose(self.today)
        run.user_id = colleague

        self.start_tour(
            "/odoo/action-l10n_nl_dunning.dunning_today_action",
            "dunning_today",
            login=self.env.user.login,
        )

        self.assertEqual(set(run.notice_ids.mapped("state")), {"queued"})

    def test_debtor_screen_tells_and_records(self):
        self.env["dunning.contact"].create({"partner_id": self.bakery.id})

        self.start_tour(
            "/odoo/action-l10n_nl_dunning.dunning_debtor_action",
            "dunning_debtor",
            login=self.env.user.login,
        )

        contacts = self.env["dunning.contact"].search(
            [("partner_id", "=", self.bakery.id)]
        )
        self.assertEqual(set(contacts.mapped("outcome")), {"reached", "voicemail"})

    def test_invoice_tab_tells_what_happens_and_excludes(self):
        self.start_tour(
            f"/odoo/action-account.action_move_out_invoice_type/{self.move.id}",
            "dunning_invoice_tab",
            login=self.env.user.login,
        )

        self.assertTrue(self.move.no_followup)

    def test_debtor_disputes_an_invoice_without_login(self):
        customer = self._create_debtor(name="Tour Café", lang="en_US")
        move = self._create_past_due_invoice(customer, 30)
        run = self._send(self.today)
        notice = run.notice_ids.filtered(lambda notice: notice.partner_id == customer)
        page = notice._get_portal_page()

        self.start_tour(page[page.index("/en/") :], "dunning_portal_dispute")

        hold = self.env["dunning.hold"].search([("partner_id", "=", customer.id)])
        self.assertEqual((hold.move_ids, hold.amount_disputed), (move, 40))
        self.assertEqual(hold.note, "Two of the five chairs <b>wobble</b>.")

    def test_list_of_calls_is_worked_through(self):
        self.bakery.phone = "+31335550101"
        self.env["dunning.contact"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": partner.id,
                    "outcome": "planned",
                    "next_date": self.today,
                }
                for partner in (self.bakery, self.garage)
            ]
        )
        self._create_past_due_invoice(self.bakery, 20)

        self.start_tour(
            "/odoo/action-l10n_nl_dunning.dunning_call_action",
            "dunning_calls",
            login=self.env.user.login,
        )

        contacts = self.env["dunning.contact"].search(
            [("company_id", "=", self.company.id)], order="id"
        )
        self.assertEqual(contacts.mapped("outcome"), ["reached", "voicemail"])
        promise = self.env["dunning.hold"].search([("promise_date", "!=", False)])
        self.assertRecordValues(
            promise, [{"partner_id": self.bakery.id, "promise_amount": 200}]
        )


@tagged("post_install_l10n", "post_install", "-at_install")
class TestHandoverTour(HandoverCommon, HttpCase):
    """A debtor who is handed over, in a browser."""

    def test_debtor_is_handed_over(self):
        self.env["res.lang"]._activate_lang("en_US")
        self.env.user.lang = "en_US"
        self.company.dunning_trade_term = True
        self.agency.channel = "manual"
        today = fields.Date.today()
        due = today - timedelta(days=60)
        move = self._create_due_invoice(
            1000, due=due, invoice_date=due - timedelta(days=30)
        )

        self.start_tour(
            f"/odoo/action-account.action_move_out_invoice_type/{move.id}",
            "dunning_handover",
            login=self.env.user.login,
        )

        handover = self.env["dunning.handover"].search(
            [("partner_id", "=", self.debtor.id)]
        )
        self.assertRecordValues(
            handover,
            [
                {
                    "state": "accepted",
                    "agency_id": self.agency.id,
                    "sent_on": today,
                    "approved_by_id": self.env.user.id,
                }
            ],
        )
        self.assertEqual(handover.item_ids.move_id, move)
        self.assertEqual(handover.dossier_id.state, "done")
        self.assertTrue(handover.notice_file_id)
