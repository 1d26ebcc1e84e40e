from typing import NamedTuple

from odoo import models


class Sender(NamedTuple):
    """Whom a mail comes from."""

    author: models.BaseModel  # res.partner
    email: str


class DunningNotice(models.Model):
    """What goes along with the letter by e-mail."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _get_email_from(self):
        """Return the sender: who signs the letter, else the company."""
        self.ensure_one()
        partner = self._get_signatory().partner_id
        if not partner.email_normalized:
            partner = self.company_id.partner_id
        return Sender(partner, self._get_sender_address(partner))

    def _get_reply_addresses(self, senders):
        """Return where replies to the e-mails go.

        :param dict senders: the `Sender` of each letter
        :return: addresses by id of the letter
        :rtype: dict[int, str]
        """
        return self._notify_get_reply_to_batch(
            defaults={notice.id: sender.email for notice, sender in senders.items()},
            author_ids={
                notice.id: sender.author.id for notice, sender in senders.items()
            },
        )

    def _get_sender_address(self, partner):
        return partner.email_formatted or self.env.user.email_formatted

    def _prepare_email_values(self, letter):
        """Return what the e-mail says besides the letter.

        The pages of the invoices on the portal stand in for a payment link, which there
        is only for a letter about one invoice.

        :param dict letter: the values of the letter
        :rtype: dict
        """
        self.ensure_one()
        payment = letter["payment"]
        moves = self.line_ids.filtered("level_id").move_id
        online = []
        if payment["is_online"] and not payment["link"]:
            base = self.company_id.get_base_url()
            online = [(move.name, f"{base}{move.get_portal_url()}") for move in moves]
        return {
            "online": online,
            "page": self._get_portal_page(),
            "is_posted": self.by_post or self.by_registered,
        }

    def _get_email_subject(self, letter):
        """Return the subject of the mail: that of the letter with its reference."""
        return f"{letter['subject']} ({self.name})"

    def _get_email_attachments(self):
        """Return the letter and the copies of its invoices, by letter.

        :return: `ir.attachment` by id of the letter
        :rtype: dict
        """
        invoices = self._get_invoice_pdfs()
        new = [
            {
                "name": name,
                "raw": content,
                "res_model": self._name,
                "res_id": notice_id,
            }
            for notice_id, files in invoices.items()
            for name, content, attachment in files
            if not attachment
        ]
        created = self.env["ir.attachment"].create(new)
        result = {}
        for notice in self:
            existing = [attachment for _n, _c, attachment in invoices[notice.id]]
            result[notice.id] = notice.letter_id.union(
                *existing,
                created.filtered(lambda file, notice=notice: file.res_id == notice.id),
            )
        return result
