import base64
import binascii

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize
from odoo.tools.image import image_data_uri
from odoo.tools.mimetypes import guess_mimetype

from ...tools.actions import open_file
from ...tools.pdf import join_sheets
from ...tools.portal_form import clean_text
from ..letter.letter_format import LetterFormat
from ..wording.sentences import say

#: Drawings of a signature. Others can hold more than a picture, such as SVG.
SIGNATURE_TYPES = ("image/png", "image/jpeg")


NAME_SIZE = 100


LETTER_TEMPLATE = "l10n_nl_dunning.payment_arrangement_letter"


LAPSE_TEMPLATE = "l10n_nl_dunning.payment_arrangement_lapse_letter"


WARNING_TEMPLATE = "l10n_nl_dunning.payment_arrangement_warning_letter"


EMAIL_TEMPLATE = "l10n_nl_dunning.payment_arrangement_email"


class PaymentArrangement(models.Model):
    """Signatures: the company's with the offer, the debtor's on the portal or paper."""

    _inherit = "payment.arrangement"

    signed_by = fields.Char(string="Signed by", readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    signed_ip = fields.Char(string="Signed from", readonly=True, copy=False)
    signed_how = fields.Selection(
        selection=[("portal", "Online"), ("paper", "On paper")],
        string="Way of signing",
        readonly=True,
        copy=False,
    )
    signature = fields.Image(
        readonly=True, copy=False, attachment=True, max_width=1024, max_height=1024
    )
    offer_document_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Offer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    signed_document_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Signed agreement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # === ACTION METHODS === #

    def action_sign_on_paper(self):
        """Ask for the agreement that was signed on paper.

        Of an expired offer only who has the paper knows the day.
        """
        self.ensure_one()
        day = {"default_date": False} if self.state == "expired" else {}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Signed on paper"),
            "res_model": "payment.arrangement.paper",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_arrangement_id": self.id,
                "default_signed_by": self.partner_id.name,
                **day,
            },
        }

    def action_print(self):
        """Show the agreement as it was signed or offered, or as it would be."""
        self.ensure_one()
        if document := self.signed_document_id or self.offer_document_id:
            return open_file(document)
        return self.env.ref("l10n_nl_dunning.payment_arrangement_report").report_action(
            self, config=False
        )

    # === BUSINESS METHODS === #

    def _has_to_be_signed(self):
        """Whether the debtor can sign: the offer is open."""
        self.ensure_one()
        today = self.company_id._get_dunning_today()
        return self.state == "offered" and self.offer_until >= today

    def _offer(self):
        """Send it to the debtor, who can sign it online."""
        # EXTENDS 'l10n_nl_dunning'
        result = super()._offer()
        self._send_offer()
        return result

    def _send_offer(self):
        """Print the offer, keep it and send it to the debtor."""
        self.ensure_one()
        self.offer_document_id = self._attach_letter(
            LETTER_TEMPLATE, self._get_letter().env._("Offer")
        )
        self._mail_offer()

    def _sign(self, name, signature, address):
        """Sign on behalf of the debtor, on the portal.

        :param name: who signs, as anybody may have sent it
        :param signature: image of the signature in base64, as anybody may have sent it
        :param str address: network address of who signs
        :raise UserError: when the offer is not open any more, or nothing was signed
        """
        self.ensure_one()
        self._lock()
        self._check_state("offered")
        self._check_offer_open(self.company_id._get_dunning_today())
        name = " ".join(clean_text(name).split()) if isinstance(name, str) else ""
        if not name or not signature:
            raise UserError(self.env._("Enter your name and sign."))
        self._check_signature(signature)
        self._activate(
            signed_by=name[:NAME_SIZE],
            signed_on=fields.Datetime.now(),
            signed_ip=address,
            signed_how="portal",
            signature=signature,
        )
        self.signed_document_id = self._attach_letter(
            LETTER_TEMPLATE, self._get_letter().env._("Signed")
        )
        self._tell_signed()

    def _check_signature(self, signature):
        """Check that a signature is a picture and nothing else.

        :raise UserError: when it is not
        """
        try:
            content = base64.b64decode(signature, validate=True)
        except (TypeError, ValueError, binascii.Error):
            content = b""
        if guess_mimetype(content) not in SIGNATURE_TYPES:
            raise UserError(self.env._("The signature cannot be read."))

    def _sign_on_paper(self, name, day, document, filename):
        """Record that the agreement was signed on paper.

        The paper may come when the offer has expired already: the day on it counts.

        :param str name: who signed
        :param date day: when
        :param document: scan of the agreement, base64
        :param str filename: name of the scan
        :raise UserError: when the offer was not open any more on that day, that day is
            to come, or an expired offer cannot run any more
        """
        self.ensure_one()
        self._lock()
        self._check_state("offered", "expired")
        self._check_signing_day(day)
        self._prepare_signing(day)
        self._activate(
            started_on=day,
            signed_by=name,
            signed_on=fields.Datetime.to_datetime(day),
            signed_how="paper",
        )
        self.signed_document_id = self.env["ir.attachment"].create(
            {
                "name": filename or self.env._("Signed agreement"),
                "datas": document,
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self._tell_signed()

    def _prepare_signing(self, day):
        """Do what has to be done before an agreement on paper runs.

        To be extended by rooms that know what became of the offer meanwhile.

        :param date day: when the debtor signed
        """

    def _check_signing_day(self, day):
        """Check that a day can have been that of the signature.

        :raise UserError: when it is to come, or the offer was not open any more
        """
        if day > self.company_id._get_dunning_today():
            raise UserError(
                self.env._(
                    "The agreement cannot have been signed after today. Enter the day "
                    "on which it was signed."
                )
            )
        self._check_offer_open(day)

    def _tell_signed(self):
        """Tell both sides that the agreement was signed, with a copy of it."""
        self.ensure_one()
        self._message_log(
            body=self.env._("Signed by %s", self.signed_by),
            attachment_ids=self.signed_document_id.ids,
        )
        self._mail_signed()

    # --- The agreement on paper, and the letter that it has lapsed.

    def _get_letters(self):
        """Return the agreements as they were signed or offered, the others as drafts.

        :return: PDF by id
        :rtype: dict[int, bytes]
        """
        return {
            arrangement.id: (
                arrangement.signed_document_id or arrangement.offer_document_id
            ).raw
            or arrangement._render_letter(LETTER_TEMPLATE)
            for arrangement in self
        }

    def _get_letter_filename(self):
        """Return the name of the PDF file."""
        self.ensure_one()
        return f"{self.name.replace('/', '-')}.pdf"

    def _get_letter(self):
        """Return an unsaved letter to the debtor, for its address and language.

        :rtype: recordset of `dunning.notice`
        """
        self.ensure_one()
        notice = self.env["dunning.notice"].new(
            {
                "name": self.name,
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "recipient_id": self.partner_id._get_dunning_person().id,
                "currency_id": self.currency_id.id,
                "responsible_id": (self.offered_by_id or self.responsible_id).id,
            }
        )
        notice._address_representative()
        return notice.with_context(lang=notice._get_lang())

    def _render_letter(self, template, **contents):
        """Print a letter.

        :param str template: the agreement, or a letter about it
        :param contents: what the letter says besides `_prepare_letter_values`
        :rtype: bytes
        :raise UserError: when it cannot be printed
        """
        values = {**self._prepare_letter_values(), **contents}
        page = Markup("<!DOCTYPE html>") + values["arrangement"].env["ir.qweb"]._render(
            template, values
        )
        [sheets] = self.env["dunning.notice"]._print_pages([page])
        return join_sheets(values["notice"]._number_sheets(sheets))

    def _attach_lapse_letter(self):
        """Print the letter that the arrangement has lapsed, and keep it."""
        self.ensure_one()
        letter = self._get_letter()
        self.lapse_document_id = self._attach_letter(
            LAPSE_TEMPLATE,
            letter.env._("Lapsed"),
            date=self.broken_on,
            density="dense" if len(self.item_ids) > 6 else "",
            lapsed=letter._say(
                "arrangement_lapsed",
                arrangement=self.name,
                day=self.with_env(letter.env)._get_format().date(self.started_on),
            ),
            remainder=self._say_remainder(letter),
            goes_on=letter._say("arrangement_goes_on"),
            limitation=letter._say("limitation"),
        )

    def _say_remainder(self, letter):
        """Demand what remains of an arrangement that has lapsed.

        :param letter: the unsaved letter, which knows language and addressee
        :rtype: Markup
        """
        fmt = self.with_env(letter.env)._get_format()
        return letter._say(
            "arrangement_remainder",
            open=fmt.amount(self.amount_open),
            total=fmt.amount(self.amount_total),
            paid=fmt.amount(self.amount_paid),
            day=fmt.date(self.lapse_deadline),
        )

    def _attach_letter(self, template, name, **contents):
        """Print a letter and keep it.

        :param str template: the agreement, or a letter about it
        :param str name: what kind of document it is, for the name of the file
        :param contents: what the letter says besides `_prepare_letter_values`
        :return: the `ir.attachment`
        """
        self.ensure_one()
        return self.env["ir.attachment"].create(
            {
                "name": f"{self.name.replace('/', '-')} {name}.pdf",
                "raw": self._render_letter(template, **contents),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _prepare_letter_values(self):
        """Return what the letters about this arrangement say, in their language.

        :rtype: dict
        """
        self.ensure_one()
        letter = self._get_letter()
        arrangement = self.with_context(lang=letter.env.lang)
        company = arrangement.company_id
        moves = arrangement.item_ids.move_id
        rows = len(self.item_ids) + len(self.line_ids)
        return {
            "arrangement": arrangement,
            "notice": letter,
            "company": company,
            "letterhead": company._prepare_dunning_letterhead(),
            "fmt": arrangement._get_format(),
            "subject": letter.env._("Payment arrangement %s", self.name),
            "acknowledged": arrangement._get_acknowledgement(letter),
            "is_concept": self.state == "draft",
            "previous": False,
            "date": self.offered_on or company._get_dunning_today(),
            "today": company._get_dunning_today(),
            "address": letter._get_address_lines(),
            "salutation": letter._get_salutation(),
            "capacity": letter._say_capacity(),
            "density": "dense tight" if rows > 12 else "dense",
            "terms": arrangement._get_terms(),
            "payment": letter._prepare_transfer(moves, self.amount_open),
            "signature": self.signature and image_data_uri(self.signature),
            "signatory": self.offered_by_id or self.responsible_id,
            "contact": company._get_dunning_contact(),
        }

    def _get_acknowledgement(self, letter):
        """Return who agrees with whom, and what the debtor acknowledges to owe.

        :param letter: the unsaved letter
        :rtype: Markup
        """
        self.ensure_one()
        status = letter.protection_id
        representative = (status.representative_id.name, status._get_full_capacity())
        return letter._say(
            "agreement_acknowledged",
            company=self.company_id.name,
            amount=Markup("<b>%s</b>") % self._get_format().amount(self.amount_total),
            representative=", ".join(filter(None, representative)),
        )

    def _get_format(self):
        """Return how amounts and dates are written in the current language."""
        self.ensure_one()
        lang = "nl" if (self.env.lang or "").startswith("nl") else "en"
        return LetterFormat(
            lang, self.currency_id.name, self.currency_id.decimal_places
        )

    def _get_interest_term(self):
        """Return what was agreed about interest, as a sentence of the agreement."""
        self.ensure_one()
        return {
            "none": self.env._("No interest is owed over the time of the arrangement."),
            "frozen": self.env._(
                "As long as the arrangement is kept no interest is owed over its time. "
                "When it lapses, that interest is owed after all."
            ),
            "running": self.env._(
                "The total includes %s interest over the time of the arrangement.",
                self._get_format().amount(self.amount_running),
            ),
        }[self.interest_policy]

    def _get_terms(self):
        """Return the terms of the agreement, a sentence or two each.

        :rtype: list[str]
        """
        self.ensure_one()
        env = self.env
        return [
            env._(
                "Each instalment is in our account on its date at the latest. Paying "
                "sooner or more is always possible. We charge nothing for the "
                "arrangement."
            ),
            self._get_interest_term(),
            env._("As long as the arrangement is kept, we take no further steps."),
            say(
                env,
                "agreement_lapses",
                grace=self.grace_days,
                warning=self.warning_days,
            ),
            say(env, "agreement_no_novation"),
            env._(
                "Can you not pay an instalment on time? Tell us before its date: "
                "%(contact)s.",
                contact=self.company_id._get_dunning_contact() or self.company_id.name,
            ),
        ]

    # --- E-mails about an arrangement, in the language of the debtor.

    def _mail_offer(self):
        """Send the offer with the link to read and sign it."""
        values = self._prepare_letter_values()
        env, fmt = values["arrangement"].env, values["fmt"]
        self._mail(
            values,
            env._("Our offer: pay in instalments (%s)", self.name),
            [
                env._(
                    "You may pay %(amount)s in %(count)s instalments. The offer is "
                    "enclosed and stands on the page below.",
                    amount=fmt.amount(self.amount_total),
                    count=len(self.line_ids),
                ),
                env._(
                    "Read it and sign before %s is over, online or on paper. After "
                    "that day the offer lapses.",
                    fmt.date(self.offer_until),
                ),
            ],
            button=env._("Read and sign"),
            documents=self.offer_document_id,
        )

    def _mail_signed(self):
        """Send the signed agreement to both sides."""
        values = self._prepare_letter_values()
        env, fmt = values["arrangement"].env, values["fmt"]
        first = self._get_ordered_lines()[0]
        self._mail(
            values,
            env._("Payment arrangement %s was signed", self.name),
            [
                env._("The agreement was signed by both of us. A copy is enclosed."),
                env._(
                    "The first instalment is %(amount)s, by %(day)s.",
                    amount=fmt.amount(first.amount),
                    day=fmt.date(first.date),
                ),
            ],
            button=env._("View the arrangement"),
            documents=self.signed_document_id,
            copy_to=(self.offered_by_id or self.responsible_id).email_formatted,
        )

    def _mail(self, values, subject, paragraphs, copy_to=None, **contents):
        """Put an e-mail to the debtor into the mail queue.

        What cannot be mailed to him becomes work for the responsible.

        :param dict values: the values of the letter
        :param str subject: the subject
        :param list[str] paragraphs: the text
        :param str copy_to: another address that gets the same
        :param contents: see `_prepare_mail`
        :return: the mail to the debtor, if he has an address that may be used
        :rtype: recordset of `mail.mail`
        """
        self.ensure_one()
        address, error = self._get_mail_address(values["notice"])
        if error:
            self._set_undelivered(error, subject)
        recipients = [to for to in (address, copy_to) if to and email_normalize(to)]
        shared = self._prepare_mail(values, paragraphs, **contents)
        mails = (
            self.env["mail.mail"]
            .sudo()  # clerks and visitors may not write in the mail queue
            .create(
                [{**shared, "subject": subject, "email_to": to} for to in recipients]
            )
        )
        if mails:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return mails[:1] if address else mails.browse()

    def _get_mail_address(self, letter):
        """Return the address of the debtor, or why he cannot be mailed.

        :param letter: the unsaved letter
        :rtype: tuple[str or False, str or False]
        """
        self.ensure_one()
        partners = [p for p in letter._get_addressees() if p.email_normalized]
        if not partners:
            return False, self.env._(
                "%s has no e-mail address.", self.partner_id.display_name
            )
        address = partners[0].email_normalized
        if self.env["dunning.delivery"]._get_blacklisted([address]):
            return False, self.env._(
                "The address %s is on the blacklist for e-mail.", address
            )
        return partners[0].email_formatted, False

    def _prepare_mail(self, values, paragraphs, button=None, documents=None, line=None):
        """Return the values of an e-mail, without its subject and address.

        :param dict values: the values of the letter
        :param list[str] paragraphs: the text
        :param str button: what the link to the page of the arrangement says
        :param documents: `ir.attachment` to enclose
        :param line: the instalment that it asks for, with its ways to pay
        :rtype: dict
        """
        sender = values["notice"]._get_email_from()
        body = self._render_mail(values, paragraphs, button, line)
        return {
            "model": self._name,
            "res_id": self.id,
            "record_name": self.display_name,
            "message_type": "email_outgoing",
            "subtype_id": self.env.ref("mail.mt_comment").id,
            "body": body,
            "body_html": body,
            "author_id": sender.author.id,
            "email_from": sender.email,
            "reply_to": sender.email,
            "attachment_ids": documents.ids if documents else [],
            "state": "outgoing",
            "auto_delete": False,
        }

    def _render_mail(self, values, paragraphs, button, line):
        """Return the body of an e-mail, see `_prepare_mail`.

        :rtype: Markup
        """
        letter = values["notice"]
        return letter.env["ir.qweb"]._render(
            EMAIL_TEMPLATE,
            {
                **values,
                "paragraphs": paragraphs,
                "button": button,
                "page": self._get_portal_page(letter.env.lang),
                "line": line and self._prepare_instalment(letter, line),
                "signatory": letter._get_signatory(),
            },
        )

    def _get_portal_page(self, lang):
        """Return the address of the page of this arrangement, in a language."""
        self.ensure_one()
        found = self.env["res.lang"]._get_frontend().get(lang)
        prefix = f"/{found.url_code}" if found else ""
        # sudo: also who may only read sends it, and the first link makes the token
        return f"{self.get_base_url()}{prefix}{self.sudo().get_portal_url()}"

    def _prepare_instalment(self, letter, line):
        """Return how an instalment can be paid: transfer, code to scan, link.

        :param letter: the unsaved letter
        :param line: the instalment
        :rtype: dict
        """
        amount = line.amount_open
        transfer = letter._prepare_transfer(self.item_ids.move_id, amount)
        code = f"/my/arrangements/{self.id}/code/{line.id}"
        token = self.sudo()._portal_ensure_token()  # as in `_get_portal_page`
        return {
            **transfer,
            "date": line.warned_until or line.date,
            "amount": amount,
            "link": self._get_instalment_link(amount),
            "image": transfer["qr"]
            and f"{self.get_base_url()}{code}?access_token={token}",
        }

    def _get_instalment_link(self, amount):
        """Return a link to pay exactly an instalment online.

        A link is signed for one invoice, so there is one only where the oldest open
        invoice is large enough.

        :param float amount: what is open of the instalment
        :rtype: str or bool
        """
        self.ensure_one()
        if not self.company_id._has_dunning_online_payment():
            return False
        moves = self.item_ids.move_line_id.filtered(
            lambda item: (
                self.currency_id.compare_amounts(item.amount_residual_currency, amount)
                >= 0
            )
        ).move_id
        move = moves[:1]
        if not move or not move._has_to_be_paid():
            return False
        # sudo: the row behind the link belongs to no accountant
        wizard = self.env["payment.link.wizard"].sudo()
        return (
            wizard.with_context(active_id=move.id, active_model=move._name)
            .create({"amount": amount, "res_model": move._name, "res_id": move.id})
            .link
        )

    def _set_undelivered(self, error, subject=None):
        """Tell the responsible that the debtor did not get an e-mail.

        :param str error: why, in plain words
        :param str subject: of the e-mail, where it is known
        """
        self.ensure_one()
        worker = self._get_worker()
        arrangement = self.with_context(lang=worker.lang)
        arrangement.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=arrangement.env._("E-mail about the arrangement did not arrive"),
            note=": ".join(filter(None, (subject, error))),
            user_id=worker.id,
        )

    def _get_worker(self):
        """Return who looks after this arrangement.

        :rtype: recordset of `res.users`
        """
        self.ensure_one()
        return self.company_id._get_dunning_worker(self.responsible_id)
