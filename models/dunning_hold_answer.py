from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..tools.letter_format import LetterFormat, format_account, split_paragraphs
from ..tools.letter_pdf import EngineError, join_sheets, print_letters

LETTER_TEMPLATE = "l10n_nl_dunning.dunning_dispute_letter"
EMAIL_TEMPLATE = "l10n_nl_dunning.dunning_dispute_email"


class DunningHold(models.Model):
    """The answer to a customer who disputed an invoice in vain."""

    _inherit = "dunning.hold"

    # === BUSINESS METHODS === #

    def _send_answer(self):
        """Keep the answer as PDF and mail it; without address somebody posts it."""
        self.ensure_one()
        letter = self._get_answer_letter()
        values = self._prepare_answer(letter)
        self.answer_id = self.env["ir.attachment"].create(
            {
                "name": f"{values['subject'].replace('/', '-')}.pdf",
                "raw": self._print_answer(letter, values),
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

    def _get_answer_letter(self):
        """Return an unsaved letter, which knows address, language and sender.

        :rtype: recordset of `dunning.notice`
        """
        notice = self.env["dunning.notice"].new(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "recipient_id": self.partner_id._get_dunning_person().id,
                "responsible_id": self.user_id.id,
            }
        )
        return notice.with_context(lang=notice._get_lang()).with_company(
            self.company_id
        )

    def _prepare_answer(self, letter):
        """Return what the answer says, in the language of the customer.

        :param letter: the unsaved letter
        :rtype: dict
        """
        dispute = self.with_env(letter.env)
        company, currency = dispute.company_id, dispute.currency_id
        bank = dispute.move_ids.partner_bank_id[:1] or company.partner_id.bank_ids[:1]
        numbers = ", ".join(dispute.move_ids.mapped("name"))
        return {
            "dispute": dispute,
            "company": company,
            "letterhead": company._prepare_dunning_letterhead(),
            "fmt": LetterFormat(
                letter.env.lang[:2], currency.name, currency.decimal_places
            ),
            "density": "",
            "subject": letter.env._("Our answer about invoice %s", numbers),
            "address": letter._get_address_lines(),
            "salutation": letter._get_salutation(),
            "signatory": letter._get_signatory(),
            "contact": " · ".join(filter(None, (company.phone, company.email))),
            "date": company._get_dunning_today(),
            "numbers": numbers,
            "amount": self._get_amount_due(),
            "answer": split_paragraphs(self.answer),
            "account": bank.acc_number and format_account(bank.acc_number),
            "holder": bank.acc_holder_name or company.name,
        }

    def _print_answer(self, letter, values):
        page = letter.env["ir.qweb"]._render(LETTER_TEMPLATE, values)
        try:
            [sheets] = print_letters([f"<!DOCTYPE html>{page}"])
        except EngineError as error:
            raise UserError(
                self.env._(
                    "The letters cannot be turned into PDF, because the program "
                    "wkhtmltopdf on the server failed or is missing. Ask your "
                    "administrator. It said: %s",
                    error,
                )
            ) from error
        return join_sheets(sheets)

    @api.model
    def _is_mailable(self, email):
        """Whether somebody may be written to by e-mail."""
        normalized = email_normalize(email or "")
        blacklisted = self.env["dunning.delivery"]._get_blacklisted
        return bool(normalized) and not blacklisted([normalized])

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
