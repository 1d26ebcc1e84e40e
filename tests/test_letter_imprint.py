from datetime import date

from odoo.tests import freeze_time, tagged

from .arrangement_common import DRAWN_UP, ArrangementCommon
from .common import FIRST_REMINDER
from .letter_common import LetterCommon

NAME = "Van Dam Kantoormeubelen B.V."
PARTICULARS = "· gevestigd te Haarlem, KvK 30123456, btw-nummer NL123456782B90"


@tagged("post_install_l10n", "post_install", "-at_install")
class TestLetterImprint(LetterCommon, ArrangementCommon):
    """Name, seat and numbers: Civil Code 2:75 and 2:186, Handelsregisterwet 27."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "dunning_seat": "Haarlem",
                "company_registry": "30123456",
                "vat": "NL123456782B90",
            }
        )

    def _get_mails(self, record):
        return self.env["mail.mail"].search(
            [("model", "=", record._name), ("res_id", "in", record.ids)]
        )

    def test_letter_names_the_company_also_on_preprinted_paper(self):
        for is_printed in (True, False):
            with self.subTest(is_printed=is_printed):
                self.company.dunning_letterhead = is_printed
                notice = self._create_letter((10, self._get_level("demand")))

                [page] = self._print(notice)

                self.assertIn(f"{NAME} {PARTICULARS}", page)

    def test_seat_is_the_city_when_nothing_else_is_known(self):
        self.company.dunning_seat = False

        self.assertIn("gevestigd te Amsterdam", self._get_particulars())

    def test_what_the_company_has_not_is_left_out(self):
        self.company.write({"company_registry": False, "vat": False, "city": False})
        self.company.dunning_seat = False

        self.assertEqual(self._get_particulars(), "")

    def test_register_of_another_country_is_not_called_kvk(self):
        self.company.country_id = self.env.ref("base.be")

        self.assertIn("ondernemingsregister 30123456", self._get_particulars())

    def _get_particulars(self):
        return self.company.with_context(lang="nl_NL")._get_dunning_particulars()

    def _check_mail(self, mail):
        [body] = [" ".join(str(html).split()) for html in mail.mapped("body_html")]
        self.assertRegex(body, f"{NAME} *<span [^>]*> ?{PARTICULARS}<")

    def test_mail_of_a_notice_names_the_company(self):
        self._create_due_invoice(100)

        notice = self._send(FIRST_REMINDER).notice_ids

        self._check_mail(notice.delivery_ids.mail_id)

    def test_answer_to_a_dispute_names_the_company(self):
        move = self._create_due_invoice(100)
        with freeze_time(FIRST_REMINDER):
            dispute = self.env["dunning.hold"]._dispute_items(
                self._get_item(move), {"note": "Niet geleverd"}
            )
            dispute._conclude("unjustified", "Geleverd", deadline=date(2026, 11, 20))

        self._check_mail(self._get_mails(dispute))

    def test_confirmation_of_a_promise_names_the_company(self):
        move = self._create_due_invoice(100)
        with freeze_time(FIRST_REMINDER):
            promise = self.env["dunning.hold"]._promise(
                self._get_item(move),
                {
                    "promise_amount": 100,
                    "promise_date": date(2026, 11, 20),
                },
            )

        self._check_mail(self._get_mails(promise))

    def test_mail_with_an_arrangement_names_the_company(self):
        arrangement = self._offer(self._create_reminded_invoice(), day=DRAWN_UP)

        self._check_mail(self._get_mails(arrangement)[0])
