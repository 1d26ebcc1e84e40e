from odoo import models
from odoo.tools import float_repr

from ..tools.letter_format import format_account
from ..tools.qr_code import QrCode

#: Half the room of a bank transfer, so that the code stays coarse enough to scan.
REFERENCE_SIZE = 70
#: Nobody types more references than this from paper.
PRINTED_REFERENCES = 4


class DunningNotice(models.Model):
    """How the debtor can pay: account, reference, code to scan, link."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _prepare_payment(self, values, shared):
        """Return how the claim can be paid.

        :param dict values: the values of the letter so far
        :param dict shared: what all letters need
        :rtype: dict
        """
        self.ensure_one()
        is_online = shared["online"][self.company_id]
        # No union: its records would be read from the database for each letter.
        moves = [
            move for section in values["sections"] for move in section.lines.move_id
        ]
        return {
            **self._prepare_transfer(moves, self.amount_claim, shared["scannable"]),
            "is_online": is_online,
            "link": is_online and self._get_payment_link(),
        }

    def _prepare_transfer(self, moves, amount, scannable=None, bank=None):
        """Return what a bank transfer needs: account, reference, code to scan.

        :param moves: the invoices to pay, in the order in which they are referred to:
            records or a list of them
        :param float amount: what is to be paid
        :param dict scannable: whether there is a code to scan, as far as it was found
            out, by account and currency
        :param bank: the account to pay to, where it is not that of the letter's items
        :rtype: dict
        """
        self.ensure_one()
        scannable = {} if scannable is None else scannable
        bank = bank or self._get_bank_account()
        is_iban = bank.acc_type == "iban"
        references = self._get_payment_references(moves)
        printed = references[:1] if len(references) > PRINTED_REFERENCES else references
        return {
            "account": bank.acc_number
            and (format_account(bank.acc_number) if is_iban else bank.acc_number),
            "bic": bank.bank_bic,
            "holder": bank.acc_holder_name or self.company_id.name,
            "reference": ", ".join(printed),
            "qr": self._get_payment_qr(bank, " ".join(references), amount, scannable),
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

    def _get_payment_qr(self, bank, reference, amount, scannable):
        """Return the code that a bank app can scan.

        :return: `QrCode`, or False when Odoo cannot make the code
        """
        key = bank, self.currency_id
        if key not in scannable:
            scannable[key] = self._is_scannable(bank)
        if not scannable[key]:
            return False
        text = bank._get_qr_code_generation_params(
            "sct_qr",
            float(float_repr(amount, self.currency_id.decimal_places)),
            self.currency_id,
            self.partner_id,
            reference,
            "",
        )["value"]
        return QrCode(text)

    def _is_scannable(self, bank):
        """Whether Odoo makes codes for transfers to an account in this currency."""
        methods = dict(bank.get_available_qr_methods_in_sequence())
        return "sct_qr" in methods and bool(
            bank._build_qr_code_vals(
                1, "", "", self.currency_id, self.partner_id, qr_method="sct_qr"
            )
        )

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
