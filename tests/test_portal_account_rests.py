from odoo.tests import freeze_time, tagged

from .handover_common import HANDED_ON, HandoverCommon
from .letter_common import TODAY
from .protection_common import ProtectionCommon


@freeze_time(TODAY)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalAccountProtected(ProtectionCommon):
    """Of whom the law protects nothing is asked."""

    def test_bankrupt_debtor_is_asked_nothing(self):
        self._create_due_invoice(100)
        self._protect("bankruptcy")

        [account] = self.debtor._get_dunning_accounts_open()

        self.assertEqual([item.rests for item in account.items], ["protected"])
        self.assertEqual(float(account.items[0].open), 100.00)
        self.assertEqual(float(account.today), 0.00)
        self.assertEqual(float(account.everything), 0.00)
        self.assertIsNone(account.payment)


@freeze_time(HANDED_ON)
@tagged("post_install_l10n", "post_install", "-at_install")
class TestPortalAccountHandedOver(HandoverCommon):
    """What an agency collects is listed, and paid there."""

    def test_what_was_handed_over_is_not_asked_here(self):
        self._hand_over()

        [account] = self.debtor._get_dunning_accounts_open()

        self.assertEqual({item.rests for item in account.items}, {"handed"})
        self.assertEqual(float(account.today), 0.00)
        self.assertIsNone(account.payment)
