import json
import tempfile
from hashlib import sha256
from io import BytesIO

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import split_every
from odoo.tools.misc import file_open

from ...tools.pdf_book import Part, bind, join, read_sheets
from ..letter.letter_format import (
    LetterFormat,
    format_account,
    format_amount,
    format_short_date,
)
from .dunning_dossier_content import SCHEMA
from .engine.archive import Archive, write_csv, write_json
from .engine.verify import verify

#: Chapters of the PDF, in their order: template, and what of the data it repeats for.
CHAPTERS = (
    ("l10n_nl_dunning.dossier_parties", None),
    ("l10n_nl_dunning.dossier_claim", "claims"),
    ("l10n_nl_dunning.dossier_proof", "fourteen_day_letters"),
    ("l10n_nl_dunning.dossier_letters", None),
    ("l10n_nl_dunning.dossier_history", None),
    ("l10n_nl_dunning.dossier_summons", None),
)
COVER = "l10n_nl_dunning.dossier_cover"

#: So many dossiers are made while the user waits; the job makes more of them.
MADE_AT_ONCE = 3

#: So many invoices are printed in one go: each costs memory.
INVOICES_AT_ONCE = 20


class DunningDossier(models.Model):
    """All that proves a claim on a debtor, as it was on a day, in one ZIP.

    What is in it is collected by `dunning.dossier.content`; here it becomes files. It
    is never changed: who needs a newer one makes a new one.
    """

    _name = "dunning.dossier"
    _inherit = ["dunning.watched.mixin"]
    _description = "Dossier of a debtor"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Reference", required=True, readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    item_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="dunning_dossier_item_rel",
        column1="dossier_id",
        column2="move_line_id",
        string="Items",
        readonly=True,
    )
    date = fields.Date(string="As on", required=True, readonly=True)
    lang = fields.Char(string="Language", required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Made by",
        readonly=True,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Being made"),
            ("done", "Ready"),
            ("failed", "Failed"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    archive_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="ZIP",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    document_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="PDF",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    sum_sha256 = fields.Char(string="SHA-256 of the ZIP", readonly=True)
    missing = fields.Text(
        string="What the claim lacks",
        readonly=True,
        help="What whoever has to prove the claim will miss.",
    )
    error = fields.Text(readonly=True)

    _waiting_idx = models.Index("(id) WHERE state = 'waiting'")

    # === ACTION METHODS === #

    def action_open(self):
        """Open these dossiers."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Dossiers"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action |= {"view_mode": "form", "res_id": self.id}
        return action

    def action_download(self):
        """Fetch the ZIP."""
        return self._fetch_file(self.archive_id, is_download=True)

    def action_print(self):
        """Open the PDF."""
        return self._fetch_file(self.document_id, is_download=False)

    def action_retry(self):
        """Make the dossiers again that failed."""
        self.filtered(lambda dossier: dossier.state == "failed")._make()

    def action_verify(self):
        """Check that the file is still the one that was made, and tell."""
        self.ensure_one()
        problems = self._verify()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "sticky": bool(problems),
                "title": self.env._("Dossier %s", self.name),
                "message": "\n".join(problems)
                or self.env._("Right: no file was changed, added or taken out."),
            },
        }

    def _fetch_file(self, attachment, is_download):
        self.ensure_one()
        if not attachment:
            raise UserError(
                self.env._(
                    "This dossier has no file yet. Wait until it is ready, or try "
                    "again when it failed."
                )
            )
        flag = "true" if is_download else "false"
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download={flag}",
            "target": "self" if is_download else "new",
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_lang_of(self, code):
        """Return the language of a dossier that somebody else reads.

        :param str code: `nl` or `en`
        """
        wanted = {"nl": "nl_NL", "en": "en_US"}[code]
        return self.env["res.partner"]._get_dunning_lang(wanted)

    @api.model
    def _make_of_items(self, items, lang=None):
        """Make a dossier of each debtor and company of some items.

        Many of them are made by the job.

        :param items: `account.move.line`
        :param str lang: language; that of the company without one
        :rtype: recordset of `dunning.dossier`
        :raise UserError: when none of the items is a claim
        """
        items = self._get_claims_among(items)
        dossiers = self.create(
            [
                self._prepare_dossier(company, partner, lines, lang)
                for (company, partner), lines in items.grouped(
                    lambda line: (
                        line.company_id,
                        line.partner_id.commercial_partner_id,
                    )
                ).items()
            ]
        )
        if len(dossiers) <= MADE_AT_ONCE:
            dossiers._make()
        else:
            # sudo: clerks start the job, but may not read scheduled actions
            self.env.ref("l10n_nl_dunning.ir_cron_dossier").sudo()._trigger()
        return dossiers

    @api.model
    def _get_claims_among(self, items):
        """Return those of some entries that are claims on a customer.

        :raise UserError: when none of them is
        """
        claims = items.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and line.partner_id
            )
        )
        if not claims:
            raise UserError(
                self.env._(
                    "There is nothing to make a dossier of: choose posted invoices "
                    "of a customer."
                )
            )
        return claims

    @api.model
    def _prepare_dossier(self, company, partner, items, lang):
        """Return the values of a dossier of today.

        Its reference says whose and of which day it is, and nothing of chance.
        """
        day = company._get_dunning_today()
        lang = lang or partner._get_dunning_lang(company.partner_id.lang)
        return {
            "name": f"{partner.ref or partner.id}-{day:%Y%m%d}",
            "company_id": company.id,
            "partner_id": partner.id,
            "item_ids": [fields.Command.set(items.ids)],
            "date": day,
            "lang": lang,
        }

    @api.model
    def _cron_make(self):
        """Make the dossiers that wait, one after the other."""
        commit_progress = self.env["ir.cron"]._commit_progress
        waiting = [("state", "=", "waiting")]
        commit_progress(remaining=self.search_count(waiting))
        while dossier := self.search(waiting, limit=1, order="id"):
            dossier._try_to_make()
            self.env.invalidate_all()
            if not commit_progress(1):
                break

    def _try_to_make(self):
        """Make a dossier; what cannot be made says why, and stops no other."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self.with_user(self.user_id)._make()
        except UserError as error:
            self.write({"state": "failed", "error": str(error)})

    def _make(self):
        """Make the files of these dossiers, and keep them."""
        for dossier in self:
            dossier = dossier.with_context(lang=dossier.lang).with_company(
                dossier.company_id
            )
            Content = dossier.env["dunning.dossier.content"]
            with tempfile.TemporaryFile() as stream:
                data, book = dossier._write_archive(Content._collect(dossier), stream)
                stream.seek(0)
                content = stream.read()
            dossier._keep(data, book, content)

    def _keep(self, data, book, content):
        """Keep the files that were made."""
        self.ensure_one()
        values = {"res_model": self._name, "res_id": self.id}
        title = self.env._("Dossier %s", self.name)
        archive, document = self.env["ir.attachment"].create(
            [
                {**values, "name": f"{title}.zip", "raw": content},
                {**values, "name": f"{title}.pdf", "raw": book},
            ]
        )
        self.write(
            {
                "archive_id": archive.id,
                "document_id": document.id,
                "sum_sha256": sha256(content).hexdigest(),
                "missing": "\n".join(row["sentence"] for row in data["missing"]),
                "state": "done",
                "error": False,
            }
        )
        (archive + document).invalidate_recordset(["raw", "datas"])

    def _verify(self):
        """Return what is wrong with the file, a sentence each.

        :rtype: list[str]
        """
        self.ensure_one()
        content = self.archive_id.raw or b""
        if sha256(content).hexdigest() != self.sum_sha256:
            return [
                self.env._("The ZIP is not the one that was made: its sum differs.")
            ]
        with file_open(f"l10n_nl_dunning/static/schema/{SCHEMA}.json") as file:
            return verify(BytesIO(content), json.load(file))

    # --- The files.

    def _write_archive(self, data, stream):
        """Write the ZIP.

        :param dict data: what it tells, see `dunning.dossier.content`
        :param stream: where it goes
        :return: the data with the list of files, and the PDF
        :rtype: tuple[dict, bytes]
        """
        self.ensure_one()
        archive, annexes, files = Archive(stream), [], []
        for group, title, path, content in self._get_annexes(data["missing"]):
            files.append({"path": path, "title": title, "group": group})
            archive.add(path, content)
            if sheets := read_sheets(content):
                annexes.append(Part(title, sheets, group))
        book = self._bind(data | {"files": files}, annexes)
        archive.add("dossier.pdf", book)
        for path, content in self._get_tables(data).items():
            archive.add(path, content)
        data["files"] = [
            file | {"sha256": archive.sums[file["path"]]}
            for file in (
                {"path": "dossier.pdf", "title": "Dossier", "group": ""},
                *files,
            )
        ]
        archive.add("dossier.json", write_json(data))
        archive.close()
        return data, book

    def _get_annexes(self, missing):
        """Yield the documents that prove the claim: group, title, path and content.

        One is read at a time, and forgotten when the next one is read.

        :param list missing: gets what is not there
        """
        Content = self.env["dunning.dossier.content"]
        notices = Content._get_notices(self, self.item_ids)
        letters = self.env._("Letters as sent")
        for notice in notices.filtered("letter_id"):
            title = f"{notice.name} {notice.level_id.name or ''}".strip()
            path = f"letters/{_as_file(notice.name)}.pdf"
            yield letters, title, path, _read(notice.letter_id)
        yield from self._get_invoice_annexes(missing)
        yield from self._get_agreed_annexes()

    def _get_invoice_annexes(self, missing):
        """Yield the invoices, as they were kept or as Odoo prints them.

        :param list missing: gets a sentence for each invoice without a copy
        """
        group = self.env._("Invoices")
        moves = self.item_ids.move_id.filtered(lambda move: move.is_invoice())
        moves = moves.sorted(lambda move: (move.date, move.name))
        for ids in split_every(INVOICES_AT_ONCE, moves.ids):
            batch = moves.browse(ids)
            errors = batch._keep_dunning_copies()
            copies = (batch - batch.browse().union(*errors))._get_dunning_copies()
            for move in batch:
                content = _read(move.invoice_pdf_report_id)
                content = content or join(read_sheets(copies.get(move, b"")))
                if content:
                    path = f"invoices/{_as_file(move.name)}.pdf"
                    yield group, move.name, path, content
                    continue
                error = errors.get(move) or self.env._(
                    "There is no copy of invoice %s.", move.name
                )
                missing.append({"code": "copy", "sentence": error})

    def _get_agreed_annexes(self):
        """Yield general conditions, disputes and arrangements."""
        Content = self.env["dunning.dossier.content"]
        lang = (self.partner_id.lang or "nl")[:2]
        known = Content._find_terms(self)
        days = {move.invoice_date or move.date for move in self.item_ids.move_id}
        terms = known.union(*(known._pick(day, lang) for day in days))
        for text in terms.sorted(lambda text: (text.date_from, text.id)):
            path = f"terms/{text.date_from.isoformat()}-{text.lang}-{text.id}.pdf"
            yield self.env._("General conditions"), text.name, path, text._get_content()
        group = self.env._("Payment arrangements")
        for plan in Content._find_arrangements(self, self.item_ids):
            document = plan.signed_document_id or plan.offer_document_id
            if document:
                path = f"arrangements/{_as_file(plan.name)}.pdf"
                yield group, plan.name, path, _read(document)
        group = self.env._("Disputes")
        disputes = Content._get_holds(self, self.item_ids, "dispute")
        files = self.env["ir.attachment"].search(
            [("res_model", "=", disputes._name), ("res_id", "in", disputes.ids)],
            order="id",
        )
        for number, file in enumerate(files | disputes.answer_id, 1):
            path = f"disputes/{number:02}-{_as_file(file.name)}"
            yield group, file.name, path, _read(file)

    def _get_tables(self, data):
        """Return the same as tables, for who reads no JSON.

        :rtype: dict[str, bytes]
        """
        items = [
            {"currency": claim["currency"], "day": claim["day"], **item}
            for claim in data["claims"]
            for item in claim["items"]
        ]
        columns = (
            *("number", "invoice", "due", "in_default_since", "currency"),
            *("principal", "paid", "interest", "costs", "vat", "total"),
            *("paid_costs", "paid_interest", "paid_principal", "disputed"),
        )
        segment = ("start", "end", "days", "base", "percent", "amount")
        parts = {
            "items.csv": (
                columns,
                [[item[name] for name in columns] for item in items],
            ),
            "interest.csv": (
                ("number", *segment),
                [
                    [item["number"], *(row[name] for name in segment)]
                    for item in items
                    for row in item["segments"]
                ],
            ),
            "payments.csv": (
                ("number", "date", "amount"),
                [
                    [item["number"], row["date"], row["amount"]]
                    for item in items
                    for row in item["payments"]
                ],
            ),
        }
        return {path: write_csv(*table) for path, table in parts.items()}

    # --- The PDF.

    def _bind(self, data, annexes):
        """Return the PDF: cover with index, chapters, and the documents behind them.

        :param dict data: what it tells
        :param list[Part] annexes: the documents
        :rtype: bytes
        """
        self.ensure_one()
        pages = list(self._render_chapters(data))
        printed = self.env["dunning.notice"]._print_pages([page for _, page in pages])
        chapters = [
            Part(title, sheets)
            for (title, _page), sheets in zip(pages, printed, strict=True)
        ]
        parts = [*chapters, *annexes]
        # How long the index is decides on which page the rest begins.
        cover = self._print_cover(data, parts, 1)
        if len(cover) > 1:
            cover = self._print_cover(data, parts, len(cover))
        return bind(
            [Part(self.env._("Cover and index"), cover), *parts],
            lambda number, total: self.env._(
                "Dossier %(name)s · page %(number)s of %(total)s",
                name=self.name,
                number=number,
                total=total,
            ),
        )

    def _print_cover(self, data, parts, length):
        """Return the sheets of cover and index.

        :param int length: how many sheets they are
        """
        rows, number, groups = [], length + 1, set()
        for part in parts:
            if part.group and part.group not in groups:
                groups.add(part.group)
                rows.append((part.group, number, "group"))
            rows.append((part.title, number, "part" if part.group else "chapter"))
            number += len(part.sheets)
        page = self._render_page(COVER, data, index=rows)
        [sheets] = self.env["dunning.notice"]._print_pages([page])
        return sheets

    def _render_chapters(self, data):
        """Yield title and page of each chapter that has something to tell."""
        titles = self._get_titles()
        for template, repeated in CHAPTERS:
            title = titles[template.partition(".")[2]]
            if not repeated:
                yield title, self._render_page(template, data, title=title)
                continue
            for part in data[repeated]:
                name = " ".join(filter(None, (title, part.get("reference"))))
                yield name, self._render_page(template, data, title=name, part=part)

    def _get_titles(self):
        return {
            "dossier_parties": self.env._("Parties"),
            "dossier_claim": self.env._("The claim"),
            "dossier_proof": self.env._("Proof of the fourteen-day letter"),
            "dossier_letters": self.env._("Letters and their delivery"),
            "dossier_history": self.env._("Contacts, promises, disputes, arrangements"),
            "dossier_summons": self.env._("What the summons needs"),
        }

    def _render_page(self, template, data, **values):
        """Return a part of the PDF as HTML page."""
        part = self._render_part(template, data, **values)
        return Markup("<!DOCTYPE html>") + part

    def _render_part(self, template, data, **values):
        """Return a template with what the dossier tells, as HTML."""
        lang = self.env.lang[:2]
        return self.env["ir.qweb"]._render(
            template,
            {
                "dossier": self,
                "data": data,
                "letterhead": self.company_id._prepare_dunning_letterhead(),
                "lang": lang,
                "money": lambda text, currency: format_amount(
                    float(text), currency, lang
                ),
                # not broken at a hyphen, wherever it stands
                "day": lambda text: (
                    text
                    and Markup('<span class="date">%s</span>')
                    % format_short_date(fields.Date.to_date(text[:10]), lang)
                ),
                "account": format_account,
                "percent": lambda text: LetterFormat(lang, "EUR").percent(text),
                "label": self._get_label,
                **values,
            },
        )

    def _get_label(self, model, field, code):
        """Return what a code is called on screens, in the language of the dossier."""
        options = self.env[model]._fields[field]._description_selection(self.env)
        return dict(options).get(code, code)


def _read(attachment):
    """Return the content of an attachment, without keeping it in memory."""
    content = attachment.raw or b""
    attachment.invalidate_recordset(["raw", "datas"])
    return content


def _as_file(name):
    """Return a name as that of a file.

    >>> _as_file("INV/2026/00001"), _as_file("a b..pdf")
    ('INV-2026-00001', 'a b..pdf')
    """
    kept = "".join(c if c.isalnum() or c in " ._-" else "-" for c in name or "")
    return kept.strip(" .") or "file"
