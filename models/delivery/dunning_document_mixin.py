from odoo import api, models
from odoo.tools import email_normalize

from ...tools.pdf import join_sheets
from ..letter.letter_format import LetterFormat


class DunningDocumentMixin(models.AbstractModel):
    """A record that writes to its debtor: address, language, page, file and mail.

    For models with `company_id`, `partner_id`, `currency_id`, `user_id` and a
    conversation, in which replies to the mail land.
    """

    _name = "dunning.document.mixin"
    _description = "Document to a debtor"

    # === BUSINESS METHODS === #

    def _get_letter(self):
        """Return an unsaved letter, which knows address, language and sender.

        :rtype: recordset of `dunning.notice`
        """
        self.ensure_one()
        notice = self.env["dunning.notice"].new(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "recipient_id": self.partner_id._get_dunning_person().id,
                "currency_id": self.currency_id.id,
                "responsible_id": self.user_id.id,
            }
        )
        return notice.with_context(lang=notice._get_lang()).with_company(
            self.company_id
        )

    def _prepare_document(self, letter):
        """Return what every document says, in the language of the debtor.

        :param letter: the unsaved letter
        :rtype: dict
        """
        self.ensure_one()
        record = self.with_env(letter.env)
        company, currency = record.company_id, record.currency_id
        return {
            "company": company,
            "letterhead": company._prepare_dunning_letterhead(),
            "fmt": LetterFormat(
                letter.env.lang[:2], currency.name, currency.decimal_places
            ),
            "density": "",
            "address": letter._get_address_lines(),
            "salutation": letter._get_salutation(),
            "capacity": letter._say_capacity(),
            "signatory": letter._get_signatory(),
            "contact": company._get_dunning_contact(),
            "date": company._get_dunning_today(),
        }

    @api.model
    def _print_letter(self, letter, template, values):
        """Return the document as PDF.

        :param letter: the unsaved letter
        :param str template: the external id of its page
        :param dict values: what it says
        :rtype: bytes
        :raise UserError: when it cannot be printed
        """
        page = letter.env["ir.qweb"]._render(template, values)
        [sheets] = self.env["dunning.notice"]._print_pages([f"<!DOCTYPE html>{page}"])
        return join_sheets(sheets)

    def _keep_document(self, letter, template, values):
        """Print the document and keep it with this record.

        :param letter: the unsaved letter
        :param str template: the external id of its page
        :param dict values: what it says, with its `subject`
        :rtype: recordset of `ir.attachment`
        """
        self.ensure_one()
        return self.env["ir.attachment"].create(
            {
                "name": f"{values['subject'].replace('/', '-')}.pdf",
                "raw": self._print_letter(letter, template, values),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    @api.model
    def _is_mailable(self, email):
        """Whether somebody may be written to by e-mail."""
        normalized = email_normalize(email or "")
        blacklisted = self.env["dunning.delivery"]._get_blacklisted
        return bool(normalized) and not blacklisted([normalized])

    def _mail_document(self, letter, template, values, file):
        """Put the mail in the queue; replies land on this record.

        :param letter: the unsaved letter
        :param str template: the external id of its body
        :param dict values: what it says, with its `subject`
        :param file: the `ir.attachment` to enclose
        """
        self.ensure_one()
        sender = letter._get_email_from()
        reply_to = self._notify_get_reply_to(
            default=sender.email, author_id=sender.author.id
        )
        body = letter.env["ir.qweb"]._render(template, values)
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
                "attachment_ids": file.ids,
                "auto_delete": False,
            }
        )
