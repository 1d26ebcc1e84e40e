from odoo import models

from ..tools.letter_format import split_paragraphs

LETTER_TEMPLATE = "l10n_nl_dunning.dunning_dispute_letter"
EMAIL_TEMPLATE = "l10n_nl_dunning.dunning_dispute_email"


class DunningHold(models.Model):
    """The answer to a customer who disputed an invoice in vain."""

    _inherit = "dunning.hold"

    # === BUSINESS METHODS === #

    def _send_answer(self):
        """Keep the answer as PDF and mail it; without address somebody posts it."""
        self.ensure_one()
        letter = self._get_letter()
        values = self._prepare_answer(letter)
        self.answer_id = self.env["ir.attachment"].create(
            {
                "name": f"{values['subject'].replace('/', '-')}.pdf",
                "raw": self._print_letter(letter, LETTER_TEMPLATE, values),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        if self._is_mailable(letter.email):
            self._mail_answer(letter, values)
        else:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Print and post the answer to the dispute"),
                user_id=self._get_worker().id,
            )

    def _prepare_answer(self, letter):
        """Return what the answer says, in the language of the customer.

        :param letter: the unsaved letter
        :rtype: dict
        """
        dispute = self.with_env(letter.env)
        numbers = ", ".join(dispute.move_ids.mapped("name"))
        amount = self._get_amount_due()
        return {
            **self._prepare_letter(letter, amount),
            "dispute": dispute,
            "subject": letter.env._("Our answer about invoice %s", numbers),
            "numbers": numbers,
            "amount": amount,
            "answer": split_paragraphs(self.answer),
        }

    def _mail_answer(self, letter, values):
        """Put the mail in the queue; replies land on the dispute."""
        sender = letter._get_email_from()
        reply_to = self._notify_get_reply_to(
            default=sender.email, author_id=sender.author.id
        )
        body = letter.env["ir.qweb"]._render(EMAIL_TEMPLATE, values)
        self.env["mail.mail"].sudo().create(  # clerks may not write in the queue
            {
                "model": self._name,
                "res_id": self.id,
                "message_type": "email_outgoing",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "subject": values["subject"],
                "body": body,
                "body_html": body,
                "author_id": sender.author.id,
                "email_from": sender.email,
                "email_to": letter.email,
                "reply_to": reply_to[self.id],
                "attachment_ids": self.answer_id.ids,
                "auto_delete": False,
            }
        )
