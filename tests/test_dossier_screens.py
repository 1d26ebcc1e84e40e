import json
import subprocess
import sys
import tempfile
from pathlib import Path

from odoo.tests import new_test_user, tagged

from .dossier_common import DossierCommon

COMMAND = Path(__file__).parent.parent / "dev" / "verify_dossier.py"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDossierScreens(DossierCommon):
    """What the screens show of dossiers, and the command that checks one elsewhere."""

    def test_screens_open_for_who_reads_and_for_who_writes(self):
        for group in ("readonly", "invoice"):
            user = new_test_user(
                self.env, login=f"user_{group}", groups=f"account.group_account_{group}"
            )
            for model in ("dunning.dossier", "dunning.terms"):
                views = (
                    self.env[model]
                    .with_user(user)
                    .get_views([(False, "list"), (False, "form"), (False, "search")])
                )
                self.assertEqual(set(views["views"]), {"list", "form", "search"})

    def test_actions_stand_on_customer_invoice_and_list(self):
        for model in ("res.partner", "account.move", "account.move.line"):
            actions = self.env["ir.actions.actions"].get_bindings(model)["action"]
            names = [action["name"] for action in actions]
            self.assertIn("Make a dossier", names)

    def test_buttons_give_files_and_a_missing_one_is_told(self):
        dossier = self._make_dossier(self._get_item(self._create_due_invoice()))

        self.assertIn(str(dossier.archive_id.id), dossier.action_download()["url"])
        self.assertIn(str(dossier.document_id.id), dossier.action_print()["url"])

    def test_command_checks_a_file_without_odoo(self):
        dossier = self._make_dossier(self._get_item(self._create_due_invoice()))
        content = dossier.archive_id.raw

        with tempfile.TemporaryDirectory() as folder:
            right, wrong = Path(folder, "right.zip"), Path(folder, "wrong.zip")
            right.write_bytes(content)
            wrong.write_bytes(content.replace(b"items.csv", b"itemz.csv"))

            good, bad = (self._run_command(path) for path in (right, wrong))

        self.assertEqual(good.returncode, 0, good.stderr)
        self.assertIn("all sums agree", good.stdout)
        self.assertEqual(bad.returncode, 1, bad.stderr)
        self.assertIn("items.csv is missing", bad.stdout)

    def _run_command(self, path):
        """Run the command as who gets the file does: without the packages of Odoo."""
        return subprocess.run(
            [sys.executable, "-I", "-S", str(COMMAND), str(path)],
            capture_output=True,
            text=True,
            check=False,
        )

    def test_schema_is_one_that_others_can_read(self):
        path = COMMAND.parent.parent / "static" / "schema" / "dossier-1.json"
        schema = json.loads(path.read_text())

        self.assertEqual(schema["$id"], "dossier-1")
        self.assertEqual(schema["properties"]["schema"]["const"], "dossier-1")
        try:
            import jsonschema
        except ImportError:
            return
        jsonschema.Draft202012Validator.check_schema(schema)
        dossier = self._make_dossier(self._get_item(self._create_due_invoice()))
        jsonschema.validate(self._read_data(dossier), schema)
