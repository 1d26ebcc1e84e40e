import json
from datetime import datetime, timedelta

from odoo.tests import HttpCase, freeze_time, new_test_user, tagged

from .common import FIRST_REMINDER, DunningCommon

NOBODY = 2_000_000_000  # an id that no record has


@tagged("post_install_l10n", "post_install", "-at_install")
class TestApi(DunningCommon, HttpCase):
    """What README names as the entry points of the external API, through HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = cls._create_key("invoicing", "account.group_account_invoice")

    @classmethod
    def _create_key(cls, login, groups):
        """Return an API key of a new user of the company."""
        user = new_test_user(
            cls.env,
            login=f"dunning_api_{login}",
            groups=groups,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        Key = cls.env["res.users.apikeys"].with_user(user)
        # Not frozen: the real clock decides whether it has expired.
        expiration = datetime.now() + timedelta(days=0.5)
        return Key._generate("rpc", "test", expiration)

    def _post(self, path, key=None, **values):
        """Call a method on the day of the first reminder.

        :param str path: model and method
        :return: the answer of the server
        """
        self.env.flush_all()
        with freeze_time(FIRST_REMINDER):
            answer = self.url_open(
                f"/json/2/{path}",
                data=json.dumps(values),
                headers={
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {key or self.key}",
                },
            )
        self.env.invalidate_all()
        return answer

    def _call(self, path, **values):
        """Call a method and return what it answers."""
        answer = self._post(path, **values)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()

    def _assert_refused(self, status, words, path, **values):
        answer = self._post(path, **values)
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertIn(words, answer.json()["message"])

    def test_round_from_proposal_to_delivery(self):
        move = self._create_due_invoice(100)

        run_ids = self._call(
            "dunning.run/propose", company=self.company.id, date="2026-11-05"
        )

        run = self.env["dunning.run"].browse(run_ids)
        self.assertEqual(run.notice_ids.line_ids.move_id, move)
        self.assertEqual(run.date, FIRST_REMINDER)
        self.assertIs(self._call("dunning.run/action_confirm", ids=run_ids), True)
        self.assertEqual(run.notice_ids.state, "queued")
        delivered = self._call("dunning.notice/deliver", limit=1)
        self.assertEqual(delivered, run.notice_ids.ids)
        self.assertEqual(run.notice_ids.state, "pending")

    def test_round_of_one_ladder_and_one_debtor(self):
        other = self._create_debtor("Slagerij Vermeer B.V.")
        self._create_due_invoice(100)
        move = self._create_due_invoice(200, partner=other)

        run_ids = self._call(
            "dunning.run/propose",
            company=self.company.id,
            policies=self.policy.ids,
            partners=other.id,
        )

        run = self.env["dunning.run"].browse(run_ids)
        self.assertEqual(run.notice_ids.line_ids.move_id, move)

    def test_plan_of_items(self):
        item = self._get_item(self._create_due_invoice(100))

        plan = self._call("account.move.line/get_dunning_plan", ids=item.ids)
        early = self._call(
            "account.move.line/get_dunning_plan", ids=item.ids, date="2026-11-02"
        )

        step = {"item_id": item.id, "level_id": self.reminder.id, "date": "2026-11-05"}
        self.assertEqual(plan, [step | {"obstacle": False}])
        self.assertEqual([each["obstacle"] for each in early], ["not_due"])

    def test_claim_of_items(self):
        item = self._get_item(self._create_due_invoice(100))

        [claim] = self._call("account.move.line/get_dunning_claim", ids=item.ids)

        self.assertEqual(claim["partner_id"], self.debtor.id)
        self.assertEqual([each["item_id"] for each in claim["items"]], item.ids)
        self.assertGreaterEqual(claim["total"], 100)

    def test_wrong_id_is_not_found(self):
        path = "dunning.run/propose"
        self._assert_refused(404, "res.company", path, company=NOBODY)
        given = {"company": self.company.id}
        self._assert_refused(404, "policies", path, **given, policies=[NOBODY])
        self._assert_refused(404, "partners", path, **given, partners=[NOBODY])
        for path in (
            "dunning.run/action_confirm",
            "account.move.line/get_dunning_plan",
            "account.move.line/get_dunning_claim",
        ):
            self._assert_refused(404, "", path, ids=[NOBODY])

    def test_what_is_no_id_is_refused_with_what_to_pass(self):
        path = "dunning.run/propose"
        for company in ("Van Dam", [1, "2"], {"id": 1}, 1.5, True, -1):
            with self.subTest(company):
                self._assert_refused(422, "pass the id", path, company=company)
        given = {"company": self.company.id}
        self._assert_refused(422, "“policies”", path, **given, policies="all")
        self._assert_refused(422, "“partners”", path, **given, partners=["x"])
        self._assert_refused(422, "one company", path, company=None)

    def test_wrong_day_is_refused_with_what_to_pass(self):
        item = self._get_item(self._create_due_invoice(100))
        self._assert_refused(
            422,
            "2026-11-05",
            "dunning.run/propose",
            company=self.company.id,
            date="5 november",
        )
        for path in (
            "account.move.line/get_dunning_plan",
            "account.move.line/get_dunning_claim",
        ):
            for day in ("2026-13-01", 20261105, ["2026-11-05"], "tomorrow"):
                with self.subTest(path=path, day=day):
                    self._assert_refused(
                        422, "2026-11-05", path, ids=item.ids, date=day
                    )

    def test_wrong_number_is_refused_with_what_to_pass(self):
        for limit in (-1, 0, 2.5, "ten", [10]):
            with self.subTest(limit):
                self._assert_refused(
                    422, "whole number", "dunning.notice/deliver", limit=limit
                )

    def test_company_of_others_is_refused(self):
        other = self.setup_other_company()["company"]

        answer = self._post("dunning.run/propose", company=other.id)

        self.assertEqual(answer.status_code, 403)

    def test_user_without_accounting_rights_is_refused(self):
        item = self._get_item(self._create_due_invoice(100))
        run = self._propose(FIRST_REMINDER)
        key = self._create_key("clerk", "base.group_user")
        for path, values in (
            ("dunning.run/propose", {"company": self.company.id}),
            ("dunning.run/action_confirm", {"ids": run.ids}),
            ("dunning.notice/deliver", {}),
            ("account.move.line/get_dunning_plan", {"ids": item.ids}),
            ("account.move.line/get_dunning_claim", {"ids": item.ids}),
        ):
            with self.subTest(path):
                answer = self._post(path, key, **values)
                self.assertEqual(answer.status_code, 403, answer.text)
