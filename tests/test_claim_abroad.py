from datetime import date

from odoo.tests import freeze_time, tagged

from .claim_common import ClaimCommon

LATER = date(2027, 1, 20)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestClaimAbroad(ClaimCommon):
    """Consumers abroad owe no Dutch costs, unless Dutch law applies: art. 6 Rome I."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belgian = cls._create_debtor(
            "Lieve Peeters",
            is_company=False,
            email="lieve@peeters.example",
            zip="2000",
            city="Antwerpen",
            country_id=cls.env.ref("base.be").id,
        )
        cls.notice_level, cls.last_level = cls.consumer_policy.level_ids[1:]

    def _announce(self, partner):
        """Return what a notice to somebody would announce, whatever his ladder."""
        item = self._get_items(self._create_due_invoice(300, partner=partner))
        with freeze_time("2026-11-24"):
            claims = item._get_dunning_item_claims(
                date(2026, 11, 24), {item.id: self.notice_level}
            )
        announced = claims[item.id].announced
        return float(announced.net) if announced else 0

    def test_no_costs_are_announced_to_a_consumer_abroad(self):
        # 15 % of 300.
        self.assertEqual(self._announce(self.consumer), 45)
        self.assertEqual(self._announce(self.belgian), 0)

    def test_country_of_the_debtor_counts_not_that_of_a_contact(self):
        contact = self._create_debtor(
            "Bezorgadres",
            is_company=False,
            parent_id=self.belgian.id,
            type="delivery",
            country_id=self.env.ref("base.nl").id,
        )

        self.assertEqual(self._announce(contact), 0)

    def test_who_has_no_country_lives_here(self):
        self.consumer.country_id = False

        self.assertEqual(self._announce(self.consumer), 45)

    def test_policy_that_says_that_dutch_law_applies(self):
        self.consumer_policy.write(
            {"dutch_law_abroad": True, "dutch_law_abroad_reason": "Choice of law"}
        )
        move = self._create_due_invoice(300, partner=self.belgian)
        for day in ("2026-11-05", "2026-11-24"):
            notice = self._send(day).notice_ids

        self.assertEqual(notice.amount_announced, 45)
        self.assertEqual(float(self._get_claim(move, LATER).costs), 45)

    def test_no_costs_and_no_interest_once_he_moved_abroad(self):
        move = self._create_due_invoice(300, partner=self.consumer)
        for day in ("2026-11-05", "2026-11-24"):
            self._send(day)
        self.assertEqual(float(self._get_claim(move, LATER).costs), 45)

        self.consumer.country_id = self.env.ref("base.be")

        claim = self._get_claim(move, LATER)
        self.assertEqual((claim.costs, claim.interest, claim.total), (0, 0, 300))

    def test_final_demand_claims_none(self):
        item = self._get_items(self._create_due_invoice(300, partner=self.belgian))

        claims = item._get_dunning_item_claims(LATER, {item.id: self.last_level})

        self.assertEqual(claims[item.id].costs, 0)

    def test_business_abroad_owes_costs_by_its_letter(self):
        belgian = self._create_debtor(
            "Peeters NV", country_id=self.env.ref("base.be").id
        )
        self._create_due_invoice(1000, partner=belgian)
        for day in ("2026-11-05", "2026-11-24", "2026-12-11", "2026-12-31"):
            notice = self._send(day).notice_ids

        self.assertEqual(notice.amount_costs, 150)
