import re
from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL, format_datetime

from ...tools.sql import any_of

#: After how many minutes a mail is tried again that the server did not take for the
#: moment: in all for a day.
PAUSES = (5, 15, 30, 60, 120, 240, 480, 480)

#: What a mail server says for the moment: 4xx (RFC 5321, 4.2.1), or nothing at all.
TEMPORARY = re.compile(
    r"(?:^|[(:\s])4\d\d[\s,]"
    r"|timed out|connection (?:refused|reset|unexpectedly closed)"
    r"|SMTPServerDisconnected|SMTPConnectError|name resolution",
    re.IGNORECASE,
)
#: What it says for good.
PERMANENT = re.compile(r"(?:^|[(:\s])5\d\d[\s,]")


def is_temporary(reason, failure_type):
    """Whether a mail may be accepted later that was not accepted now.

    :param str reason: what the mail server said, or why it could not be asked
    :param str failure_type: the kind of failure, `mail_smtp` without a connection
    :rtype: bool
    """
    if failure_type == "mail_smtp":
        return True
    return bool(TEMPORARY.search(reason)) and not PERMANENT.search(reason)


class MailMail(models.Model):
    """What becomes of the mails that carry letters."""

    _inherit = "mail.mail"

    dunning_attempts = fields.Integer(
        string="Tries of the letter",
        readonly=True,
        help="How often the mail server asked to try again later.",
    )
    dunning_handed_over = fields.Datetime(
        string="Being handed over since",
        readonly=True,
        help="Since when the mail is being handed to the mail server. Without an "
        "outcome, the worker died meanwhile, and the mail was perhaps sent.",
    )

    # === BUSINESS METHODS === #

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Leave alone what was being handed over when a worker died."""
        # EXTENDS 'mail'
        interrupted = self.filtered("dunning_handed_over")
        interrupted._set_dunning_perhaps_sent()
        return super(MailMail, self - interrupted).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _send(self, auto_commit=False, **kwargs):
        """Note of each letter that it is being handed over, before it is.

        Between the yes of the mail server and the commit a worker can die: then nobody
        knows, and a formal letter must not go out twice by itself.
        """
        # EXTENDS 'mail'
        letters = self.filtered(lambda mail: auto_commit and mail._is_dunning_mail())
        result = super(MailMail, self - letters)._send(auto_commit, **kwargs)
        for mail in letters:
            mail.dunning_handed_over = fields.Datetime.now()
            # Nothing else has begun: `auto_commit` is only there in the job.
            self.env.cr.commit()  # pylint: disable=invalid-commit
            super(MailMail, mail)._send(auto_commit, **kwargs)
        return result

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Tell the deliveries of dunning letters what became of their mails."""
        # EXTENDS 'mail'
        self.filtered("dunning_handed_over").dunning_handed_over = False
        waiting = self._try_dunning_again(failure_reason, failure_type)
        done = self - waiting
        done._tell_dunning_outcome(failure_reason)
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _tell_dunning_outcome(self, failure_reason):
        """Tell what these mails carried that they went out, or did not.

        To be extended by rooms that mail other things than letters.

        :param str failure_reason: what the mail server said
        """
        for delivery in self._get_dunning_deliveries("pending", "failed"):
            mail = delivery.mail_id
            if mail.state == "sent":
                delivery._set_sent(fields.Datetime.now(), message_id=mail.message_id)
            else:
                delivery._set_failed(mail._get_dunning_failure(failure_reason))

    # --- What the mail server does not take for the moment.

    def _try_dunning_again(self, failure_reason, failure_type):
        """Try mails again, after a pause that grows, for a day.

        :param str failure_reason: what the mail server said
        :param str failure_type: the kind of failure
        :return: the mails that wait for another try
        :rtype: recordset of `mail.mail`
        """
        waiting = self.filtered(
            lambda mail: (
                mail.state == "exception"
                and mail._is_dunning_mail()
                and mail.dunning_attempts < len(PAUSES)
                and is_temporary(
                    failure_reason or mail.failure_reason or "", failure_type
                )
            )
        )
        for mail in waiting:
            mail._wait_for_dunning_try(failure_reason or mail.failure_reason)
        return waiting

    def _wait_for_dunning_try(self, reason):
        self.ensure_one()
        when = fields.Datetime.now() + timedelta(minutes=PAUSES[self.dunning_attempts])
        self.write(
            {
                "state": "outgoing",
                "scheduled_date": when,
                "dunning_attempts": self.dunning_attempts + 1,
            }
        )
        # sudo: clerks start the job, but may not read scheduled actions
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger(at=when)
        for delivery in self._get_dunning_deliveries("pending"):
            delivery.error = self.env._(
                "The mail server did not take the e-mail for the moment: %(reason)s It "
                "is tried again at %(time)s.",
                reason=(reason or self.env._("no connection")).strip(),
                time=format_datetime(
                    self.env, when, tz=delivery.company_id._get_dunning_tz()
                ),
            )

    def _is_dunning_mail(self):
        """Whether this mail carries a letter to a debtor."""
        self.ensure_one()
        is_ours = (self.model or "").startswith("dunning.")
        return is_ours and self.message_type == "email_outgoing"

    # --- What was being handed over when a worker died.

    def _set_dunning_perhaps_sent(self):
        """Let a person decide about mails of which nobody knows whether they went."""
        free = self.try_lock_for_update()  # another worker is sending the others
        free.invalidate_recordset(["state", "dunning_handed_over"])
        lost = free.filtered(lambda m: m.state == "outgoing" and m.dunning_handed_over)
        if not lost:
            return
        error = self.env._(
            "The server stopped while this e-mail was being handed to the mail server: "
            "perhaps it was sent. Look at the mail server, or ask the customer."
        )
        lost.write({"state": "exception", "failure_reason": error})
        lost._get_dunning_deliveries("pending")._set_perhaps_sent(error)
        lost._tell_dunning_lost(error)

    # --- What somebody does with the mails, and whose they are.

    def cancel(self):
        # EXTENDS 'mail'
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
        return super().unlink()

    def _tell_dunning_lost(self, error):
        """Tell what these mails carried that nobody knows whether they went out.

        Deliveries know it already. To be extended, as `_tell_dunning_outcome`.

        :param str error: why
        """

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

        The ORM would clean the HTML of each mail first, a fifth of its delivery. It is
        that of our own template, where each value is escaped.
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
