"""A document: who paid after a letter is thanked, on paper and by e-mail."""

# It stands for another module.  pylint: disable=odoo-addons-relative-import

from lxml import etree

from odoo import fields, models

from odoo.addons.l10n_nl_dunning.models.delivery.dunning_document_mixin import (
    LetterParts,
)

PAGE = etree.fromstring(
    """
    <t>
        <t t-call="l10n_nl_dunning.dunning_letter_page">
            <h1 t-out="subject" />
            <p t-out="salutation" />
            <p>All of <t t-out="number" /> was paid. Thank you.</p>
            <div t-out="signatory.name" />
        </t>
    </t>
    """
)
MAIL = etree.fromstring("<div><p t-out='salutation' /><p t-out='subject' /></div>")


class DunningLetter(models.Model):
    """Its name among the letters."""

    _inherit = "dunning.letter"

    kind = fields.Selection(
        selection_add=[("thanks", "Thanks")], ondelete={"thanks": "cascade"}
    )


class DunningThanks(models.Model):
    """A word of thanks: what the mixin asks for, and what it says."""

    _name = "dunning.thanks"
    _inherit = ["dunning.document.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Thanks for a payment"

    company_id = fields.Many2one("res.company", required=True)
    partner_id = fields.Many2one("res.partner", string="Debtor", required=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", default=lambda self: self.env.user)
    move_id = fields.Many2one("account.move", string="Invoice", required=True)

    def _prepare_letter_parts(self, kind, addressee):
        values = {
            **self._prepare_document(addressee),
            "subject": "Thank you",
            "number": self.move_id.name,
        }
        return LetterParts(values, PAGE, MAIL, "Post the thanks")


class AccountMove(models.Model):
    """When somebody is thanked."""

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        """Thank debtors who paid after a letter."""
        result = super()._invoice_paid_hook()
        # sudo: who registers a payment need not have rights on what is sent
        thanks = (
            self.env["dunning.thanks"]
            .sudo()
            .create(
                [
                    {
                        "company_id": move.company_id.id,
                        "partner_id": move.commercial_partner_id.id,
                        "move_id": move.id,
                    }
                    for move in self.filtered("dunning_notice_line_ids")
                ]
            )
        )
        for one in thanks:
            one._issue_letter("thanks")
        return result
