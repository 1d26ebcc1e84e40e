from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    # === BUSINESS METHODS === #

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Make letters again that waited in the mail queue to another day."""
        # EXTENDS 'mail'
        settled = self._make_dunning_letters_again()
        return super(MailMail, self - settled).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Date letters on the day on which the mail server accepted them."""
        # EXTENDS 'mail'
        sent = self.filtered(lambda mail: mail.state == "sent")
        for notice in sent._get_dunning_deliveries("pending", "failed").notice_id:
            if not notice._is_just_past_midnight():
                notice._make_again(notice.company_id._get_dunning_today())
        return super()._postprocess_sent_message(
            success_pids,
            success_emails,
            failure_reason=failure_reason,
            failure_type=failure_type,
        )

    def _make_dunning_letters_again(self):
        """Make the letters again whose mails wait since another day.

        Where nothing is due any more, the mail does not go out.

        :return: the mails that must not be sent
        :rtype: recordset of `mail.mail`
        """
        settled = self.browse()
        waiting = self.filtered(
            lambda mail: mail.state == "outgoing" and not mail.dunning_handed_over
        )
        deliveries = waiting._get_dunning_deliveries("pending")
        for company, group in deliveries.grouped("company_id").items():
            today = company._get_dunning_today()
            late = group.filtered(lambda d, today=today: d.notice_date < today)
            late.letter_id._make_again(today)
            late = late.filtered("notice_id")
            paid = late.notice_id._make_again(today)
            gone = late.filtered(lambda d, paid=paid: d.notice_id in paid)
            settled |= gone.mail_id.with_env(self.env)
            paid._withdraw_settled()
            if renewed := late - gone:
                renewed._renew_mails()
        return settled
