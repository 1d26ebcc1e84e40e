from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate, html2plaintext

from ...tools.pdf import join_sheets
from ..letter.letter_format import LetterFormat, format_short_date

#: The form of the data, for whoever reads it with a program.
SCHEMA = "personal-data-1"

_lt = LazyTranslate(__name__)

#: What each part and each column is called for people.
TITLES = {
    "person": _lt("Who you are"),
    "contacts_of": _lt("Your contacts"),
    "invoices": _lt("Invoices"),
    "letters": _lt("Letters"),
    "other_letters": _lt("Other letters"),
    "deliveries": _lt("Where letters went"),
    "contacts": _lt("Contacts"),
    "pauses": _lt("Pauses, disputes and promises"),
    "arrangements": _lt("Payment arrangements"),
    "protections": _lt("Protected statuses"),
    "handovers": _lt("Given to others"),
    "titles": _lt("Titles"),
    "dossiers": _lt("Dossiers"),
    "messages": _lt("Messages"),
    "looked_at": _lt("When this was looked at"),
    "retention": _lt("How long it is kept"),
}
LABELS = {
    "what": _lt("What"),
    "value": _lt("What is kept"),
    "name": _lt("Name"),
    "number": _lt("Number"),
    "kind": _lt("Kind"),
    "date": _lt("Date"),
    "due": _lt("Due date"),
    "until": _lt("Until"),
    "total": _lt("Total"),
    "open": _lt("Open"),
    "currency": _lt("Currency"),
    "company": _lt("Company"),
    "state": _lt("State"),
    "channel": _lt("Channel"),
    "address": _lt("Address"),
    "email": _lt("E-mail"),
    "phone": _lt("Telephone"),
    "sent": _lt("Sent"),
    "delivered": _lt("Delivered"),
    "by": _lt("By"),
    "outcome": _lt("Outcome"),
    "reason": _lt("Reason"),
    "text": _lt("Text"),
    "answer": _lt("Answer"),
    "reference": _lt("Reference"),
    "recipient": _lt("Recipient"),
    "subject": _lt("Subject"),
    "signed_by": _lt("Signed by"),
    "signed_from": _lt("Signed from"),
    "months": _lt("Months"),
}


