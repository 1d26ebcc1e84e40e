from markupsafe import Markup

from odoo import models
from odoo.tools.image import image_data_uri

from ..tools.letter_format import LetterFormat
from ..tools.letter_pdf import join_sheets

LETTER_TEMPLATE = "l10n_nl_dunning.payment_arrangement_letter"
LAPSE_TEMPLATE = "l10n_nl_dunning.payment_arrangement_lapse_letter"
WARNING_TEMPLATE = "l10n_nl_dunning.payment_arrangement_warning_letter"


class PaymentArrangement(models.Model):
    """The agreement on paper, and the letter that it has lapsed."""

    _inherit = "payment.arrangement"

    # === ACTION METHODS === #

    def action_print(self):
        """Show the agreement as it was signed or offered, or as it would be."""
        self.ensure_one()
        if document := self.signed_document_id or self.offer_document_id:
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{document.id}?download=false",
                "target": "new",
            }
        return self.env.ref("l10n_nl_dunning.payment_arrangement_report").report_action(
            self, config=False
        )

    # === BUSINESS METHODS === #

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
        self.lapse_document_id = self._attach_letter(
            LAPSE_TEMPLATE,
            self._get_letter().env._("Lapsed"),
            date=self.broken_on,
            density="dense" if len(self.item_ids) > 6 else "",
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
            "is_concept": self.state == "draft",
            "previous": False,
            "date": self.offered_on or company._get_dunning_today(),
            "today": company._get_dunning_today(),
            "address": letter._get_address_lines(),
            "salutation": letter._get_salutation(),
            "density": "dense tight" if rows > 12 else "dense",
            "terms": arrangement._get_terms(),
            "payment": letter._prepare_transfer(moves, self.amount_open),
            "signature": self.signature and image_data_uri(self.signature),
            "signatory": self.offered_by_id or self.responsible_id,
            "contact": company._get_dunning_contact(),
        }

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
            "none": self.env._("You owe no interest over the time of the arrangement."),
            "frozen": self.env._(
                "As long as you keep the arrangement you owe no interest over its "
                "time. When it lapses, you do."
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
                "Each instalment is in our account on its date at the latest. You may "
                "pay sooner or more at any time. We charge nothing for the arrangement."
            ),
            self._get_interest_term(),
            env._("As long as you keep the arrangement, we take no further steps."),
            env._(
                "When an instalment is more than %(grace)s days late, we send you one "
                "warning. When you have not paid within %(warning)s days of it, the "
                "arrangement lapses and the whole remainder is due at once.",
                grace=self.grace_days,
                warning=self.warning_days,
            ),
            env._(
                "The arrangement takes the place of no existing obligation: it is no "
                "novation. The invoices stay in force, and we reserve all our rights."
            ),
            env._(
                "Can you not pay an instalment on time? Tell us before its date: "
                "%(contact)s.",
                contact=self.company_id._get_dunning_contact() or self.company_id.name,
            ),
        ]
