from datetime import date
from io import BytesIO

from odoo.tests import freeze_time
from odoo.tools.pdf import PdfFileReader

from ..models.round.dunning_notice_line import LetterItem
from .common import DunningCommon

TODAY = date(2026, 11, 23)


class LetterCommon(DunningCommon):
    """Letters of the shipped ladders, issued on one day and ready to be printed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("nl_NL")
        cls.env["ir.module.module"]._load_module_terms(["l10n_nl_dunning"], ["nl_NL"])
        cls.company.city = "Amsterdam"
        cls.consumer = cls._create_debtor(
            "Jan van der Heijden", is_company=False, email="jan@example.com"
        )

    @classmethod
    def _get_level(cls, kind, ladder="business"):
        level = cls.env.ref(f"l10n_nl_dunning.dunning_level_{ladder}_{kind}")
        level.attach_invoices = False
        return level

    @classmethod
    def _create_letter(
        cls, *items, partner=None, credits=(), copies=0, issue=True, again=(), **values
    ):
        """Create a letter about (amount, level) items, as one that was issued today.

        Those in `again` are (item, level) pairs.
        """
        partner = partner or cls.debtor
        lines = [
            LetterItem(item.id, level.id or None, item.move_id.name)
            for item, level in again
        ]
        for amount, level in items:
            move = cls._create_due_invoice(amount, partner=partner)
            lines.append(LetterItem(cls._get_item(move).id, level.id, move.name))
        for amount in credits:
            move = cls._create_due_invoice(
                amount, partner=partner, move_type="out_refund"
            )
            lines.append(LetterItem(cls._get_item(move).id, None, move.name))
        notice = cls.env["dunning.notice"].create(
            {
                "company_id": cls.company.id,
                "partner_id": partner.id,
                "recipient_id": partner.id,
                "currency_id": cls.company.currency_id.id,
                "by_email": True,
                **values,
            }
        )
        notice._set_items([lines], TODAY)
        for number in range(copies):
            notice.line_ids[0].copy(
                {
                    "move_line_id": False,
                    "move_name": f"{notice.line_ids[0].move_name}-{number + 1}",
                }
            )
        if issue:
            notice._freeze(TODAY)
        with freeze_time(TODAY):
            notice.mapped("amount_claim")  # worked out before the state freezes it
        notice.state = "sent"  # the debtor may get more letters in the test
        notice.flush_recordset()
        return notice

    @classmethod
    def _create_long_letter(cls, count, level, **values):
        """Create a letter about many items, without the invoices behind them."""
        return cls._create_letter((1000, level), copies=count - 1, **values)

    def _read(self, pdf):
        """Return the text of each page, with plain single spaces."""
        pages = PdfFileReader(BytesIO(pdf)).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    def _print(self, notice):
        return self._read(notice._render_letters()[notice.id])
