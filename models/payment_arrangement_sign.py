import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools.mimetypes import guess_mimetype

from ..tools.portal_form import clean_text
from .payment_arrangement_letter import LETTER_TEMPLATE

#: Drawings of a signature. Others can hold more than a picture, such as SVG.
SIGNATURE_TYPES = ("image/png", "image/jpeg")
NAME_SIZE = 100


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

    # === BUSINESS METHODS === #

    def _has_to_be_signed(self):
        """Whether the debtor can sign: the offer is open."""
        self.ensure_one()
        today = self.company_id._get_dunning_today()
        return self.state == "offered" and self.offer_until >= today

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
        if self.state == "expired":
            self._revive(day)
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
