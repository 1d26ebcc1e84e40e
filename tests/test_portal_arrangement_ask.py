from datetime import timedelta

from odoo.exceptions import UserError
from odoo.http import Request
from odoo.tests import HttpCase, freeze_time, tagged

from .arrangement_common import DRAWN_UP, FIRST, ArrangementCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementAsk(ArrangementCommon, HttpCase):
    """A customer asks on the page of his letter."""

    def setUp(self):
        super().setUp()
        self.company.write(
            {
                "dunning_arrangement_ask": True,
                "dunning_arrangement_max_count": 4,
                "dunning_arrangement_min_amount": 50,
            }
        )
        self.move = self._create_reminded_invoice()
        self.notice = self.move.dunning_notice_line_ids.notice_id

    @freeze_time(DRAWN_UP)
    def _ask(self, count, first=FIRST):
        return self.notice._ask_arrangement(count, first)

    def test_inside_the_limits_it_is_offered_at_once(self):
        arrangement = self._ask(4)

        # No letter has asked for the interest of 4 days, 0.34.
        self.assertRecordValues(
            arrangement, [{"state": "offered", "amount_total": 300}]
        )
        self.assertEqual(len(arrangement.line_ids), 4)
        self.assertFalse(self.notice.activity_ids)
        self.assertEqual(self._get_obstacle(self.move, DRAWN_UP), "arrangement_offered")

    def test_outside_the_limits_somebody_decides(self):
        for count, first in ((5, FIRST), (3, DRAWN_UP + timedelta(days=40))):
            with self.subTest(count):
                self.assertFalse(self._ask(count, first))
                self.assertEqual(len(self.notice.activity_ids), 1)
                self.assertFalse(self._get_arrangements())
                self.notice.activity_ids.unlink()

    def test_what_somebody_decides_takes_no_number(self):
        sequence = self.env.ref("l10n_nl_dunning.ir_sequence_arrangement")
        before = sequence.number_next_actual

        self._ask(5)
        self.assertEqual(sequence.number_next_actual, before)

        self.assertTrue(self._ask(3).name.endswith(f"{before:04}"))

    def test_too_small_instalments_are_for_somebody_to_decide(self):
        self.company.dunning_arrangement_min_amount = 75.1

        self.assertFalse(self._ask(4))
        self.assertEqual(len(self.notice.activity_ids), 1)

    def test_asking_again_makes_no_second_activity(self):
        self._ask(5)
        self._ask(6)

        self.assertEqual(len(self.notice.activity_ids), 1)

    def test_never_by_itself_after_one_that_lapsed(self):
        broken = self._start(self.move)
        broken.write({"state": "broken", "broken_on": DRAWN_UP})

        self.assertFalse(self._ask(3))
        self.assertEqual(len(self.notice.activity_ids), 1)

    def test_protected_debtor_gets_no_offer_by_itself(self):
        with freeze_time(DRAWN_UP):
            self.env["dunning.protection"].create(
                {
                    "partner_id": self.debtor.id,
                    "kind": "moratorium",
                    "date": DRAWN_UP,
                }
            )

        self.assertFalse(self._ask(3))
        self.assertEqual(len(self.notice.activity_ids), 1)

    def test_not_while_one_is_open_or_the_company_does_not_want_it(self):
        offered = self._ask(3)
        self.assertEqual(self._ask(3), offered)
        self.assertEqual(self._get_arrangements(), offered)

        self._get_arrangements()._cancel("Nee")
        self.company.dunning_arrangement_ask = False
        with self.assertRaises(UserError):
            self._ask(3)

    def _get_arrangements(self):
        return self.env["payment.arrangement"].search(
            [("partner_id", "=", self.debtor.id)]
        )

    # === PAGE === #

    def _post(self, token, **data):
        self.authenticate(None, None)
        answer = self.url_open(
            f"/my/dunning/{self.notice.id}/arrangement",
            data={
                "csrf_token": Request.csrf_token(self),
                "access_token": token,
                **data,
            },
        )
        self.env.invalidate_all()
        return answer

    def test_visitor_asks_and_gets_the_offer_to_sign(self):
        today = self.company._get_dunning_today()
        token = self.notice._portal_ensure_token()
        page = self.url_open(f"/my/dunning/{self.notice.id}?access_token={token}")
        self.assertIn("dunning_portal_arrangement", page.text)

        answer = self._post(token, count="3", first_date=str(today))

        arrangement = self._get_arrangements()
        self.assertEqual(arrangement.state, "offered")
        self.assertIn(arrangement.name, answer.text)
        self.assertIn("arrangement_sign", answer.text)

    def test_nonsense_and_forged_tokens_make_nothing(self):
        token = self.notice._portal_ensure_token()
        for data in ({"count": "x"}, {"count": "3"}, {"count": "0", "first_date": "?"}):
            with self.subTest(data):
                self.assertIn("alert-warning", self._post(token, **data).text)
        self._post(
            "forged", count="3", first_date=str(self.company._get_dunning_today())
        )

        self.assertFalse(self._get_arrangements())
