import base64
import csv
import json
import zipfile
from datetime import date, datetime
from io import BytesIO, StringIO
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools.misc import file_open
from odoo.tools.pdf import PdfFileReader

from ..models.dossier.engine.verify import check, verify
from .dossier_common import MADE_ON, DossierCommon
from .letter_common import TODAY


@tagged("post_install_l10n", "post_install", "-at_install")
class TestDossierMake(DossierCommon):
    """All that proves a claim, in one file that can be checked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.final = cls._get_level("final_demand")
        with file_open("l10n_nl_dunning/static/schema/dossier-1.json") as file:
            cls.schema = json.load(file)

    def _create_kept_letter(self, *items, **values):
        notice = self._create_letter(*items, **values)
        notice._attach_letters()
        return notice

    def _deliver_by(self, notice, channel, sent, **values):
        return self.env["dunning.delivery"].create(
            {
                "notice_id": notice.id,
                "channel": channel,
                "address": "Dorpsstraat 1\n3811 AB AMERSFOORT",
                "state": "sent",
                "date_sent": sent,
                **values,
            }
        )

    # === WHAT IS IN IT === #

    def test_claim_is_told_to_the_day(self):
        notice = self._create_kept_letter((1000, self.final), (250, self.final))

        data = self._read_data(self._make_dossier(notice.line_ids.move_line_id))

        [claim] = data["claims"]
        # Due 2 November 2026, 43 days up to 15 December at 10.40%: 1,000 bears
        # 1000 * 0.104 * 43 / 365 = 12.25, 250 bears 3.06. Costs: 15% of 1,250.
        self.assertEqual(
            {name: claim[name] for name in ("principal", "interest", "costs", "total")},
            {
                "principal": "1250.00",
                "interest": "15.31",
                "costs": "187.50",
                "total": "1452.81",
            },
        )
        self.assertEqual(claim["items"][0]["in_default_since"], "2026-11-03")
        [segment] = claim["items"][0]["segments"]
        self.assertEqual((segment["days"], segment["percent"]), (43, "10.40"))
        self.assertEqual(data["debtor"]["kind"], "business")
        self.assertEqual(data["creditor"]["account"], "NL91ABNA0417164300")

    def test_payments_are_told_with_how_they_were_divided(self):
        notice = self._create_kept_letter((1000, self.final))
        self._pay(notice.line_ids.move_id, 400, day=date(2026, 12, 1))

        data = self._read_data(self._make_dossier(notice.line_ids.move_line_id))

        [item] = data["claims"][0]["items"]
        self.assertEqual(item["payments"], [{"date": "2026-12-01", "amount": "400.00"}])
        # Costs of 15% of 1,000 first, then the interest of 29 days:
        # 1000 * 0.104 * 29 / 365 = 8.26; what is left of 400 pays principal.
        self.assertEqual(
            (item["paid_costs"], item["paid_interest"], item["paid_principal"]),
            ("150.00", "8.26", "241.74"),
        )

    def test_files_stand_in_order_and_in_the_book(self):
        notice = self._create_kept_letter((1000, self.final))
        [move] = notice.line_ids.move_id
        self.env["dunning.terms"].create(
            {
                "name": "Algemene voorwaarden 2026",
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "document": self._encode(self._make_pdf("Artikel 1")),
            }
        )

        dossier = self._make_dossier(notice.line_ids.move_line_id)

        files = self._open(dossier)
        letter = f"letters/{notice.name.replace('/', '-')}.pdf"
        invoice = f"invoices/{move.name.replace('/', '-')}.pdf"
        self.assertEqual(list(files)[:2], [letter, invoice])
        self.assertTrue(list(files)[2].startswith("terms/2026-01-01-nl-"))
        self.assertEqual(
            list(files)[3:],
            [
                *("dossier.pdf", "items.csv", "interest.csv", "payments.csv"),
                *("dossier.json", "SHA256SUMS"),
            ],
        )
        self.assertEqual(files[letter], notice.letter_id.raw)
        [invoice] = self._read_data(dossier)["invoices"]
        self.assertEqual(invoice["terms"], "Algemene voorwaarden 2026")
        pages = self._read(files["dossier.pdf"])
        # Cover, parties, claim, letters, history, summons; letter, invoice, conditions.
        self.assertEqual(len(pages), 9)
        self.assertIn("Dossier", pages[0])
        self.assertIn(f"Factuur {move.name}", pages[7])
        self.assertIn("9 van 9", pages[8])
        self.assertEqual(self._read_index(files["dossier.pdf"]), list(range(9)))

    def _encode(self, content):
        return base64.b64encode(content)

    def _read_index(self, pdf):
        """Return on which pages the bookmarks stand."""

        def flatten(nodes):
            for node in nodes:
                yield from flatten(node) if isinstance(node, list) else [node]

        reader = PdfFileReader(BytesIO(pdf))
        # the reference to the page, not the page itself
        pages = [dict.get(node, "/Page").idnum for node in flatten(reader.outline)]
        numbers = {
            page.indirect_reference.idnum: n for n, page in enumerate(reader.pages)
        }
        return sorted({numbers[page] for page in pages})

    def test_invoice_without_pdf_is_printed(self):
        notice = self._create_kept_letter((1000, self.final))
        move = notice.line_ids.move_id
        move.invoice_pdf_report_id.unlink()
        move.invalidate_recordset()
        printed = self._make_pdf("Afgedrukt")

        with patch.object(
            self.env.registry["account.move"],
            "_render_dunning_copies",
            lambda moves: {move: printed for move in moves},
        ):
            dossier = self._make_dossier(notice.line_ids.move_line_id)

        [content] = [
            content
            for path, content in self._open(dossier).items()
            if path.startswith("invoices/")
        ]
        self.assertEqual(self._read(content), ["Afgedrukt"])

    def test_invoice_that_cannot_be_printed_is_told(self):
        notice = self._create_kept_letter((1000, self.final))
        move = notice.line_ids.move_id
        move.invoice_pdf_report_id.unlink()
        move.invalidate_recordset()

        with patch.object(
            self.env.registry["account.move"],
            "_render_dunning_copies",
            side_effect=ValueError("no engine"),
        ):
            dossier = self._make_dossier(notice.line_ids.move_line_id)

        self.assertIn("no engine", dossier.missing)
        self.assertFalse(dossier._verify())

    def test_contacts_promises_and_disputes_are_told(self):
        notice = self._create_kept_letter((1000, self.final))
        item = notice.line_ids.move_line_id
        reason = self.env["dunning.reason"].create({"name": "Geen geld"})
        with freeze_time("2026-12-01 10:30:00"):
            self.env["dunning.contact"].create(
                {
                    "partner_id": self.debtor.id,
                    "outcome": "reached",
                    "reason_id": reason.id,
                    "note": "Belooft te bellen",
                }
            )
            self.env["dunning.hold"].create(
                {
                    "partner_id": self.debtor.id,
                    "kind": "dispute",
                    "move_line_ids": [Command.set(item.ids)],
                    "note": "Tafel beschadigd",
                    "amount_disputed": 200,
                }
            )

        dossier = self._make_dossier(item)

        data = self._read_data(dossier)
        self.assertEqual(data["contacts"][0]["moment"], "2026-12-01T11:30+01:00")
        self.assertEqual(data["contacts"][0]["reason"], "Geen geld")
        self.assertEqual(data["disputes"][0]["text"], "Tafel beschadigd")
        self.assertEqual(data["disputes"][0]["amount"], "200.00")
        self.assertIn("dispute", [row["code"] for row in data["missing"]])
        text = " ".join(self._read(dossier.document_id.raw))
        self.assertIn("Tafel beschadigd", text)

    def test_of_others_nothing_is_told(self):
        notice = self._create_kept_letter((1000, self.final))
        other = self._create_debtor(name="Garage Vos")
        strange = self._create_kept_letter((77, self.final), partner=other)
        with freeze_time(TODAY):
            self.env["dunning.contact"].create(
                {"partner_id": other.id, "outcome": "reached", "note": "Vreemd"}
            )

        data = self._read_data(self._make_dossier(notice.line_ids.move_line_id))

        text = json.dumps(data)
        for secret in ("Garage Vos", "Vreemd", strange.name):
            self.assertNotIn(secret, text)

    # === THE FOURTEEN-DAY LETTER === #

    def _create_fourteen_day(self):
        level = self._get_level("fourteen_day", "consumer")
        return self._create_kept_letter((500, level), partner=self.consumer)

    def test_fourteen_day_letter_by_post_is_presumed_received(self):
        notice = self._create_fourteen_day()
        self._deliver_by(notice, "post", datetime(2026, 11, 23, 12))

        dossier = self._make_dossier(notice.line_ids.move_line_id)

        [proof] = self._read_data(dossier)["fourteen_day_letters"]
        # Posted on Monday, delivered on the second day after: Wednesday 25 November.
        # Fourteen days from the 26th end on Wednesday 9 December.
        self.assertEqual(
            [proof[n] for n in ("sent", "receipt", "last_day", "costs_due_from")],
            ["2026-11-23", "2026-11-25", "2026-12-09", "2026-12-10"],
        )
        self.assertEqual(proof["proven_receipt"], "")
        self.assertTrue(proof["lapsed"])
        self.assertNotIn("veertiendagenbrief", dossier.missing or "")

    def test_recorded_receipt_that_is_later_counts(self):
        notice = self._create_fourteen_day()
        self._deliver_by(
            notice,
            "registered",
            datetime(2026, 11, 23, 12),
            state="delivered",
            date_delivered=datetime(2026, 11, 27, 9),
            tracking_code="3SABCD1234567",
        )

        data = self._read_data(self._make_dossier(notice.line_ids.move_line_id))

        [proof] = data["fourteen_day_letters"]
        # Received on Friday 27 November: the last day is Friday 11 December.
        self.assertEqual(proof["proven_receipt"], "2026-11-27")
        self.assertEqual(proof["costs_due_from"], "2026-12-12")
        self.assertEqual(proof["tracking_code"], "3SABCD1234567")

    def test_letter_that_came_back_proves_nothing(self):
        notice = self._create_fourteen_day()
        self._deliver_by(notice, "post", datetime(2026, 11, 23, 12), state="returned")

        dossier = self._make_dossier(notice.line_ids.move_line_id)

        [proof] = self._read_data(dossier)["fourteen_day_letters"]
        self.assertEqual((proof["arrived"], proof["lapsed"]), (False, False))
        self.assertIn("veertiendagenbrief", dossier.missing)

    def test_term_that_still_runs_has_not_lapsed(self):
        notice = self._create_fourteen_day()
        self._deliver_by(notice, "post", datetime(2026, 11, 23, 12))
        items = notice.line_ids.move_line_id

        last = self._read_data(self._make_dossier(items, date(2026, 12, 9)))
        after = self._read_data(self._make_dossier(items, date(2026, 12, 10)))

        self.assertFalse(last["fourteen_day_letters"][0]["lapsed"])
        self.assertTrue(after["fourteen_day_letters"][0]["lapsed"])

    # === WHETHER IT CAN BE CHECKED === #

    def test_same_day_gives_the_same_bytes(self):
        notice = self._create_kept_letter((1000, self.final))
        items = notice.line_ids.move_line_id

        first, second = self._make_dossier(items), self._make_dossier(items)

        self.assertNotEqual(first, second)
        self.assertEqual(first.archive_id.raw, second.archive_id.raw)
        self.assertEqual(first.sum_sha256, second.sum_sha256)

    def test_sums_and_schema_are_right(self):
        notice = self._create_fourteen_day()
        self._deliver_by(notice, "post", datetime(2026, 11, 23, 12))

        dossier = self._make_dossier(notice.line_ids.move_line_id)

        self.assertEqual(dossier._verify(), [])
        self.assertEqual(dossier.action_verify()["params"]["type"], "success")
        self.assertEqual(check(self._read_data(dossier), self.schema), [])

    def test_any_change_is_found(self):
        notice = self._create_kept_letter((1000, self.final))
        dossier = self._make_dossier(notice.line_ids.move_line_id)
        files = self._open(dossier)

        def rebuild(**changes):
            stream = BytesIO()
            with zipfile.ZipFile(stream, "w") as archive:
                for path, content in (files | changes).items():
                    if content is not None:
                        archive.writestr(path, content)
            return verify(BytesIO(stream.getvalue()), self.schema)

        self.assertEqual(rebuild(), [])
        [changed] = rebuild(**{"items.csv": b"x"})
        self.assertIn("items.csv was changed", changed)
        [missing] = rebuild(**{"items.csv": None})
        self.assertEqual(missing, "items.csv is missing.")
        [added] = rebuild(**{"extra.txt": b"x"})
        self.assertIn("extra.txt is not in SHA256SUMS", added)
        self.assertEqual(len(verify(BytesIO(b"no zip"), self.schema)), 1)

    def test_other_attachment_is_found(self):
        notice = self._create_kept_letter((1000, self.final))
        dossier = self._make_dossier(notice.line_ids.move_line_id)
        dossier.archive_id.raw = b"something else"

        self.assertEqual(len(dossier._verify()), 1)
        self.assertEqual(dossier.action_verify()["params"]["type"], "danger")

    def test_schema_refuses_what_it_does_not_know(self):
        notice = self._create_kept_letter((1000, self.final))
        data = self._read_data(self._make_dossier(notice.line_ids.move_line_id))

        self.assertEqual(check(data | {"more": 1}, self.schema), ["$: more is unknown"])
        data["claims"][0]["total"] = "12,50"
        [problem] = check(data, self.schema)
        self.assertTrue(problem.startswith("$.claims[0].total: '12,50'"))

    def test_tables_have_no_formulas(self):
        notice = self._create_kept_letter((1000, self.final))
        notice.line_ids.move_id.sudo().name = "=2+5"

        files = self._open(self._make_dossier(notice.line_ids.move_line_id))

        rows = csv.reader(
            StringIO(files["items.csv"].decode("utf-8-sig")), delimiter=";"
        )
        head, row = rows
        self.assertEqual(row[head.index("number")], "'=2+5")

    # === WHO, AND FOR WHOM === #

    def test_each_debtor_gets_his_own(self):
        other = self._create_debtor(name="Garage Vos")
        moves = self._create_due_invoice() + self._create_due_invoice(partner=other)

        with freeze_time(MADE_ON):
            action = moves.action_make_dunning_dossier()

        dossiers = self.env["dunning.dossier"].search(action["domain"])
        self.assertEqual(dossiers.partner_id, self.debtor + other)
        self.assertEqual(set(dossiers.mapped("state")), {"done"})

    def test_customer_makes_one_of_what_is_overdue(self):
        self._create_due_invoice()
        self._create_due_invoice(due=date(2027, 1, 31))

        with freeze_time(MADE_ON):
            action = self.debtor.action_make_dunning_dossier()

        dossier = self.env["dunning.dossier"].browse(action["res_id"])
        self.assertEqual(len(dossier.item_ids), 1)
        self.assertEqual(self.debtor.dunning_dossier_count, 1)

    def test_nothing_to_make_says_so(self):
        with self.assertRaisesRegex(UserError, "Nothing is overdue"):
            self.debtor.action_make_dunning_dossier()

    def test_many_are_made_by_the_job(self):
        partners = [self._create_debtor(name=f"Klant {n}") for n in range(4)]
        moves = self.env["account.move"].union(
            *(self._create_due_invoice(partner=partner) for partner in partners)
        )

        with freeze_time(MADE_ON):
            dossiers = self.env["dunning.dossier"]._make_of_items(moves.line_ids)
            self.assertEqual(set(dossiers.mapped("state")), {"waiting"})
            for dossier in dossiers:
                dossier._try_to_make()

        self.assertEqual(set(dossiers.mapped("state")), {"done"})

    def test_one_that_cannot_be_made_stops_no_other(self):
        dossier = self._make_dossier(self._get_item(self._create_due_invoice()))
        dossier.state = "waiting"

        with patch.object(
            self.env.registry["dunning.dossier"],
            "_make",
            side_effect=UserError("wkhtmltopdf is missing"),
        ):
            dossier._try_to_make()

        self.assertRecordValues(
            dossier, [{"state": "failed", "error": "wkhtmltopdf is missing"}]
        )

    def test_clerk_makes_it_and_a_reader_does_not(self):
        move = self._create_due_invoice()
        clerk = new_test_user(
            self.env,
            login="clerk",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        reader = new_test_user(
            self.env,
            login="reader",
            groups="account.group_account_readonly",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        Dossier = self.env["dunning.dossier"]

        with freeze_time(MADE_ON):
            dossier = Dossier.with_user(clerk)._make_of_items(
                self._get_item(move).with_user(clerk)
            )
            with self.assertRaises(AccessError):
                Dossier.with_user(reader)._make_of_items(
                    self._get_item(move).with_user(reader)
                )

        self.assertEqual(dossier.state, "done")
        self.assertEqual(dossier.with_user(reader).archive_id.raw[:2], b"PK")

    def test_other_company_sees_nothing(self):
        dossier = self._make_dossier(self._get_item(self._create_due_invoice()))
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            login="stranger",
            groups="account.group_account_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )

        found = self.env["dunning.dossier"].with_user(stranger).search([])

        self.assertNotIn(dossier, found)
        with self.assertRaises(AccessError):
            dossier.with_user(stranger).archive_id.with_user(stranger).read(["raw"])

    # === GENERAL CONDITIONS === #

    def test_conditions_are_those_of_the_day_and_the_language(self):
        Terms = self.env["dunning.terms"]
        values = {
            "company_id": self.company.id,
            "document": self._encode(self._make_pdf("Artikel 1")),
        }
        old, dutch, english = Terms.create(
            [
                {
                    **values,
                    "name": "2020",
                    "date_from": "2020-01-01",
                    "date_to": "2025-12-31",
                },
                {**values, "name": "2026", "date_from": "2026-01-01"},
                {**values, "name": "2026 en", "lang": "en", "date_from": "2026-01-01"},
            ]
        )
        texts = old + dutch + english

        self.assertEqual(texts._pick(date(2025, 12, 31), "nl"), old)
        self.assertEqual(texts._pick(date(2026, 1, 1), "nl"), dutch)
        self.assertEqual(texts._pick(date(2026, 1, 1), "en"), english)
        self.assertEqual(texts._pick(date(2025, 6, 1), "en"), old)
        self.assertFalse(texts._pick(date(2019, 12, 31), "nl"))

    def test_conditions_are_a_pdf(self):
        with self.assertRaisesRegex(ValidationError, "no PDF"):
            self.env["dunning.terms"].create(
                {
                    "name": "Tekst",
                    "company_id": self.company.id,
                    "date_from": "2026-01-01",
                    "document": self._encode(b"Artikel 1"),
                }
            )
