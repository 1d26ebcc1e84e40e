from datetime import date
from decimal import Decimal

from odoo.fields import Command
from odoo.tests import BaseCase, freeze_time, tagged

from ..models.claim.engine.claim import Debt
from ..models.claim.engine.costs import CostRule, Demand, work_out_costs
from .claim_common import ClaimCommon

D = Decimal
DUE = date(2026, 11, 2)
FIRST, SECOND, DAY = date(2026, 11, 24), date(2026, 12, 8), date(2026, 12, 31)


def told(key, principal, day, costs=None, **values):
    """Return an item that a letter of a day told of, with what that letter told."""
    values.setdefault("costs_from", day)
    demand = Demand(day, str(day), costs if costs is None else D(costs))
    return Debt(key, D(principal), DUE, demand=demand, **values)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDemands(BaseCase):
    """What each demand adds to those before it."""

    def _work_out(self, *debts, day=DAY, **rule):
        [costs] = work_out_costs([(list(debts), CostRule(**rule))], day)
        return {key: net for key, (net, _vat) in costs.due.items()}

    def test_later_demand_adds_the_difference(self):
        # 15 % of 345 is 51.75, of which 40 stand already.
        self.assertEqual(
            self._work_out(told("a", 200, FIRST), told("b", 145, SECOND)),
            {"a": 40, "b": D("11.75")},
        )

    def test_what_was_paid_since_is_no_part_of_the_sum(self):
        paid = told("a", 200, FIRST, payments=((date(2026, 12, 1), D(150)),))

        # 50 and 145 are below the 266.67 that the minimum is worth.
        self.assertEqual(
            self._work_out(paid, told("b", 145, SECOND)), {"a": 40, "b": 0}
        )

    def test_payment_after_both_leaves_them(self):
        paid = told("a", 200, FIRST, payments=((date(2026, 12, 20), D(150)),))

        self.assertEqual(
            self._work_out(paid, told("b", 145, SECOND)),
            {"a": 40, "b": D("11.75")},
        )

    def test_demand_does_not_grow_when_an_earlier_one_is_paid(self):
        # Alone, 145 would bear the minimum of 40.
        self.assertEqual(
            self._work_out(told("b", 145, SECOND, costs="11.75")), {"b": D("11.75")}
        )

    def test_demand_grows_with_what_opened_again(self):
        # A payment of 500 was taken back: of a business more is owed than was asked.
        again = told("a", 1000, FIRST, costs=75, costs_asked=D(500))

        self.assertEqual(self._work_out(again), {"a": 150})

    def test_waived_costs_are_not_claimed_by_the_next_demand(self):
        waived = told("a", 200, FIRST, costs_waived=True)

        self.assertEqual(
            self._work_out(waived, told("b", 145, SECOND)),
            {"a": 0, "b": D("11.75")},
        )

    def test_currencies_share_one_scale(self):
        euro, dollar = CostRule(), CostRule(euro_rate=D("0.5"))
        accounts = [
            ([told("a", 200, FIRST)], euro),
            ([told("b", 400, FIRST)], dollar),
        ]

        costs = work_out_costs(accounts, DAY)

        # 200 and 400 x 0.50: 15 % of 400 is 60, of which 40 stand in euro; 20 euro are
        # 40 dollars.
        self.assertEqual([part.due for part in costs], [{"a": (40, 0)}, {"b": (40, 0)}])

    def test_flat_amount_once_for_an_invoice(self):
        debts = [
            told("a1", 500, FIRST, contract="a"),
            told("a2", 500, SECOND, contract="a"),
            told("b", 100, SECOND, contract="b"),
        ]

        self.assertEqual(
            self._work_out(*debts, flat=True), {"a1": 40, "a2": 0, "b": 40}
        )

    def test_flat_amount_that_another_instalment_bore(self):
        item = told("a2", 500, SECOND, contract="a", flat_claimed=True)

        self.assertEqual(self._work_out(item, flat=True), {"a2": 0})

    def test_announced_by_a_notice_that_is_being_made(self):
        new = Debt("b", D(145), DUE, announced_on=SECOND)

        [costs] = work_out_costs([([told("a", 200, FIRST), new], CostRule())], SECOND)

        [share] = costs.announced.values()
        self.assertEqual((share.net, share.over, share.before), (D("11.75"), 345, 40))
        self.assertEqual(costs.due, {"a": (40, 0)})


