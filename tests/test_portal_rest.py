from datetime import date

from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .portal_common import PortalCommon


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalRest(PortalCommon):
    """What the page of a letter leaves alone: protection, instalments, early costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.final_demand = cls._get_level("final_demand")
        cls.trustee = cls._create_debtor(
            "Mr. A.J. van Loon", is_company=False, email="vanloon@curatoren.example"
        )
        cls.company.dunning_arrangement_ask = True

    def _protect(self, kind, day=TODAY, **values):
        return self.env["dunning.protection"].create(
            {
                "partner_id": self.debtor.id,
                "kind": kind,
                "date": day,
                "representative_id": self.trustee.id,
                **values,
            }
        )

    def _move_to(self, move, day):
        """Have an invoice been made on another day."""
        self.env.flush_all()
        for query in (
            "UPDATE account_move SET invoice_date = %s, date = %s, delivery_date = NULL"
            " WHERE id = %s",
            "UPDATE account_move_line SET invoice_date = %s, date = %s"
            " WHERE move_id = %s",
        ):
            self.env.cr.execute(query, [day, day, move.id])
        self.env.invalidate_all()

    def _assert_rests(self, text):
        self.assertIn("U hoeft nu niets te betalen", text)
        for request in ("te betalen €", "NL91", "Incassokosten", "Betaal online"):
            self.assertNotIn(request, text)
        self.assertNotIn("Kunt u niet ineens betalen", text)

    # === PROTECTION === #

    def test_nothing_is_asked_of_who_the_law_protects(self):
        notice = self._create_letter((1000, self.final_demand))
        self.assertIn("Vandaag te betalen € 1.155,98", self._read_page(notice))
        for kind in (
            "bankruptcy",
            "moratorium",
            "debt_restructuring",
            "debt_counselling",
            "cooling_off",
            "deceased",
        ):
            with self.subTest(kind):
                protection = self._protect(kind, date_end=date(2026, 12, 31))

                self._assert_rests(self._read_page(notice))
                self.authenticate("anna", "anna")
                text = self._get_text(self.url_open("/nl/my/dunning").text)
                self.assertIn("Nu niet gevraagd", text)
                self.assertNotIn("1.155,98", text)

                self.authenticate(None, None)
                protection._end(TODAY, "Opgeheven")
                self.assertIn("1.155,98", self._read_page(notice))

    def test_costs_charged_before_rest_with_the_rest(self):
        self.final_demand.charges = "charge"
        notice = self._create_letter((1000, self.final_demand))
        notice._post_charges()
        self._protect("bankruptcy")

        self._assert_rests(self._read_page(notice))

    def test_moratorium_leaves_later_invoices_payable(self):
        self.company.dunning_trade_term = True
        notice = self._create_letter((1000, self.final_demand), (50, self.final_demand))
        later = notice.line_ids[1].move_id
        self._protect("moratorium", day=date(2026, 10, 20))
        self._move_to(later, date(2026, 10, 21))

        text = self._read_page(notice)

        # 1,000 rests. 50 bears its part of the costs, 15 %, and 21 days of interest:
        # 50 x 10.40 % x 21 / 365 = 0.30.
        self.assertIn("Vandaag te betalen € 57,80", text)
        self.assertIn("€ 1.000,00 Nu niet gevraagd", text)

    def test_letter_to_the_representative_asks_the_representative(self):
        for kind in ("administration", "guardianship"):
            with self.subTest(kind):
                protection = self._protect(kind)
                notice = self._create_letter(
                    (1000, self.final_demand),
                    recipient_id=self.trustee.id,
                    protection_id=protection.id,
                )

                self.assertIn("te betalen € 1.155,98", self._read_page(notice))
                self.authenticate("anna", "anna")
                text = self._get_text(self.url_open(f"/nl/my/dunning/{notice.id}").text)
                self._assert_rests(text)
                self.authenticate(None, None)
                protection._end(TODAY, "Opgeheven")

    def test_letter_from_before_the_representative_asks_nothing(self):
        notice = self._create_letter((1000, self.final_demand))
        self._protect("administration")

        self._assert_rests(self._read_page(notice))

    # === INSTALMENTS === #

    def _arrange(self, notice):
        items = notice.line_ids[0].move_line_id
        terms = self.env["payment.arrangement.wizard"].new(
            {
                "currency_id": self.company.currency_id.id,
                "instalment_count": 3,
                "first_date": date(2026, 12, 1),
            }
        )
        arrangement = self.env["payment.arrangement"]._draw_up(items, terms)
        arrangement.action_offer()
        return arrangement

    def test_what_is_paid_in_instalments_is_not_asked_at_once(self):
        notice = self._create_letter((1000, self.final_demand))
        arrangement = self._arrange(notice)
        self.assertIn("te betalen € 1.155,98", self._read_page(notice))
        arrangement._activate()

        text = self._read_page(notice)

        self.assertIn("In een betalingsregeling", text)
        self.assertNotIn("te betalen €", text)
        self.assertNotIn("NL91", text)
        self.assertIn(arrangement.name, text)
        # Lapsed: the whole is due again.
        arrangement.write({"state": "broken", "broken_on": TODAY})
        self.assertIn("te betalen € 1.155,98", self._read_page(notice))

    def test_only_the_other_invoices_are_asked(self):
        notice = self._create_letter((1000, self.final_demand), (50, self.final_demand))
        self._arrange(notice)._activate()

        text = self._read_page(notice)

        # 50, its part of the costs, 15 %, and 0.30 of interest.
        self.assertIn("Vandaag te betalen € 57,80", text)
        self.assertIn("€ 1.000,00 In een betalingsregeling", text)

    def test_what_is_in_dispute_cannot_be_asked_in_instalments(self):
        notice = self._create_letter((1000, self.final_demand), (50, self.final_demand))
        self.assertEqual(len(notice._get_arrangeable_items()), 2)
        disputed, other = notice.line_ids.move_line_id
        self.env["dunning.hold"]._dispute_items(
            disputed,
            {
                "category_id": self.env.ref(
                    "l10n_nl_dunning.dunning_dispute_category_quality"
                ).id
            },
            400.0,
        )

        self.assertEqual(notice._get_arrangeable_items(), other)

    # === CONSUMERS === #

    def test_consumer_sees_no_costs_before_the_fourteen_days_are_over(self):
        level = self._get_level("fourteen_day", "consumer")
        notice = self._create_letter((1000, level), partner=self.consumer)
        self.env["dunning.delivery"].create(
            {
                "notice_id": notice.id,
                "channel": "email",
                "address": "jan@example.com",
                "state": "sent",
                "date_sent": TODAY,
            }
        )
        notice._update_fourteen_day_term()

        # Dispatched on Monday 23 November, presumed delivered on Wednesday 25: the
        # fourteen days run from Thursday 26 to Wednesday 9 December.
        with freeze_time("2026-12-09"):
            text = self._read_page(notice)
        self.assertIn("Vandaag te betalen € 1.000,00", text)
        self.assertNotIn("Incassokosten €", text)
        with freeze_time("2026-12-10"):
            text = self._read_page(notice)
        self.assertIn("Vandaag te betalen € 1.150,00", text)
        self.assertIn("Incassokosten € 150,00", text)

    def test_consumer_whose_fourteen_day_notice_failed_sees_no_costs(self):
        level = self._get_level("fourteen_day", "consumer")
        notice = self._create_letter((1000, level), partner=self.consumer)
        notice.state = "failed"

        with freeze_time("2026-12-31"):
            text = self._read_page(notice)

        self.assertIn("Vandaag te betalen € 1.000,00", text)
        self.assertNotIn("Incassokosten €", text)
