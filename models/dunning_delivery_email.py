from odoo import api, models
from odoo.tools import email_normalize

EMAIL_TEMPLATE = "l10n_nl_dunning.dunning_email"


class DunningDelivery(models.Model):
    """Letters by e-mail."""

    _inherit = "dunning.delivery"

    # === BUSINESS METHODS === #

    def _send_by_email(self, letters):
        """Put a mail for each delivery into the mail queue.

        The delivery counts as sent only when the mail server accepted the mail.

        :param dict letters: what the letters say, by id of the letter
        """
        deliveries = self._fail_blacklisted()
        if not deliveries:
            return
        mails = (
            self.env["mail.mail"]
            .sudo()  # clerks send letters, but may not write in the mail queue
            .create(deliveries._prepare_mails(letters))
        )
        mails._show_dunning_body()
        for delivery, mail in zip(deliveries, mails, strict=True):
            delivery.mail_id = mail
        # sudo: clerks start the job, but may not read scheduled actions
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _fail_blacklisted(self):
        """Return the deliveries whose address may be written to; the others fail."""
        normalized = {delivery: email_normalize(delivery.address) for delivery in self}
        blocked = self._get_blacklisted(filter(None, normalized.values()))
        refused = self.filtered(lambda delivery: normalized[delivery] in blocked)
        for delivery in refused:
            delivery._set_failed(
                self.env._(
                    "The address %s is on the blacklist for e-mail. Send the letter by "
                    "post, or take the address off the blacklist.",
                    delivery.address,
                )
            )
        return self - refused

    @api.model
    def _get_blacklisted(self, addresses):
        """Return which of some addresses may not be written to.

        :param addresses: normalized addresses
        :rtype: set[str]
        """
        return set(
            self.env["mail.blacklist"]
            .sudo()  # accountants cannot read the list
            .search([("email", "in", list(addresses))])
            .mapped("email")
        )

    def _prepare_mails(self, letters):
        """Return the values of a mail for each delivery.

        :param dict letters: what the letters say, by id of the letter
        :rtype: list[dict]
        """
        notices = self.notice_id
        attachments = notices._get_email_attachments()
        senders = {notice: notice._get_email_from() for notice in notices}
        reply_to = notices._get_reply_addresses(senders)
        # Type, model and record let replies land on the letter and show the mail in its
        # conversation.
        shared = {
            "model": notices._name,
            "message_type": "email_outgoing",
            "subtype_id": self.env.ref("mail.mt_comment").id,
            "state": "outgoing",
            "auto_delete": False,
        }
        return [
            shared
            | delivery._prepare_mail(
                letters[delivery.notice_id.id],
                attachments[delivery.notice_id.id],
                senders[delivery.notice_id],
                reply_to[delivery.notice_id.id],
            )
            for delivery in self
        ]

    def _prepare_mail(self, letter, attachments, sender, reply_to):
        """Return what is particular to the mail of one delivery."""
        self.ensure_one()
        notice = letter["notice"]
        body = notice.env["ir.qweb"]._render(
            EMAIL_TEMPLATE, {**letter, **notice._prepare_email_values(letter)}
        )
        return {
            "res_id": notice.id,
            "subject": notice._get_email_subject(letter),
            "body_html": body,
            "author_id": sender.author.id,
            "email_from": sender.email,
            "email_to": self.address,
            "reply_to": reply_to,
            "attachment_ids": attachments.ids,
        }
