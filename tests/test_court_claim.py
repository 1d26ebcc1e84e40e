import json
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import html2plaintext

from ..law.court import is_subdistrict, payment_order_obstacle
from .dossier_common import MADE_ON, DossierCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestCourtClaim(DossierCommon):
    """Claims in court that the creditor brings himself: drafts to be checked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.company_registry = "12345678"
        cls.final = cls._get_level("final_demand")

    def _create_sent(self, amount=1000, **values):
        notice = self._create_letter((amount, self.final), **values)
        notice._attach_letters()
        self.env.flush_all()
        return notice.line_ids.move_line_id

    def _sue(self, items):
        with freeze_time(MADE_ON):
            action = items.action_claim_dunning_in_court()
            return self.env["dunning.court.claim"].browse(action["res_id"])

    def _create_german(self, **values):
        partner = self._create_debtor(
            name="Bäckerei Schmidt GmbH",
            street="Hauptstraße 1",
            zip="10115",
            city="Berlin",
            **{"country_id": self.env.ref("base.de").id, **values},
        )
        self.env.flush_all()
        return partner

    # === WHICH COURT === #

    def test_limit_of_the_sub_district_court(self):
        self.assertTrue(is_subdistrict("25000"))
        self.assertFalse(is_subdistrict("25000.01"))

    def test_where_an_order_for_payment_can_be_asked_for(self):
        for countries, is_consumer, obstacle in (
            (("NL", "DE"), False, None),
            (("NL", "NL"), False, "domestic"),
            (("NL", ""), False, "domestic"),
            (("NL", "DK"), False, "outside"),
            (("NL", "GB"), False, "outside"),
            (("NL", "BE"), True, "consumer"),
        ):
            with self.subTest(countries):
                self.assertEqual(
                    payment_order_obstacle(*countries, is_consumer), obstacle
                )

    # === THE SUMMONS === #

    def test_summons_is_prepared_as_draft(self):
        items = self._create_sent()

        claim = self._sue(items)

        # 43 days at 10.40% of 1,000 is 12.25; costs 15% of 1,000.
        self.assertRecordValues(
            claim,
            [
                {
                    "kind": "subdistrict",
                    "state": "draft",
                    "date": MADE_ON,
                    "principal": 1000,
                    "interest": 12.25,
                    "costs": 150,
                    "total": 1162.25,
                }
            ],
        )
        self.assertTrue(claim.name.startswith("KV/"))
        text = html2plaintext(claim.text).replace("\xa0", " ")
        for part in (
            "De partijen",
            "Van Dam Kantoormeubelen B.V.",
            "12345678",
            self.debtor.name,
            items.move_id.name,
            "02-11-2026",
            "artikel 6:119a BW",
            "€ 1.162,25",
            "uitvoerbaar bij voorraad",
        ):
            self.assertIn(part, text)
        self.assertEqual(claim.dossier_id.state, "done")

    def test_text_is_completed_and_printed(self):
        claim = self._sue(self._create_sent())
        claim.text = claim.text.replace("[…]", "Geleverd zijn tien bureaus.")

        with freeze_time(MADE_ON):
            claim.action_print()
            first = claim.document_id
            claim.action_print()

        self.assertFalse(first.exists())
        pages = " ".join(self._read(claim.document_id.raw))
        for part in ("Concept-dagvaarding", "Geleverd zijn tien bureaus", claim.name):
            self.assertIn(part, pages)

    def test_what_has_to_be_checked_is_listed(self):
        claim = self._sue(self._create_sent())

        # The dossier misses general conditions; five things for people to look up.
        lines = claim.checks.splitlines()
        self.assertEqual(len(lines), 6)
        self.assertIn("general conditions", lines[0])
        self.assertIn("article 99 Rv", claim.checks)
        self.assertIn("article 111(3) Rv", claim.checks)

    def test_consumer_is_told_what_the_court_looks_at(self):
        level = self._get_level("fourteen_day", "consumer")
        notice = self._create_letter((500, level), partner=self.consumer)
        notice._attach_letters()
        notice.line_ids.deadline = False
        self.env.flush_all()

        claim = self._sue(notice.line_ids.move_line_id)

        self.assertEqual(claim.costs, 0)
        self.assertIn("of its own motion", claim.checks)
        self.assertIn("No collection costs are claimed", claim.checks)
        self.assertIn("geen incassokosten gevorderd", claim.text)

    def test_more_than_the_limit_needs_a_lawyer(self):
        # With interest it is more than 25,000.
        with self.assertRaisesRegex(UserError, "article 93 Rv"):
            self._sue(self._create_sent(24_000))

    def test_dispute_is_told_with_the_defence(self):
        items = self._create_sent()
        with freeze_time("2026-12-10"):
            self.env["dunning.hold"].create(
                {
                    "partner_id": self.debtor.id,
                    "kind": "dispute",
                    "move_line_ids": [(6, 0, items.ids)],
                    "amount_disputed": 400,
                    "note": "Vier bureaus waren beschadigd",
                }
            )
        self.env.flush_all()

        claim = self._sue(items)

        self.assertIn("Vier bureaus waren beschadigd", claim.text)

    def test_pause_and_protection_stand_in_the_way(self):
        items = self._create_sent()
        with freeze_time(MADE_ON):
            hold = self.env["dunning.hold"].create(
                {
                    "partner_id": self.debtor.id,
                    "kind": "other",
                    "move_line_ids": [(6, 0, items.ids)],
                }
            )
            self.env.flush_all()
            with self.assertRaisesRegex(UserError, "Paused"):
                self._sue(items)
            hold.date_end = MADE_ON
            self.env["dunning.protection"].create(
                {"partner_id": self.debtor.id, "kind": "bankruptcy"}
            )
            with self.assertRaisesRegex(UserError, "protected by law"):
                self._sue(items)

    def test_nothing_open_is_refused(self):
        items = self._create_sent()
        self._pay(items.move_id, day=date(2026, 12, 1))

        with self.assertRaisesRegex(UserError, "something is open"):
            self._sue(items)

    # === THE EUROPEAN ORDER FOR PAYMENT === #

    def test_form_a_is_filled_in(self):
        items = self._create_sent(partner=self._create_german(vat="DE136695976"))

        claim = self._sue(items)

        self.assertEqual(
            (claim.kind, claim.court), ("payment_order", "Rechtbank Den Haag")
        )
        form = json.loads(claim.form_id.raw)
        self.assertEqual(
            form["cross_border"], {"claimant": "NL", "defendant": "DE", "court": "NL"}
        )
        self.assertEqual(
            [(p["code"], p["name"]) for p in form["parties"]],
            [
                ("01", "Van Dam Kantoormeubelen B.V."),
                ("02", "Bäckerei Schmidt GmbH"),
            ],
        )
        self.assertEqual(form["bank"]["iban"], "NL91ABNA0417164300")
        [principal] = form["principal"]
        self.assertEqual(
            (principal["amount"], principal["due"], principal["circumstances"]),
            ("1000.00", "2026-11-02", "30"),
        )
        self.assertEqual(form["interest"][0]["amount"], "12.25")
        self.assertEqual(form["costs"], [{"code": "02", "amount": "150.00"}])
        self.assertEqual(form["total"], "1162.25")
        self.assertTrue(form["evidence"])

    def test_form_a_is_printed(self):
        claim = self._sue(self._create_sent(partner=self._create_german()))

        with freeze_time(MADE_ON):
            claim.action_print()

        pages = " ".join(self._read(claim.document_id.raw))
        for part in ("formulier A", "Rechtbank Den Haag", "Bäckerei Schmidt GmbH"):
            self.assertIn(part, pages)
        self.assertEqual(len(claim.checks.splitlines()), 6)

    def test_consumer_abroad_is_sued_where_he_lives(self):
        consumer = self._create_german(is_company=False)

        with self.assertRaisesRegex(UserError, "in which he lives"):
            self._sue(self._create_sent(partner=consumer))

    def test_outside_the_union_is_refused(self):
        dane = self._create_german(country_id=self.env.ref("base.dk").id)

        with self.assertRaisesRegex(UserError, "not in Denmark"):
            self._sue(self._create_sent(partner=dane))

    # === WHAT BECOMES OF IT === #

    def test_decision_becomes_a_title(self):
        claim = self._sue(self._create_sent())
        with freeze_time("2027-03-01"):
            with self.assertRaisesRegex(UserError, "no longer a draft"):
                claim.action_decide()
            claim.action_file()
            claim.case_number = "11234567 CV EXPL 27-123"
            claim.action_decide()

        self.assertRecordValues(
            claim.title_id,
            [
                {
                    "name": "11234567 CV EXPL 27-123",
                    "kind": "judgment",
                    "amount": 1162.25,
                    "date": date(2027, 3, 1),
                    "lapses_on": date(2047, 3, 1),
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "Withdraw it"):
            claim.unlink()

    def test_screens_open(self):
        for group in ("readonly", "invoice", "manager"):
            user = new_test_user(
                self.env, login=f"user_{group}", groups=f"account.group_account_{group}"
            )
            self.env["dunning.court.claim"].with_user(user).get_views(
                [(False, "list"), (False, "form"), (False, "search")]
            )
        for model in ("res.partner", "account.move", "account.move.line"):
            actions = self.env["ir.actions.actions"].get_bindings(model)["action"]
            self.assertIn("Claim in court…", [action["name"] for action in actions])
