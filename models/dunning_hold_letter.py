from odoo import api, models
from odoo.tools import email_normalize

from ..tools.letter_format import LetterFormat
from ..tools.letter_pdf import join_sheets


class DunningHold(models.Model):
    """What the letters about disputes and about promises have in common."""

    _inherit = "dunning.hold"

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

    def _prepare_letter(self, letter, amount):
        """Return what every such letter says, in the language of the customer.

        :param letter: the unsaved letter
        :param float amount: what it asks to pay
        :rtype: dict
        """
        self.ensure_one()
        hold = self.with_env(letter.env)
        company, currency = hold.company_id, hold.currency_id
        return {
            "company": company,
            "letterhead": company._prepare_dunning_letterhead(),
            "fmt": LetterFormat(
                letter.env.lang[:2], currency.name, currency.decimal_places
            ),
            "density": "",
            "address": letter._get_address_lines(),
            "salutation": letter._get_salutation(),
            "signatory": letter._get_signatory(),
            "contact": company._get_dunning_contact(),
            "date": company._get_dunning_today(),
            "payment": letter._prepare_transfer(
                hold.move_ids,
                amount,
                bank=company._get_dunning_bank_account(hold.move_ids),
            ),
        }

    @api.model
    def _print_letter(self, letter, template, values):
        """Return the letter as PDF.

        :param letter: the unsaved letter
        :param str template: the external id of its page
        :param dict values: what it says
        :rtype: bytes
        :raise UserError: when it cannot be printed
        """
        page = letter.env["ir.qweb"]._render(template, values)
        [sheets] = self.env["dunning.notice"]._print_pages([f"<!DOCTYPE html>{page}"])
        return join_sheets(sheets)

    @api.model
    def _is_mailable(self, email):
        """Whether somebody may be written to by e-mail."""
        normalized = email_normalize(email or "")
        blacklisted = self.env["dunning.delivery"]._get_blacklisted
        return bool(normalized) and not blacklisted([normalized])
