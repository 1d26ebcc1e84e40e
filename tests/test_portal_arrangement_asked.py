from datetime import date

from odoo.http import Request
from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .portal_common import PortalCommon

FIRST = date(2026, 12, 1)


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementAsked(PortalCommon):
    """What a customer asks to pay in instalments is what the page of his letter asks.

    1,000 at the final demand: 15 % of costs, and 21 days of interest at 10.40 %: 5.98.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder = cls._get_level("reminder")
        cls.final_demand = cls._get_level("final_demand")
        cls.company.write(
            {
                "dunning_arrangement_ask": True,
                "dunning_arrangement_max_count": 4,
                "dunning_arrangement_min_amount": 10,
            }
        )

    def _ask(self, notice):
        return notice._ask_arrangement(3, FIRST)

    def _assert_total(self, arrangement, total):
        self.assertRecordValues(
            arrangement, [{"state": "offered", "amount_total": total}]
        )

    # === WHAT IS ASKED === #

    def test_no_interest_that_no_letter_has_asked(self):
        notice = self._create_letter((1000, self.reminder))
        self.assertIn("Het gaat om € 1.000,00", self._read_page(notice))

        self._assert_total(self._ask(notice), 1000)

    def test_interest_and_costs_that_the_letter_asks(self):
        notice = self._create_letter((1000, self.final_demand))
        self.assertIn("Het gaat om € 1.155,98", self._read_page(notice))

        self._assert_total(self._ask(notice), 1155.98)

    def test_interest_on_the_items_for_which_a_letter_asks_it(self):
        notice = self._create_letter((1000, self.final_demand), (300, self.reminder))

        arrangement = self._ask(notice)

        self.assertRecordValues(
            arrangement.item_ids,
            [
                {"principal": 1000, "interest": 5.98, "costs": 150},
                {"principal": 300, "interest": 0, "costs": 0},
            ],
        )

    def test_letter_that_failed_asked_neither(self):
        notice = self._create_letter((1000, self.final_demand))
        notice.state = "failed"
        self.env.flush_all()

        self._assert_total(self._ask(notice), 1000)

    def test_consumer_who_was_told_of_costs_that_are_not_due_yet(self):
        level = self._get_level("fourteen_day", "consumer")
        notice = self._create_letter((1000, level), partner=self.consumer)

        self._assert_total(self._ask(notice), 1000)

    def test_charge_of_the_letter_is_part_of_it(self):
        self.final_demand.charges = "charge"
        notice = self._create_letter((1000, self.final_demand), (300, self.reminder))
        notice._post_charges()
        self.assertIn("Het gaat om € 1.455,98", self._read_page(notice))

        arrangement = self._ask(notice)

        self._assert_total(arrangement, 1455.98)
        self.assertEqual(
            arrangement.item_ids.move_id,
            notice.line_ids.move_id | notice.charge_move_id,
        )
        arrangement._activate()
        self.assertIn("In een betalingsregeling", self._read_page(notice))

    def test_charge_for_something_in_dispute_is_not(self):
        self.final_demand.charges = "charge"
        notice = self._create_letter((1000, self.final_demand), (300, self.reminder))
        notice._post_charges()
        category = self.env.ref("l10n_nl_dunning.dunning_dispute_category_quality")
        self.env["dunning.hold"]._dispute_items(
            notice.line_ids[0].move_line_id, {"category_id": category.id}
        )

        self._assert_total(self._ask(notice), 300)

    def test_credit_has_to_be_set_off_by_somebody_first(self):
        notice = self._create_letter((1000, self.reminder))
        self._create_due_invoice(30, move_type="out_refund")
        self.assertIn("Het gaat om € 970,00", self._read_page(notice))

        self.assertFalse(self._ask(notice))

        self.assertIn("970,00", notice.activity_ids.note)

    def test_colleague_reads_in_his_language_what_was_asked(self):
        notice = self._create_letter((1000, self.reminder))
        notice.responsible_id = self.env.user
        self.env.user.lang = "nl_NL"

        notice.with_context(lang="en_US")._ask_arrangement(9, FIRST)

        activity = notice.activity_ids
        self.assertIn("9 maandelijkse termijnen vanaf 01-12-2026", activity.note)
        self.assertIn("het zijn te veel termijnen", activity.note)
        self.assertEqual(activity.summary, "Klant vraagt om een betalingsregeling")

    # === FORM === #

    def _post(self, notice, token=None, **data):
        data = {
            "csrf_token": Request.csrf_token(self),
            "access_token": token or notice._portal_ensure_token(),
            **data,
        }
        answer = self.url_open(f"/nl/my/dunning/{notice.id}/arrangement", data)
        self.env.invalidate_all()
        return answer

    def _get_arrangements(self):
        return self.env["payment.arrangement"].search(
            [("partner_id", "=", self.debtor.id)]
        )

    def test_sent_twice_makes_one_and_shows_it(self):
        self.authenticate(None, None)
        notice = self._create_letter((1000, self.reminder))

        answers = [
            self._post(notice, count="3", first_date="2026-12-01") for _turn in "12"
        ]

        arrangement = self._get_arrangements()
        self.assertEqual(len(arrangement), 1)
        for answer in answers:
            self.assertIn(f"/my/arrangements/{arrangement.id}", answer.url)

    def test_page_after_asking_can_be_loaded_again(self):
        self.authenticate(None, None)
        notice = self._create_letter((1000, self.reminder))

        answer = self._post(notice, count="9", first_date="2026-12-01")

        self.assertIn("Wij hebben uw verzoek ontvangen", self._get_text(answer.text))
        again = self.url_open(answer.url)
        self.assertEqual(again.status_code, 200)
        self.assertEqual(len(notice.activity_ids), 1)

    def test_nonsense_is_refused_and_stays_in_the_form(self):
        self.authenticate(None, None)
        notice = self._create_letter((1000, self.reminder))
        for count, first_date in (
            ("-3", "2026-12-01"),
            ("0", "2026-12-01"),
            ("1", "2026-12-01"),
            ("3.5", "2026-12-01"),
            ("9" * 20, "2026-12-01"),
            ("9" * 5000, "2026-12-01"),
            ("3", "2026-11-22"),
            ("3", "0001-01-01"),
            ("3", "9999-12-31"),
            ("3", "2026-13-01"),
            ("3", "x" * 100_000),
            ("3", "\x00"),
            ("3", ""),
            ("", ""),
        ):
            with self.subTest(count=count[:25], first_date=first_date[:25]):
                answer = self._post(notice, count=count, first_date=first_date)

                self.assertEqual(answer.status_code, 422)
                self.assertIn("alert-warning", answer.text)
                self.assertFalse(self._get_arrangements())
                self.assertFalse(notice.activity_ids)
        self.assertIn(
            'value="2026-12-01"',
            self._post(notice, count="1", first_date="2026-12-01").text,
        )

    def test_files_in_the_place_of_values_are_refused(self):
        self.authenticate(None, None)
        notice = self._create_letter((1000, self.reminder))
        data = {
            "csrf_token": Request.csrf_token(self),
            "access_token": notice._portal_ensure_token(),
        }
        files = [(name, ("x", b"3")) for name in ("count", "first_date")]

        answer = self.url_open(
            f"/nl/my/dunning/{notice.id}/arrangement", data, files=files
        )

        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self._get_arrangements())

    def test_form_opens_with_a_day_that_can_be_chosen(self):
        notice = self._create_letter((1000, self.reminder))

        page = self.url_open(notice._get_portal_page()).text

        self.assertIn('min="2026-11-23"', page)
        self.assertIn('value="2026-12-07"', page)
