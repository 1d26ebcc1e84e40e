import json
import zipfile
from datetime import date
from io import BytesIO

from odoo.tests import freeze_time

from .letter_common import LetterCommon

#: The letters of `LetterCommon` are of 23 November 2026.
MADE_ON = date(2026, 12, 15)


class DossierCommon(LetterCommon):
    """A dossier of a debtor, with a PDF for each invoice as if it had been sent."""

    @classmethod
    def _create_due_invoice(cls, *args, **kwargs):
        move = super()._create_due_invoice(*args, **kwargs)
        if move.move_type == "out_invoice":
            cls._keep_pdf(move)
        return move

    @classmethod
    def _keep_pdf(cls, move):
        """Keep a PDF with an invoice, as sending it does."""
        cls.env["ir.attachment"].create(
            {
                "name": f"{move.name}.pdf",
                "raw": cls._make_pdf(f"Factuur {move.name}"),
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        move.invalidate_recordset(["invoice_pdf_report_id"])

    @classmethod
    def _make_pdf(cls, text):
        from reportlab.pdfgen.canvas import Canvas

        stream = BytesIO()
        canvas = Canvas(stream, invariant=1)
        canvas.drawString(72, 720, text)
        canvas.save()
        return stream.getvalue()

    @classmethod
    def _make_dossier(cls, items, day=MADE_ON):
        with freeze_time(day):
            return cls.env["dunning.dossier"]._make_of_items(items)

    def _open(self, dossier):
        """Return the files of the ZIP by path."""
        with zipfile.ZipFile(BytesIO(dossier.archive_id.raw)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def _read_data(self, dossier):
        return json.loads(self._open(dossier)["dossier.json"])
