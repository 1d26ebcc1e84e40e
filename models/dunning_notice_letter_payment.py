import base64
from io import BytesIO

from PIL import Image
from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

from odoo import models
from odoo.tools import float_repr
from odoo.tools.image import image_data_uri

from ..tools.letter_format import format_account

#: Half the room of a bank transfer, so that the code stays coarse enough to scan.
REFERENCE_SIZE = 70
#: Nobody types more references than this from paper.
PRINTED_REFERENCES = 4


class DunningNotice(models.Model):
    """How the debtor can pay: account, reference, code to scan, link."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _prepare_payment(self, values, is_online):
        """Return how the claim can be paid.

        :param dict values: the values of the letter so far
        :param bool is_online: whether the company takes payments online
        :rtype: dict
        """
        self.ensure_one()
        moves = self.env["account.move"].union(
            *(section.lines.move_id for section in values["sections"])
        )
        return {
            **self._prepare_transfer(moves, self.amount_claim),
            "is_online": is_online,
            "link": is_online and self._get_payment_link(),
        }

    def _prepare_transfer(self, moves, amount):
        """Return what a bank transfer needs: account, reference, code to scan.

        :param moves: the invoices to pay, in the order in which they are referred to
        :param float amount: what is to be paid
        :rtype: dict
        """
        self.ensure_one()
        bank = self._get_bank_account()
        is_iban = bank.acc_type == "iban"
        references = self._get_payment_references(moves)
        printed = references[:1] if len(references) > PRINTED_REFERENCES else references
        return {
            "account": bank.acc_number
            and (format_account(bank.acc_number) if is_iban else bank.acc_number),
            "bic": bank.bank_bic,
            "holder": bank.acc_holder_name or self.company_id.name,
            "reference": ", ".join(printed),
            "qr": self._get_payment_qr(bank, " ".join(references), amount),
        }

    def _get_bank_account(self):
        """Return the account that the invoices ask to pay to."""
        moves = self.line_ids.filtered("level_id").move_id
        return self.company_id._get_dunning_bank_account(moves)

    def _get_payment_references(self, moves):
        """Return what the debtor should state: the letter and its invoices.

        The payment references of the invoices are what the bank reconciliation looks
        for. There is room for so many; a reference is never cut in two.

        :rtype: list[str]
        """
        references = [self.name]
        references += [move.payment_reference or move.name for move in moves]
        references = list(dict.fromkeys(filter(None, references)))
        while len(" ".join(references)) > REFERENCE_SIZE:
            references.pop()
        return references

    def _get_payment_qr(self, bank, reference, amount):
        """Return the code that a bank app can scan, as an image to embed.

        :return: data URI, or False when Odoo cannot make the code
        """
        if not bank or "sct_qr" not in dict(
            bank.get_available_qr_methods_in_sequence()
        ):
            return False
        qr = bank._build_qr_code_vals(
            float(float_repr(amount, self.currency_id.decimal_places)),
            reference,
            "",
            self.currency_id,
            self.partner_id,
            qr_method="sct_qr",
        )
        if not qr:
            return False
        return _draw_qr(bank._get_qr_code_generation_params(**qr)["value"])

    def _get_payment_link(self):
        """Return a link to pay online what the letter claims.

        A link is signed for one invoice and its amount, so there is one only when the
        letter claims exactly that. A proposal gets none: each link is a row.
        """
        moves = self.line_ids.move_id
        if not self.name or len(moves) != 1 or not moves._has_to_be_paid():
            return False
        if self.currency_id.compare_amounts(self.amount_claim, moves.amount_residual):
            return False
        # sudo: the row behind the link belongs to no accountant
        return moves.sudo()._get_portal_payment_link()


def _draw_qr(value):
    """Draw a QR code.

    Without the search for the best of eight masks, which takes ten times as long as
    all the rest and only matters for damaged or blurred codes.
    """
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(value)
    code.version = code.calculate_version()
    code.makeImpl(False, 0)
    size = code.getModuleCount()
    image = Image.new("1", (size, size), 1)
    image.putdata([not dark for row in code.modules for dark in row])
    stream = BytesIO()
    # Large enough that a viewer does not blur it.
    image.resize((size * 4, size * 4)).save(stream, format="PNG")
    return image_data_uri(base64.b64encode(stream.getvalue()))
