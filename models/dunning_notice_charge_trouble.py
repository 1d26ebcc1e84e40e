import logging

import psycopg2

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class DunningNotice(models.Model):
    """What becomes of a letter whose charge cannot be posted or credited."""

    _inherit = "dunning.notice"

    charge_error = fields.Text(
        string="Why it was not posted", readonly=True, copy=False
    )

    # === ACTION METHODS === #

    def action_charge(self):
        """Try again to charge what could not be charged by letters that count."""
        failed = self.filtered(lambda n: n.charge_error and n.state == "sent")
        failed._post_charges()
        failed._clear_charge_error()

    # === BUSINESS METHODS === #

    def _try_for_each(self, work, notices):
        """Do some work in the ledger for letters together, or one by one if it fails.

        A letter that reached the debtor counts, whatever is wrong in the ledger: the
        error is kept and somebody gets an activity.

        :param work: function of a recordset
        :param notices: the letters
        :return: the letters for which it worked
        :rtype: recordset of `dunning.notice`
        """
        if not notices:
            return notices
        try:
            with self.env.cr.savepoint():
                work(notices)
            return notices
        except psycopg2.OperationalError:
            raise  # two workers met: the whole job is tried again
        except Exception as error:
            # The savepoint is rolled back: nothing is half posted.
            self.env.invalidate_all(flush=False)
            if len(notices) > 1:
                done = [self._try_for_each(work, notice) for notice in notices]
                return self.browse().union(*done)
            notices._set_charge_failed(error)
            return self.browse()

    def _set_charge_failed(self, error):
        """Keep why a charge could not be posted or credited, and tell who mends it."""
        self.ensure_one()
        self.charge_error = self._explain_charge(error)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Interest and costs could not be posted"),
            note=self.charge_error,
            user_id=self._get_worker().id,
        )

    def _explain_charge(self, error):
        """Return an exception in plain words; what nobody expected goes to the log."""
        if isinstance(error, UserError):
            return str(error)
        _logger.error("Charge of letter %s cannot be posted", self.id, exc_info=error)
        return self.env._(
            "Interest and costs could not be posted because of an unexpected error: "
            "%s. Ask your administrator; the details are in the server log.",
            error,
        )

    def _clear_charge_error(self):
        """What was wrong is settled, and so is the work that it gave."""
        mended = self.filtered("charge_error")
        if mended:
            mended.charge_error = False
            mended.activity_unlink(["mail.mail_activity_data_todo"])
