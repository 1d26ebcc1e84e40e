from odoo.tests import freeze_time

from .letter_common import LetterCommon


class LimitationCommon(LetterCommon):
    """Old invoices, and letters that interrupt their limitation."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.env.ref("l10n_nl_dunning.dunning_level_limitation_notice")

    @classmethod
    def _create_old_invoice(cls, due, amount=100.0, partner=None, **values):
        return cls._create_due_invoice(
            amount, due=due, partner=partner, invoice_date=due, **values
        )

    def _interrupt(self, moves, day):
        """Propose interruption letters for invoices on a day."""
        items = moves.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        with freeze_time(day):
            return self.env["dunning.notice"]._interrupt_limitation(items)

    def _send_interruption(self, moves, day):
        notices = self._interrupt(moves, day)
        with freeze_time(day):
            notices.action_confirm()
            notices.deliver()
            self._accept_mails(notices)
        return notices

    def _get_last_day(self, move):
        item = self._get_item(move)
        item.invalidate_recordset()
        return item.dunning_limitation_date
