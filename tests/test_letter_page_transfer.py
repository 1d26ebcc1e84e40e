from datetime import date
from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from ..tools.qr_code import QrCode
from .arrangement_common import ArrangementCommon

WARNED, BROKEN = date(2026, 11, 24), date(2026, 12, 2)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetterTransfer(ArrangementCommon):
    """Letters that ask for one amount by a day: both in the box, with a code."""

    def setUp(self):
        super().setUp()
        self.move = self._create_due_invoice(amount=300.0)
        self.arrangement = self._start(self.move, with_interest=False)
        self.pages = []
        Notice = self.registry["dunning.notice"]
        real = Notice._print_pages

        def keep(notice, pages):
            self.pages += [
                str(page).replace("\N{NO-BREAK SPACE}", " ") for page in pages
            ]
            return real(notice, pages)

        self.startPatcher(patch.object(Notice, "_print_pages", keep))

    def _assert_asks(self, amount, day, code):
        [page] = self.pages
        box = page[page.index('class="payment"') :]
        for text in (
            f"<b>{amount}</b>",
            f"<b>{day}</b>",
            "NL91 ABNA 0417 1643 00",
            QrCode(code).uri,
        ):
            self.assertIn(text, box)

    def _get_code(self, amount, *references):
        """Return what a bank app reads, for an amount and what to state."""
        lines = ("BCD", "002", "1", "SCT", "", "Van Dam Kantoormeubelen B.V.")
        return "\n".join(
            [
                *lines,
                "NL91ABNA0417164300",
                f"EUR{amount}",
                "",
                "",
                " ".join(references),
                "",
            ]
        )

    def test_warning_asks_for_the_instalment(self):
        with freeze_time(WARNED):
            self.arrangement.line_ids[0]._set_warned(WARNED, BROKEN)
            self.arrangement._attach_warning_letter(
                self.arrangement.line_ids[0], WARNED
            )

        self._assert_asks(
            "€ 100,00",
            "2 december 2026",
            self._get_code(100.0, self.arrangement.name, self.move.name),
        )

    def test_lapse_asks_for_all_that_is_left(self):
        self._pay(self.move, 50, day=WARNED)
        with freeze_time(BROKEN):
            self.arrangement._break(BROKEN)

        # 300 less 50; seven days.
        self._assert_asks(
            "€ 250,00",
            "9 december 2026",
            self._get_code(250.0, self.arrangement.name, self.move.name),
        )
