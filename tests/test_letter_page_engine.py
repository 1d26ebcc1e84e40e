import doctest
from types import SimpleNamespace
from unittest.mock import patch

from markupsafe import Markup

from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from ..models.letter import letter_format as letter_format
from ..models.signature.payment_arrangement import LETTER_TEMPLATE
from ..tools import amount_words
from ..tools import pdf as letter_pdf
from .arrangement_common import ArrangementCommon
from .letter_common import LetterCommon


def _page(name, rows):
    body = "".join(f"<p>{name} row {row}</p>" for row in range(rows))
    return f"<html><head></head><body><h1>{name}</h1>{body}</body></html>"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetterEngine(BaseCase):
    def _get_texts(self, letters):
        return [" ".join(page.extract_text() for page in pages) for pages in letters]

    def test_each_letter_gets_exactly_its_own_pages(self):
        rows = {"alfa": 3, "bravo": 45, "charlie": 80, "delta": 3}
        calls = []
        run = letter_pdf._run_wkhtmltopdf

        with patch.object(
            letter_pdf,
            "_run_wkhtmltopdf",
            lambda arguments: calls.append(arguments) or run(arguments),
        ):
            letters = letter_pdf.print_letters([_page(*row) for row in rows.items()])

        if letter_pdf._wkhtml().is_patched_qt:
            self.assertEqual(len(calls), 1)
            self.assertEqual([len(pages) for pages in letters], [1, 2, 3, 1])
        for name, text in zip(rows, self._get_texts(letters), strict=True):
            self.assertEqual(text.count(f"{name} row"), rows[name])
            for other in rows.keys() - {name}:
                self.assertNotIn(other, text)

    def test_unclear_pages_are_printed_singly(self):
        pages = [_page("alfa", 3).replace("h1", "div"), _page("bravo", 3)]

        with self.assertLogs(letter_pdf._logger, "WARNING"):
            letters = letter_pdf._print_together(pages)

        first, second = self._get_texts(letters)
        self.assertIn("alfa", first)
        self.assertNotIn("bravo", first)
        self.assertIn("bravo", second)

    def test_engine_without_patched_qt_gets_one_document_a_call(self):
        calls = []

        def run(arguments):
            calls.append([a for a in arguments if a.endswith(".html")])
            with open(arguments[-1], "wb") as file:
                file.write(pdf)
            with open(calls[-1][0], encoding="utf-8") as file:
                self.assertIn("zoom", file.read())
            self.assertNotIn("--disable-smart-shrinking", arguments)
            return SimpleNamespace(returncode=0, stderr="")

        pdf = letter_pdf.join_sheets(letter_pdf.print_letters([_page("alfa", 1)])[0])
        with (
            patch.object(
                letter_pdf, "_wkhtml", lambda: SimpleNamespace(is_patched_qt=False)
            ),
            patch.object(letter_pdf, "_run_wkhtmltopdf", run),
        ):
            letters = letter_pdf.print_letters(
                [Markup(_page("a", 1)), Markup(_page("b", 1))]
            )

        self.assertEqual([len(call) for call in calls], [1, 1])
        self.assertEqual(len(letters), 2)

    def test_examples_are_true(self):
        for module in (amount_words, letter_format):
            with self.subTest(module=module.__name__):
                outcome = doctest.testmod(module)
                self.assertGreater(outcome.attempted, 0)
                self.assertEqual(outcome.failed, 0)

    def test_dutch_numbers_in_words(self):
        for number, words in (
            (21, "eenentwintig"),
            (1000, "duizend"),
            (1001, "duizend een"),
            (1999, "negentienhonderdnegenennegentig"),
            (11000, "elfduizend"),
            (101101, "honderdeenduizend honderdeen"),
            (1200000, "een miljoen tweehonderdduizend"),
        ):
            with self.subTest(number=number):
                self.assertEqual(amount_words.number_in_words(number, "nl"), words)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetterEngineFailure(LetterCommon):
    def test_failing_engine_is_explained(self):
        notice = self._create_letter((10, self._get_level("reminder")))
        failure = SimpleNamespace(returncode=1, stderr="segmentation fault")

        with (
            patch.object(letter_pdf, "_run_wkhtmltopdf", lambda arguments: failure),
            self.assertRaisesRegex(UserError, "wkhtmltopdf.*segmentation fault"),
        ):
            notice._render_letters()

    def test_missing_engine_is_explained(self):
        notice = self._create_letter((10, self._get_level("reminder")))

        with (
            patch.object(
                letter_pdf, "_run_wkhtmltopdf", side_effect=FileNotFoundError("gone")
            ),
            self.assertRaisesRegex(UserError, "wkhtmltopdf.*gone"),
        ):
            notice._render_letters()


@tagged("post_install_l10n", "post_install", "-at_install")
class TestArrangementEngineFailure(ArrangementCommon):
    def test_missing_engine_is_explained_in_the_same_words(self):
        arrangement = self._draw_up(self._create_reminded_invoice())

        with (
            patch.object(
                letter_pdf, "_run_wkhtmltopdf", side_effect=FileNotFoundError("gone")
            ),
            self.assertRaisesRegex(UserError, "^The letters .*wkhtmltopdf.*gone"),
        ):
            arrangement._render_letter(LETTER_TEMPLATE)