class DunningPersonalData(models.AbstractModel):
    """All that is known of a person, as plain data: article 15 AVG.

    Of those who looked the person learns the day and what, not the names.
    """

    _name = "dunning.personal.data"
    _description = "What is known of a person"

    # === BUSINESS METHODS === #

    @api.model
    def _collect(self, partner):
        """Return what is known of a debtor, in parts that are lists of rows.

        :param partner: the `res.partner`
        :rtype: dict
        """
        partner = partner.commercial_partner_id
        day = self.env.company._get_dunning_today()
        return {
            "schema": SCHEMA,
            "date": day.isoformat(),
            "controller": self.env.company.name,
            "person": self._get_person(partner),
            "contacts_of": self._get_people(partner.child_ids),
            "invoices": self._get_invoices(partner),
            **self._get_letters(partner),
            "contacts": self._get_contacts(partner),
            "pauses": self._get_pauses(partner),
            "arrangements": self._get_arrangements(partner),
            "protections": self._get_protections(partner),
            "handovers": self._get_handovers(partner),
            "titles": self._get_titles(partner),
            "dossiers": self._get_dossiers(partner),
            "messages": self._get_messages(partner),
            "looked_at": self._get_looks(partner),
            "retention": self._get_retention(),
        }

    @api.model
    def _find(self, model, partner, order="id"):
        """Return records about a debtor in the companies of the user."""
        Model = self.env[model]
        domain = Domain("partner_id", "child_of", partner.id)
        if "company_id" in Model._fields:
            domain &= Domain("company_id", "in", self.env.companies.ids)
        return Model.search(domain, order=order)

    @api.model
    def _say(self, record, field):
        """Return what a choice is called."""
        return dict(record._fields[field]._description_selection(self.env)).get(
            record[field], ""
        )

    # --- The person.

    @api.model
    def _get_person(self, partner):
        is_consumer = partner.dunning_is_consumer
        rows = {
            self.env._("Name"): partner.name,
            self.env._("Customer number"): partner.ref,
            self.env._("Address"): partner._display_address(without_company=True),
            self.env._("E-mail"): partner.email,
            self.env._("Telephone"): partner.phone,
            self.env._("VAT number"): partner.vat,
            self.env._("Number in the trade register"): partner.company_registry,
            self.env._("Language"): partner.lang,
            self.env._("Treated as"): (
                self.env._("Consumer") if is_consumer else self.env._("Business")
            ),
            self.env._("Bank accounts"): ", ".join(
                partner.bank_ids.mapped("acc_number")
            ),
            self.env._("Note"): html2plaintext(partner.comment or ""),
        }
        return [
            {"what": what, "value": " ".join(value.split())}
            for what, value in rows.items()
            if value
        ]

    @api.model
    def _get_people(self, people):
        return [
            {
                "name": person.name or "",
                "kind": self._say(person, "type"),
                "address": " ".join(
                    person._display_address(without_company=True).split()
                ),
                "email": person.email or "",
                "phone": person.phone or "",
            }
            for person in people
        ]

    # --- What is owed, and what was written.

    @api.model
    def _get_invoices(self, partner):
        moves = self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", partner.id),
                ("company_id", "in", self.env.companies.ids),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("state", "=", "posted"),
            ],
            order="date, id",
        )
        return [
            {
                "number": move.name,
                "kind": self._say(move, "move_type"),
                "date": _tell(move.invoice_date),
                "due": _tell(move.invoice_date_due),
                "total": f"{move.amount_total:.2f}",
                "open": f"{move.amount_residual:.2f}",
                "currency": move.currency_id.name,
                "company": move.company_id.name,
            }
            for move in moves
        ]

    @api.model
    def _get_letters(self, partner):
        """Return letters and, apart from them, where each went."""
        notices = self._find("dunning.notice", partner).filtered("name")
        others = self._find("dunning.letter", partner)
        return {
            "letters": [
                {
                    "number": notice.name,
                    "kind": notice.level_id.name or "",
                    "date": _tell(notice.date),
                    "total": f"{notice.amount_claim:.2f}",
                    "currency": notice.currency_id.name,
                    "state": self._say(notice, "state"),
                }
                for notice in notices
            ],
            "other_letters": [
                {
                    "kind": self._say(letter, "kind"),
                    "subject": letter.subject,
                    "date": _tell(letter.date),
                    "address": " ".join((letter.address or "").split()),
                    "state": self._say(letter, "state"),
                }
                for letter in others
            ],
            "deliveries": [
                {
                    "number": delivery.display_name,
                    "channel": self._say(delivery, "channel"),
                    "address": " ".join((delivery.address or "").split()),
                    "state": self._say(delivery, "state"),
                    "sent": _tell(delivery.date_sent),
                    "delivered": _tell(delivery.date_delivered),
                }
                for delivery in (notices.delivery_ids | others.delivery_ids).sorted(
                    "id"
                )
            ],
        }

    @api.model
    def _get_contacts(self, partner):
        return [
            {
                "date": _tell(contact.date),
                "kind": self._say(contact, "type"),
                "outcome": self._say(contact, "outcome"),
                "name": contact.person_id.name or "",
                "reason": contact.reason_id.name or "",
                "text": contact.note or "",
            }
            for contact in self._find("dunning.contact", partner, "date, id")
        ]

    @api.model
    def _get_pauses(self, partner):
        return [
            {
                "kind": self._say(hold, "kind"),
                "date": _tell(hold.date_from),
                "until": _tell(hold.date_end or hold.date_review),
                "text": hold.note or "",
                "answer": hold.answer or "",
                "reason": hold.end_reason or "",
            }
            for hold in self._find("dunning.hold", partner, "date_from, id")
        ]

    @api.model
    def _get_arrangements(self, partner):
        return [
            {
                "reference": plan.name,
                "state": self._say(plan, "state"),
                "total": f"{plan.amount_total:.2f}",
                "currency": plan.currency_id.name,
                "signed_by": plan.signed_by or "",
                "date": _tell(plan.signed_on),
                "signed_from": plan.signed_ip or "",
                "reason": plan.end_reason or "",
            }
            for plan in self._find("payment.arrangement", partner)
        ]

    @api.model
    def _get_protections(self, partner):
        return [
            {
                "kind": self._say(status, "kind"),
                "date": _tell(status.date),
                "until": _tell(status.ended_on or status.date_end),
                "reference": status.reference or "",
                "name": status.representative_id.display_name or "",
            }
            for status in self._find("dunning.protection", partner)
        ]

    # --- Who else has it, and who looked.

    @api.model
    def _get_handovers(self, partner):
        return [
            {
                "recipient": handover.agency_id.display_name,
                "reference": handover.name,
                "date": _tell(handover.sent_on),
                "state": self._say(handover, "state"),
                "total": f"{handover.amount_total:.2f}",
                "currency": handover.currency_id.name,
            }
            for handover in self._find("dunning.handover", partner)
            if handover.sent_on
        ]

    @api.model
    def _get_titles(self, partner):
        return [
            {
                "number": title.name,
                "kind": self._say(title, "kind"),
                "date": _tell(title.date),
                "until": _tell(title.lapses_on),
                "total": f"{title.amount:.2f}",
                "text": title.note or "",
            }
            for title in self._find("dunning.title", partner)
        ]

    @api.model
    def _get_dossiers(self, partner):
        return [
            {"reference": dossier.name, "date": _tell(dossier.date)}
            for dossier in self._find("dunning.dossier", partner)
        ]

    @api.model
    def _get_messages(self, partner):
        people = partner + partner.child_ids
        messages = self.env["mail.message"].search(
            [("model", "=", "res.partner"), ("res_id", "in", people.ids)],
            order="date, id",
        )
        rows = []
        for message in messages:
            text = html2plaintext(message.body or "").strip()
            if text or message.subject:
                text = "\n".join(filter(None, (message.subject, text)))
                rows.append({"date": _tell(message.date), "text": text})
        return rows

    @api.model
    def _get_looks(self, partner):
        # sudo: managers alone may see who looked; the person learns when
        looks = (
            self.env["dunning.access.log"]
            .sudo()
            .search([("partner_id", "=", partner.id)], order="date, id")
        )
        return [
            {"date": _tell(look.date), "what": self._say(look, "what")}
            for look in looks
        ]

    @api.model
    def _get_retention(self):
        company = self.env.company
        return [
            {
                "what": company._fields[name]._description_string(self.env),
                "months": str(company[name] or "–"),
            }
            for name in (
                "dunning_keep_notes",
                "dunning_keep_contacts",
                "dunning_keep_deliveries",
                "dunning_keep_files",
            )
        ]

    # --- As a document.

    @api.model
    def _print(self, partner, data):
        """Return the same as a document for people.

        :param dict data: see `_collect`
        :rtype: bytes
        """
        lang = (self.env.lang or "nl")[:2]
        company = self.env.company
        parts = [
            (self.env._(title), data[code])
            for code, title in TITLES.items()
            if data[code]
        ]
        page = Markup("<!DOCTYPE html>") + self.env["ir.qweb"]._render(
            "l10n_nl_dunning.personal_data_page",
            {
                "partner": partner,
                "company": company,
                "letterhead": company._prepare_dunning_letterhead(),
                "lang": lang,
                "parts": parts,
                "label": lambda name: self.env._(LABELS[name]),
                "cell": lambda name, row: _write(name, row, lang),
                "day": format_short_date(fields.Date.to_date(data["date"]), lang),
            },
        )
        [sheets] = self.env["dunning.notice"]._print_pages([page])
        return join_sheets(sheets)


def _tell(moment):
    """Return a day or a moment as text."""
    return moment.isoformat()[:16] if moment else ""


def _write(name, row, lang):
    """Return a cell as people read it: days and amounts as they write them."""
    text = row[name]
    if text and name in ("date", "due", "until", "sent", "delivered"):
        return format_short_date(fields.Date.to_date(text[:10]), lang)
    if text and name in ("total", "open"):
        return LetterFormat(lang, row.get("currency") or "EUR").amount(float(text))
    return text
