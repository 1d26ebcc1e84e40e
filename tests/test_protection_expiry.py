from datetime import date

from odoo.tests import freeze_time, tagged

from .protection_common import LATER, ProtectionCommon

DAY_AFTER = date(2026, 12, 1)


@tagged("post_install_l10n", "post_install", "-at_install")
class TestProtectionExpiry(ProtectionCommon):
    """The end of a cooling-off period is told to whoever looks after the debtor."""

    def _run_daily(self, day):
        with freeze_time(day):
            self.env["dunning.run"]._work_daily(self.company)
        return self.debtor.activity_ids

    def test_end_is_told_once_on_its_last_day(self):
        self._create_due_invoice()
        self._protect("cooling_off", date_end=LATER)

        self.assertFalse(self._run_daily(date(2026, 11, 29)))
        activity = self._run_daily(LATER)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.company._get_dunning_responsible())
        self.assertEqual(activity.date_deadline, LATER)
        self.assertEqual(activity.summary, "Cooling-off period is over")
        self.assertIn("letters to Bakkerij De Gouden Aar B.V. go out", activity.note)

        activity.action_feedback()
        self.assertFalse(self._run_daily(DAY_AFTER))

    def test_end_is_told_after_an_outage(self):
        self._create_due_invoice()
        self._protect("cooling_off", date_end=LATER)

        self.assertEqual(len(self._run_daily(date(2026, 12, 4))), 1)

    def test_new_end_is_told_as_well(self):
        self._create_due_invoice()
        protection = self._protect("cooling_off", date_end=LATER)
        self._run_daily(LATER)
        with freeze_time(LATER):
            protection.date_end = date(2026, 12, 9)

        self.assertEqual(len(self._run_daily(date(2026, 12, 8))), 1)
        self.assertEqual(len(self._run_daily(date(2026, 12, 9))), 2)

    def test_nobody_is_told_when_nothing_is_owed_or_it_was_ended(self):
        self._protect("cooling_off", date_end=LATER)
        self.assertFalse(self._run_daily(DAY_AFTER))

        self._create_due_invoice()
        protection = self._protect("cooling_off", date_end=date(2026, 12, 9))
        self._end(protection, day=date(2026, 12, 8))
        self.assertFalse(self._run_daily(date(2026, 12, 9)))
