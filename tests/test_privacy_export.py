import json
import zipfile
from base64 import b64decode
from datetime import date
from io import BytesIO

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from .dossier_common import MADE_ON, DossierCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestPrivacyExport(DossierCommon):
    """All that is known of a person, and who looked at what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notice = cls._create_letter((1000, cls._get_level("final_demand")))
        cls.clerk = cls._create_user("clerk", "account.group_account_invoice")

    @classmethod
    def _create_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _export(self, partner=None, user=None):
        """Export as a user does; return the data and the text of the PDF."""
        with freeze_time(MADE_ON):
            action = (partner or self.debtor).action_export_dunning_data()
            wizard = (
                self.env["dunning.personal.export"]
                .with_user(user or self.clerk)
                .with_context(**action["context"])
                .create({})
            )
            wizard.action_export()
        with zipfile.ZipFile(BytesIO(b64decode(wizard.file))) as archive:
            self.assertEqual(
                archive.namelist(), ["personal-data.json", "personal-data.pdf"]
            )
            data = json.loads(archive.read("personal-data.json"))
            return data, self._read(archive.read("personal-data.pdf"))

    def test_export_has_all_that_is_known(self):
        self.env["dunning.contact"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.debtor.id,
                "date": "2026-12-01 10:00:00",
                "note": "Is ziek",
            }
        )
        with freeze_time("2026-12-01"):
            self.env["dunning.protection"].create(
                {"partner_id": self.debtor.id, "kind": "debt_counselling"}
            )
        self.debtor.message_post(body="Belt na het weekend terug")

        data, pages = self._export()

        self.assertEqual(
            (data["schema"], data["date"]), ("personal-data-1", "2026-12-15")
        )
        person = {row["what"]: row["value"] for row in data["person"]}
        self.assertEqual(person["Naam"], self.debtor.name)
        self.assertEqual(person["E-mail"], "administratie@goudenaar.example")
        [invoice] = data["invoices"]
        self.assertEqual(
            (invoice["total"], invoice["open"], invoice["due"]),
            ("1000.00", "1000.00", "2026-11-02"),
        )
        self.assertEqual(data["letters"][0]["number"], self.notice.name)
        self.assertEqual(data["contacts"][0]["text"], "Is ziek")
        self.assertEqual(data["protections"][0]["kind"], "Minnelijke schuldhulp")
        texts = [row["text"] for row in data["messages"]]
        self.assertIn("Belt na het weekend terug", texts)
        self.assertEqual([row["months"] for row in data["retention"]], ["84"] * 4)
        text = " ".join(pages)
        for part in (self.debtor.name, "Is ziek", "02-11-2026", "Facturen"):
            self.assertIn(part, text)

    def test_export_has_nothing_of_others(self):
        other = self._create_debtor(name="Garage Vos", email="vos@vos.example")
        self._create_due_invoice(77, partner=other)

        data, _pages = self._export()

        self.assertNotIn("vos", json.dumps(data).lower())
        self.assertEqual(len(data["invoices"]), 1)

    def test_export_of_a_contact_is_that_of_the_customer(self):
        person = self.env["res.partner"].create(
            {"name": "Jan Jansen", "parent_id": self.debtor.id, "email": "jan@jan.nl"}
        )

        data, _pages = self._export(person)

        self.assertEqual(data["contacts_of"][0]["name"], "Jan Jansen")

    def test_others_cannot_export(self):
        stranger = self._create_user("stranger", "base.group_user")

        with self.assertRaises(AccessError):
            self._export(user=stranger)

    # === WHO LOOKED === #

    def _get_log(self):
        self.env.flush_all()
        return [
            (log.user_id, log.what, log.name, log.times)
            for log in self.env["dunning.access.log"].search(
                [("partner_id", "=", self.debtor.id)], order="id"
            )
        ]

    def test_opening_a_dossier_is_recorded(self):
        dossier = self._make_dossier(self.notice.line_ids.move_line_id)
        self.assertFalse(self._get_log())

        with freeze_time(MADE_ON):
            opened = dossier.with_user(self.clerk)
            opened.web_read({"name": {}})
            opened.web_read({"name": {}})
            opened.action_download()

        self.assertEqual(
            self._get_log(),
            [
                (self.clerk, "dossier", dossier.name, 2),
                (self.clerk, "dossier_file", dossier.name, 1),
            ],
        )

    def test_each_day_has_its_own_line(self):
        dossier = self._make_dossier(self.notice.line_ids.move_line_id)

        for day in ("2026-12-15", "2026-12-16"):
            with freeze_time(day):
                dossier.with_user(self.clerk).web_read({"name": {}})

        self.assertEqual([row[3] for row in self._get_log()], [1, 1])

    def test_protected_status_and_export_are_recorded(self):
        with freeze_time(MADE_ON):
            status = self.env["dunning.protection"].create(
                {"partner_id": self.debtor.id, "kind": "moratorium"}
            )
            status.with_user(self.clerk).web_read({"kind": {}})
        data, _pages = self._export()

        self.assertEqual(
            [row[:2] for row in self._get_log()],
            [(self.clerk, "protection"), (self.clerk, "export")],
        )
        # The person learns when it was looked at, not by whom.
        self.assertEqual([row["date"] for row in data["looked_at"]], ["2026-12-15"] * 2)
        self.assertNotIn("clerk", json.dumps(data["looked_at"]))

    def test_managers_alone_see_the_record(self):
        self._export()
        manager = self._create_user("manager", "account.group_account_manager")
        Log = self.env["dunning.access.log"]

        self.assertTrue(Log.with_user(manager).search_count([]))
        with self.assertRaises(AccessError):
            Log.with_user(self.clerk).search_count([])
        with self.assertRaises(AccessError):
            Log.with_user(manager).search([]).unlink()
        Log.with_user(manager).get_views([(False, "list"), (False, "search")])

    def test_old_records_are_forgotten(self):
        self._export()
        Log = self.env["dunning.access.log"].sudo()
        with freeze_time(date(2031, 12, 15)):
            Log._gc_log()
            self.assertTrue(Log.search_count([]))
        with freeze_time(date(2031, 12, 16)):
            Log._gc_log()
            self.assertFalse(Log.search_count([]))
