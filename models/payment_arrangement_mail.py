from odoo import models
from odoo.tools import email_normalize

EMAIL_TEMPLATE = "l10n_nl_dunning.payment_arrangement_email"


class PaymentArrangement(models.Model):
    """E-mails about an arrangement, in the language of the debtor."""

    _inherit = "payment.arrangement"

    # === BUSINESS METHODS === #

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
