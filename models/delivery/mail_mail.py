from odoo import fields, models
from odoo.tools import SQL

from ...tools.sql import any_of


class MailMail(models.Model):
    _inherit = "mail.mail"

    # === BUSINESS METHODS === #

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the deliveries of dunning letters what became of their mails."""
        # EXTENDS 'mail'
        for delivery in self._get_dunning_deliveries("pending", "failed"):
            mail = delivery.mail_id
            if mail.state == "sent":
                delivery._set_sent(fields.Datetime.now(), message_id=mail.message_id)
            else:
                delivery._set_failed(mail._get_dunning_failure(failure_reason))
        for mail in self._get_arrangement_mails("sent"):
            mail._get_arrangement()._set_mail_sent(mail)
        self._fail_arrangement_mails("exception", error=failure_reason)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def cancel(self):
        # EXTENDS 'mail'
        error = self.env._("The e-mail was cancelled in the mail queue.")
        self._fail_arrangement_mails("outgoing", "exception", error=error)
        result = super().cancel()
        self._get_dunning_deliveries("pending")._set_failed(
            self.env._("The e-mail was cancelled in the mail queue.")
        )
        return result

    def unlink(self):
        # EXTENDS 'mail'
        self._get_dunning_deliveries("pending")._set_failed(
            self.env._("The e-mail was deleted from the mail queue.")
        )
        error = self.env._("The e-mail was deleted from the mail queue.")
        self._fail_arrangement_mails("outgoing", error=error)
        return super().unlink()

    def _get_arrangement_mails(self, *states):
        """Return those of these mails that are about an arrangement.

        :param states: only mails in one of these states
        """
        return self.filtered(
            lambda mail: (
                mail.model == "payment.arrangement"
                and mail.message_type == "email_outgoing"
                and mail.state in states
            )
        )

    def _get_arrangement(self):
        """Return the arrangement that this mail is about."""
        self.ensure_one()
        # sudo: the mail queue runs for all companies
        return self.env["payment.arrangement"].sudo().browse(self.res_id)

    def _fail_arrangement_mails(self, *states, error):
        """Tell arrangements which of their mails do not go out.

        :param states: only mails in one of these states
        :param str error: why
        """
        for mail in self._get_arrangement_mails(*states):
            mail._get_arrangement()._set_mail_failed(
                mail, mail._get_dunning_failure(error)
            )

    def _get_dunning_deliveries(self, *states):
        """Return the deliveries of dunning letters by these mails.

        :param states: only deliveries in one of these states
        :rtype: recordset of `dunning.delivery`
        """
        return (
            self.env["dunning.delivery"]
            .sudo()  # the mail queue runs for all companies
            .search([("mail_id", "in", self.ids), ("state", "in", states)])
        )

    def _get_dunning_failure(self, failure_reason):
        """Say in plain words why the mail did not go out."""
        self.ensure_one()
        return self.env._(
            "The mail server did not accept the e-mail to %(address)s: %(reason)s",
            address=", ".join(
                filter(None, [self.email_to, *self.recipient_ids.mapped("email")])
            ),
            reason=failure_reason or self.failure_reason or self.env._("unknown"),
        )

    def _show_dunning_body(self):
        """Show what these mails say in the conversations of their letters.

        The ORM would clean the HTML of each mail first, which takes more time than to
        make the mail. It is that of our own template, where each value is escaped.
        """
        self.flush_recordset(["body_html"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE mail_message message
                   SET body = mail.body_html
                  FROM mail_mail mail
                 WHERE mail.mail_message_id = message.id
                   AND mail.id = %s
                """,
                any_of(self._ids),
            )
        )
        self.mail_message_id.invalidate_recordset(["body"], flush=False)
