from datetime import date

from odoo.tests import freeze_time, tagged

from .letter_common import TODAY
from .portal_common import PortalCommon

#: The debtor promises on Monday 23 November to pay by Friday; what the bank received on
#: that Friday is known on Monday.
PROMISED = date(2026, 11, 27)
LAST_DAY = date(2026, 11, 30)
AFTER = date(2026, 12, 1)


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalPromise(PortalCommon):
    """What a debtor promised, on the page of his letter and in the list."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder = cls._get_level("reminder")

    def _promise(self, items, amount, **values):
        return self.env["dunning.hold"]._hold_items(
            items,
            {
                "kind": "promise",
                "promise_amount": amount,
                "promise_date": PROMISED,
                "note": "Klinkt ongeloofwaardig",
                "user_id": self.env.user.id,
                **values,
            },
        )

    def test_promise_is_shown_with_day_invoices_and_amount(self):
        notice = self._create_letter((100, self.reminder), (50, self.reminder))
        first = notice.line_ids[0]
        self._promise(first.move_line_id, 80)

        text = self._read_page(notice)

        self.assertIn(
            f"Betaaltoezeggingen {first.move_name} Betaling uiterlijk op "
            "27 november 2026 € 80,00 Nog niet vervallen",
            text,
        )
        self.assertNotIn("ongeloofwaardig", text)
        # The other invoice is asked as before.
        self.assertIn("Vandaag te betalen € 150,00", text)
        self.assertIn("Te betalen uiterlijk op 1 december 2026", text)

    def test_promise_of_all_takes_the_place_of_the_term(self):
        notice = self._create_letter((100, self.reminder))
        self._promise(notice.line_ids.move_line_id, 100)

        text = self._read_page(notice)

        self.assertIn("Betaling toegezegd", text)
        self.assertIn(
            "U hebt toegezegd uiterlijk op 27 november 2026 € 100,00 te betalen", text
        )
        self.assertNotIn("Te betalen uiterlijk op", text)
        listed = self._read_list()
        self.assertIn("€ 100,00 Betaling toegezegd 27 november 2026", listed)

    def test_outcome_is_told(self):
        notice = self._create_letter((100, self.reminder))
        promise = self._promise(notice.line_ids.move_line_id, 100)
        for paid, day, state in (
            (0, LAST_DAY, "€ 100,00 Nog niet vervallen"),
            (0, AFTER, "€ 100,00 Niet nagekomen"),
            (40, AFTER, "€ 100,00 Deels nagekomen Betaald: € 40,00"),
            (60, AFTER, "€ 100,00 Nagekomen"),
        ):
            with self.subTest(state):
                if paid:
                    self._pay(promise.move_ids, paid, day=PROMISED)
                with freeze_time(day):
                    text = self._read_page(notice)

                self.assertIn(f"Betaling uiterlijk op 27 november 2026 {state}", text)
        self.assertIn("U hoeft niets te doen", text)

    def test_broken_promise_leaves_the_letter_as_it_was(self):
        notice = self._create_letter((100, self.reminder))
        self._promise(notice.line_ids.move_line_id, 100)

        with freeze_time(AFTER):
            text = self._read_page(notice)
            listed = self._read_list()

        self.assertIn("Te betalen uiterlijk op 1 december 2026", text)
        self.assertIn("Nog te betalen", listed)
        self.assertNotIn("toegezegd", listed)

    def test_withdrawn_promise_is_not_shown(self):
        notice = self._create_letter((100, self.reminder))
        self._promise(notice.line_ids.move_line_id, 100)._end("Verkeerde klant")

        text = self._read_page(notice)

        self.assertNotIn("Betaaltoezegging", text)
        self.assertNotIn("Verkeerde klant", text)

    def test_promises_of_others_and_of_other_invoices_are_not_shown(self):
        notice = self._create_letter((100, self.reminder))
        other = self._create_letter((60, self.reminder))
        strange = self._create_letter((77, self.reminder), partner=self.other)
        self._promise(other.line_ids.move_line_id, 60)
        self._promise(strange.line_ids.move_line_id, 77)

        text = self._read_page(notice)

        self.assertNotIn("Betaaltoezegging", text)
        self.assertIn("Betaaltoezeggingen", self._read_page(other))

    def test_pause_for_another_reason_is_not_shown(self):
        notice = self._create_letter((100, self.reminder))
        self.env["dunning.hold"]._hold_items(
            notice.line_ids.move_line_id, {"kind": "internal", "note": "Intern"}
        )

        text = self._read_page(notice)

        self.assertNotIn("Intern", text)
        self.assertNotIn("Betaaltoezegging", text)

    def test_who_is_protected_is_told_of_no_promise(self):
        notice = self._create_letter((100, self.reminder))
        self._promise(notice.line_ids.move_line_id, 100)
        self.env["dunning.protection"].create(
            {"partner_id": self.debtor.id, "kind": "bankruptcy", "date": TODAY}
        )

        for day in (TODAY, AFTER):
            with self.subTest(day), freeze_time(day):
                text = self._read_page(notice)
                self.assertNotIn("toezegging", text)
                self.assertNotIn("toegezegd", text)

    def test_statements_of_the_list_do_not_grow_with_promises(self):
        notices = self.env["dunning.notice"]
        for _number in range(6):
            notice = self._create_letter((100, self.reminder))
            self._promise(notice.line_ids.move_line_id, 100)
            notices |= notice
        self.env.flush_all()

        counts = []
        for letters in (notices[:2], notices):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            letters._prepare_portal_list(self.contact)
            counts.append(self.env.cr.sql_log_count - before)

        self.assertLessEqual(counts[1], counts[0] + 1)