class DemandCommon(ClaimCommon):
    def _climb(self, *days, **kwargs):
        for day in days:
            notice = self._send(day, **kwargs).notice_ids
        return notice

    def _send_all(self, *days):
        notices = self.env["dunning.notice"]
        for day in days:
            notices |= self._send(day).notice_ids
        return notices


@tagged("post_install_l10n", "post_install", "-at_install")
class TestAnnouncedDemands(DemandCommon):
    """What fourteen-day notices announce together: 6:96(7) BW."""

    #: Days on which the letters about a second invoice, due on 25 November, go out.
    DAYS = (
        *("2026-12-02", "2026-12-15", "2026-12-21", "2026-12-22"),
        *("2026-12-29", "2027-01-05"),
    )

    def _get_notices(self, notices):
        return notices.filtered(lambda n: n.level_id.kind == "fourteen_day")

    def _announce_second(self, *days):
        """Send the first notice about 200, then letters about 145 more."""
        first = self._create_due_invoice(200, partner=self.consumer)
        self._send("2026-11-05")
        self._create_due_invoice(145, partner=self.consumer, due=date(2026, 11, 25))
        notices = self._send_all("2026-11-24", *days)
        return first, self._get_notices(notices)

    def test_second_notice_adds_the_difference_while_the_first_is_open(self):
        _move, notices = self._announce_second(*self.DAYS)

        # 15 % of 345 is 51.75, of which 40 stand already.
        self.assertEqual(notices.sorted("id").mapped("amount_announced"), [40, 11.75])
        data = notices.sorted("id")[1].claim_data
        self.assertEqual(
            (data["announced_over"], data["announced_before"]), ("345.00", "40.00")
        )

    def test_second_notice_after_the_first_was_paid_stands_for_itself(self):
        first, _notices = self._announce_second()
        self._pay(first, day=date(2026, 12, 1))

        notices = self._get_notices(self._send_all(*self.DAYS))

        # The minimum: what was paid is no part of the sum.
        self.assertEqual(notices.mapped("amount_announced"), [40])

    def test_credit_that_both_notices_took_off(self):
        self._create_due_invoice(1000, partner=self.consumer)
        self._create_due_invoice(60, partner=self.consumer, move_type="out_refund")
        self._send("2026-11-05")
        self._create_due_invoice(300, partner=self.consumer, due=date(2026, 11, 25))

        notices = self._get_notices(self._send_all("2026-11-24", *self.DAYS))

        # Of 940 it is 141. They demand 940 and 240: 15 % of 1,180 is 177, 36 more.
        self.assertEqual(
            [(n.amount_total, n.amount_announced) for n in notices.sorted("id")],
            [(940, 141), (240, 36)],
        )

    def test_costs_do_not_grow_when_the_first_is_paid_later(self):
        first, notices = self._announce_second(*self.DAYS)
        second = notices.sorted("id")[1].line_ids.move_line_id
        self._pay(first, day=date(2027, 1, 20))

        [claim] = second._get_dunning_item_claims(date(2027, 3, 1)).values()

        self.assertEqual(float(claim.costs), 11.75)

    def test_claimed_by_the_final_demands_as_announced(self):
        _move, notices = self._announce_second(*self.DAYS)
        second = notices.sorted("id")[1].line_ids.move_id

        finals = self._send_all("2027-01-12", "2027-01-13", "2027-01-20", "2027-02-01")
        claimed = {
            line.move_id: notice.amount_costs
            for notice in finals
            for line in notice.line_ids
        }

        self.assertEqual(claimed[second], 11.75)

    def test_two_currencies_one_minimum(self):
        usd = self.setup_other_currency("USD", rates=[("1900-01-01", 1.0)])
        self._create_due_invoice(100, partner=self.consumer)
        self._create_due_invoice(100, partner=self.consumer, currency_id=usd.id)
        self._send("2026-11-05")

        notices = self._send("2026-11-24").notice_ids

        # 200 in all: the minimum, in the letter in euro.
        self.assertEqual(
            {notice.currency_id.name: notice.amount_announced for notice in notices},
            {"EUR": 40, "USD": 0},
        )
        items = notices.line_ids.move_line_id
        claims = items._get_dunning_item_claims(date(2027, 1, 31)).values()
        self.assertEqual(sum(claim.costs for claim in claims), 40)

    def test_two_currencies_above_the_minimum_at_the_rate(self):
        usd = self.setup_other_currency("USD", rates=[("1900-01-01", 2.0)])
        self._create_due_invoice(200, partner=self.consumer)
        self._create_due_invoice(400, partner=self.consumer, currency_id=usd.id)
        self._send("2026-11-05")

        notices = self._send("2026-11-24").notice_ids

        # 200 and 400 / 2: 15 % of 400 is 60, 20 of it in the letter in dollars: 40.
        self.assertEqual(notices.mapped("amount_announced"), [40, 40])

    def test_letter_on_its_way_counts_for_the_other_currency(self):
        usd = self.setup_other_currency("USD", rates=[("1900-01-01", 1.0)])
        self._create_due_invoice(100, partner=self.consumer)
        self._create_due_invoice(100, partner=self.consumer, currency_id=usd.id)
        self._send("2026-11-05")
        notices = self._propose("2026-11-24").notice_ids
        for notice in notices:
            with freeze_time("2026-11-24"):
                notice.action_confirm()
            self._deliver("2026-11-24")

        self.assertEqual(set(notices.mapped("state")), {"pending"})
        self.assertEqual(sorted(notices.mapped("amount_announced")), [0, 40])

    def test_branches_of_one_company_are_one_creditor(self):
        branch = self.env["res.company"].create(
            {"name": "Van Dam Utrecht", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        self.consumer_policy.company_id = False
        self._create_due_invoice(200, partner=self.consumer)
        self._send("2026-11-05")
        self._send("2026-11-24")
        move = (
            self.env["account.move"]
            .with_company(branch)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": branch.id,
                    "partner_id": self.consumer.id,
                    "invoice_date": date(2026, 10, 1),
                    "invoice_date_due": date(2026, 11, 25),
                    "invoice_payment_term_id": False,
                    "is_move_sent": True,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Lamp", "price_unit": 145, "tax_ids": []}
                        )
                    ],
                }
            )
        )
        move.action_post()
        item = self._get_item(move)
        level = self.consumer_policy.level_ids[1]

        claims = item.with_context(
            allowed_company_ids=branch.ids
        )._get_dunning_item_claims(date(2026, 12, 21), {item.id: level})

        # 15 % of 345 is 51.75, of which the other branch announced 40.
        self.assertEqual(claims[item.id].announced.net, D("11.75"))
        branch.vat = "NL123456782B90"
        self.assertEqual(branch._get_dunning_creditor(), branch)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimedDemands(DemandCommon):
    """What letters to businesses claim together."""

    def test_forty_euro_once_for_an_invoice_in_instalments(self):
        self.company.dunning_costs = "flat"
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (0, 1)
                ],
            }
        )
        self._create_due_invoice(
            1000,
            invoice_payment_term_id=term.id,
            invoice_date=date(2026, 11, 1),
            invoice_date_due=False,
        )

        notice = self._climb("2026-11-06", "2026-11-25", "2026-12-14", "2027-01-04")

        self.assertEqual(notice.level_id, self.final_demand)
        self.assertEqual(notice.amount_costs, 40)

    def test_forty_euro_once_though_the_first_instalment_was_paid(self):
        self.company.dunning_costs = "flat"
        term = self.env["account.payment.term"].create(
            {
                "name": "A month apart",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (0, 30)
                ],
            }
        )
        move = self._create_due_invoice(
            1000,
            invoice_payment_term_id=term.id,
            invoice_date=DUE,
            invoice_date_due=False,
        )
        self._climb("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31")
        first, second = self._get_item(move)
        self._register_payment(move, amount=500, payment_date=date(2027, 1, 4))
        self.assertTrue(first.reconciled)

        claims = second._get_dunning_item_claims(
            date(2027, 2, 1), {second.id: self.final_demand}
        )

        self.assertEqual(claims[second.id].costs, 0)

    def test_later_letter_adds_the_difference(self):
        self._create_due_invoice(200)
        first = self._climb("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31")
        self._create_due_invoice(145, due=date(2026, 12, 31))
        second = self._climb("2027-01-07", "2027-01-26", "2027-02-12", "2027-03-03")

        self.assertEqual(second.level_id, self.final_demand)
        # 15 % of 345 is 51.75, of which 40 stand already.
        self.assertEqual((first.amount_costs, second.amount_costs), (40, 11.75))
