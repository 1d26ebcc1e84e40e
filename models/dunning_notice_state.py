from odoo import models
from odoo.exceptions import UserError


class DunningNotice(models.Model):
    """The states of a letter: one method for each way to get there."""

    _inherit = "dunning.notice"

    # === STATE METHODS === #

    def _set_queued(self):
        """Hand the letters to the delivery job."""
        self.write({"state": "queued", "error": False})
        self.line_ids._store_state()
        if self:
            self._wake_delivery()

    def _set_pending(self):
        """The letters were issued and wait for mail server or post."""
        self.write({"state": "pending"})
        self.line_ids._store_state()

    def _set_sent(self):
        """The letters were accepted by at least one channel: from now they count."""
        arrived = self.filtered(lambda notice: notice.state in ("pending", "failed"))
        arrived.activity_unlink(["mail.mail_activity_data_todo"])
        arrived.write({"state": "sent", "error": False})

    def _set_failed(self, error):
        """No channel got the letters through: the clock stops, somebody must act.

        :param str error: what went wrong, in plain words
        """
        self.write({"state": "failed", "error": error})
        for notice in self:
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Dunning letter not delivered"),
                note=error,
                user_id=notice._get_worker().id,
            )

    def _get_worker(self):
        """Return who mends a failed letter; a job that made it cannot.

        :rtype: recordset of `res.users`
        """
        self.ensure_one()
        user = self.level_id.responsible_id or self.responsible_id
        return self.company_id._get_dunning_worker(user)

    def _cancel(self, reason):
        """Withdraw letters: their level does not count any more.

        :param str reason: shown on the letter
        :raise UserError: when a later letter builds on one of them
        """
        for notice in self:
            notice._check_no_later_letter()
        self.delivery_ids._cancel()
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.write({"state": "cancelled", "cancel_reason": reason})
        # A new letter may take the levels of the items at once.
        self.line_ids.flush_recordset(["state"])
        body = self.env._("Cancelled: %s", reason)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    def _check_no_later_letter(self):
        self.ensure_one()
        if self.state != "sent" or self.is_limitation:
            return
        items = self.line_ids.filtered("level_id").move_line_id
        later = items.dunning_notice_line_ids.filtered(
            lambda line: (
                line.state != "cancelled"
                and not line.is_limitation
                and line.notice_id.id > self.id
            )
        ).notice_id
        if later:
            raise UserError(
                self.env._(
                    "Letter %(letter)s cannot be cancelled: letter %(later)s builds on "
                    "it. Cancel that one first.",
                    letter=self.display_name,
                    later=later[0].display_name,
                )
            )
