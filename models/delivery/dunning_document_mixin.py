from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize

from ...tools.pdf import join_sheets
from ..letter.letter_format import LetterFormat


class LetterParts(NamedTuple):
    """What a letter of some kind is made of."""

    values: dict  # what it says, with `subject`, `date` and `address`
    page: str  # external id of its page
    mail: str | None  # external id of the body of its mail; None when it is a template
    to_post: str  # what somebody has to do when it goes by post


class DunningDocumentMixin(models.AbstractModel):
    """A record that writes to its debtor: address, language, page, file and mail.

    For models with `company_id`, `partner_id`, `currency_id`, `user_id` and a
    conversation, in which replies to the mail land. They say what stands in letters of
    a kind (:meth:`_prepare_letter_parts`) and issue them (:meth:`_issue_letter`); what
    became of them they hear (:meth:`_letter_sent`, :meth:`_letter_failed`). What did
    not arrive starts nothing.
    """

    _name = "dunning.document.mixin"
    _description = "Document to a debtor"

    # === SEAMS === #

    def _prepare_letter_parts(self, kind, addressee):
        """Return what a letter of some kind says, and on which page.

        :param str kind: of `dunning.letter`
        :param addressee: the unsaved letter, which knows address and language
        :rtype: LetterParts
        """
        raise NotImplementedError(kind)

    def _letter_issued(self, letter):
        """A letter was made: `document_id` is what the debtor gets."""

    def _letter_sent(self, letter):
        """A letter left: by e-mail that the mail server took, or by post."""

    def _letter_failed(self, letter):
        """A letter did not arrive; who is responsible has work."""

    def _renew_letter(self, kind):
        """A letter is made again on a later day: renew the terms that it gives."""

    # === BUSINESS METHODS === #

    def _issue_letter(self, kind, channel=None):
        """Issue a letter to the debtor: keep it, and let it leave.

        :param str kind: of `dunning.letter`
        :param str channel: by which; without one by e-mail where he may be written to
            so, else by post
        :rtype: recordset of `dunning.letter`
        :raise UserError: when there is no e-mail address to send it to
        """
        self.ensure_one()
        addressee = self._get_letter()
        is_mailable = self._is_mailable(addressee.email)
        channel = channel or ("email" if is_mailable else "post")
        if channel == "email" and not is_mailable:
            raise UserError(
                self.env._(
                    "%s has no e-mail address that may be written to. Enter one, or "
                    "send the letter by post.",
                    addressee.recipient_id.display_name,
                )
            )
        parts = self._prepare_letter_parts(kind, addressee)
        # Who only mails need not print.
        is_printed = parts.mail is not None or channel != "email"
        file = is_printed and self._keep_document(addressee, parts.page, parts.values)
        # sudo: evidence, which nobody makes by hand
        Letter = self.env["dunning.letter"].sudo()
        letter = Letter.create(self._prepare_letter_row(kind, addressee, parts, file))
        self._letter_issued(letter)
        address = ", ".join(parts.values["address"])
        if channel == "email":
            delivery = letter._deliver(channel, addressee.email)
            delivery.mail_id = self._mail_letter(kind, addressee, parts, file)
        else:
            letter._deliver(channel, address)
            letter.activity_id = self._ask(parts.to_post)
        return letter

    def _prepare_letter_row(self, kind, addressee, parts, file):
        """Return the values of the `dunning.letter`."""
        return {
            "kind": kind,
            "subject": parts.values["subject"],
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "recipient_id": addressee.recipient_id.id,
            "address": "\n".join(parts.values["address"]),
            "lang": addressee.env.lang,
            "date": parts.values["date"],
            "responsible_id": self.company_id._get_dunning_worker(self.user_id).id,
            "document_id": file and file.id,
            "document_sha256": self.env["dunning.letter"]._get_sha256(file),
        }

    def _mail_letter(self, kind, addressee, parts, file):
        """Put the mail of a letter in the queue.

        :rtype: recordset of `mail.mail`
        """
        return self._mail_document(addressee, parts.mail, parts.values, file)

    def _ask(self, summary, note=False):
        """Give whoever works on this something to do.

        :rtype: recordset of `mail.activity`
        """
        return self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note,
            user_id=self.company_id._get_dunning_worker(self.user_id).id,
        )

    def _fail_bounced(self, email):
        """An e-mail came back: the letters about this that went there did not arrive.

        :param str email: the address from which it came back
        """
        letters = (
            self.env["dunning.letter"]
            .sudo()  # the mail gateway runs for all companies
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )
        letters.delivery_ids.filtered(
            lambda delivery: (
                delivery.channel == "email"
                and delivery.state == "sent"
                and email_normalize(delivery.address) == email_normalize(email)
            )
        )._set_failed(self.env._("The e-mail to %s came back as undeliverable.", email))

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
        :rtype: recordset of `mail.mail`
        """
        self.ensure_one()
        sender = letter._get_email_from()
        reply_to = self._notify_get_reply_to(
            default=sender.email, author_id=sender.author.id
        )
        Mail = self.env["mail.mail"].sudo()  # clerks may not write in the queue
        return Mail.create(
            {
                "model": self._name,
                "res_id": self.id,
                "message_type": "email_outgoing",
                "subtype_id": self.env.ref("mail.mt_comment").id,
                "author_id": sender.author.id,
                "email_from": sender.email,
                "email_to": letter.email,
                "reply_to": reply_to[self.id],
                "auto_delete": False,
                **self._prepare_document_mail(letter, template, values, file),
            }
        )

    def _prepare_document_mail(self, letter, template, values, file):
        """Return what the mail says, see `_mail_document`."""
        body = letter.env["ir.qweb"]._render(template, values)
        return {
            "subject": values["subject"],
            "body": body,
            "body_html": body,
            "attachment_ids": [Command.set(file.ids)],
        }
