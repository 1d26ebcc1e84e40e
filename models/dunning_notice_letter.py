from odoo import models
from odoo.exceptions import UserError

from ..tools.letter_format import LetterFormat
from .dunning_level import KIND_RANK
from .letter_section import CHARGE_KIND, LetterSection

#: Letters with more rows than this are set smaller.
DENSITIES = ((7, "dense"), (13, "tight"))


class DunningNotice(models.Model):
    """What stands in a letter."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _prepare_letter_values(self):
        """Return what the letter and its e-mail say, each in its own language.

        A letter without reference is a proposal: it gets the figures of today.

        :return: values of the templates by id of the letter
        :rtype: dict[int, dict]
        """
        shared = self._prepare_shared_values()
        values = {}
        for notice in self:
            lang = notice.lang or notice._get_lang()
            notice = notice.with_context(lang=lang).with_company(notice.company_id)
            values[notice.id] = notice._prepare_letter(lang[:2], shared)
        return values

    def _prepare_shared_values(self):
        """Read together what all letters need."""
        (self.partner_id | self.recipient_id).fetch()
        self.line_ids.move_id.fetch(
            ["move_type", "name", "partner_bank_id", "payment_reference"]
        )
        return {
            "consumers": self.partner_id._get_dunning_consumers(),
            "previous": self._get_previous_letters(),
            "company": {},  # letterheads by company and language
            "scannable": {},  # whether there is a code to scan, by account and currency
            "online": {
                company: company._has_dunning_online_payment()
                for company in self.company_id
            },
        }

    def _prepare_letter(self, lang, shared):
        """Return what one letter says.

        :param str lang: code of the language of the recipient, two letters
        :param dict shared: what the letters of the batch have in common
        :rtype: dict
        """
        self.ensure_one()
        values = self._prepare_parties(shared)
        sections = self._get_letter_sections(values["date"])
        currency = self.currency_id
        values |= {
            "fmt": LetterFormat(lang, currency.name, currency.decimal_places),
            "previous": shared["previous"].get(self.id),
            "sections": sections,
            "main": sections[0],
            "total": self.amount_claim,
            "density": self._get_density(sections),
            "copies": len(self._get_invoices_to_attach()),
            **self._get_claim_names(values["is_consumer"]),
        }
        for section in sections:
            section.request = self._get_request(section, values)
        values["payment"] = self._prepare_payment(values, shared)
        return {**values, **self._fill_texts(values)}

    def _prepare_parties(self, shared):
        """Return who writes to whom, and when."""
        company = self.company_id
        key = (company, self.env.lang)
        if key not in shared["company"]:
            shared["company"][key] = company._prepare_dunning_letterhead()
        return {
            "notice": self,
            "company": company,
            "level": self.level_id,
            "letterhead": shared["company"][key],
            "is_concept": not self.name,
            "is_consumer": self.partner_id.id in shared["consumers"],
            "date": self.date or company._get_dunning_today(),
            "signatory": self._get_signatory(),
            "address": self._get_address_lines(),
            "salutation": self._get_salutation(),
            "contact": company._get_dunning_contact(),
        }

    def _get_density(self, sections):
        """Return the styles with which a letter stays on one page as long as it can."""
        height = sum(section.height for section in sections)
        return " ".join(style for limit, style in DENSITIES if height > limit)

    def _get_letter_sections(self, today):
        """Group the items by what is asked, the strictest request first.

        Credits lower the first section: its wording has the gravest consequences, so
        the debtor must not be asked for more there than he owes.

        :param date today: the day of the letter
        :rtype: list[LetterSection]
        """
        lines = self.line_ids.filtered("level_id")
        charges = self.line_ids.filtered(lambda line: line._is_charge())
        credits = self.line_ids - lines - charges
        groups = self._group_lines(lines, today)
        if not groups:
            raise UserError(
                self.env._(
                    "The letter to %s has no items. Remove it from the round.",
                    self.partner_id.display_name,
                )
            )
        sections = self._prepare_request_sections(groups, credits)
        if charges:
            deadline = sections[0].deadline
            sections.append(
                LetterSection(CHARGE_KIND, deadline, charges, credits.browse())
            )
        return sections

    def _prepare_request_sections(self, groups, credits):
        """Return a section for each request of the letter.

        :param dict groups: the items by request, see `_group_lines`
        :param credits: the lines of credits, which lower one of the sections
        :rtype: list[LetterSection]
        """
        claims = (self.claim_data or {}).get("items", [])
        credited = self._get_credited(list(groups.values()), credits)
        return [
            LetterSection(
                kind=lines[0].level_id.kind,
                deadline=deadline,
                lines=lines,
                credits=credits if lines is credited else credits.browse(),
                claims=_get_item_claims(claims, lines),
            )
            for (_rank, deadline), lines in groups.items()
        ]

    def _group_lines(self, lines, today):
        """Group items by what is asked, the strictest request first.

        :return: lines by rank of their kind and deadline
        :rtype: dict[tuple, dunning.notice.line]
        """
        groups = lines.grouped(
            lambda line: (
                KIND_RANK[line.level_id.kind],
                line.deadline or line.level_id._get_deadline(today),
            )
        )
        return {
            key: groups[key].sorted("date_maturity")
            for key in sorted(groups, key=lambda key: (-key[0], key[1]))
        }

    def _get_credited(self, groups, credits):
        """Return the first group that is large enough to take the credits off it.

        :param list groups: recordsets of lines
        """
        owed = -sum(credits.mapped("amount_residual"))
        amounts = [
            self.currency_id.round(sum(lines.mapped("amount_residual")))
            for lines in groups
        ]
        for lines, amount in zip(groups, amounts, strict=True):
            if amount > owed:
                return lines
        return groups[amounts.index(max(amounts))]

    def _get_previous_letters(self):
        """Return the last letter before each of these about the same claim.

        :rtype: dict[int, dunning.notice]
        """
        items = self.line_ids.filtered("level_id").move_line_id
        lines = self.env["dunning.notice.line"].search_fetch(
            [
                ("move_line_id", "in", items.ids),
                ("state", "=", "sent"),
                ("is_limitation", "=", False),
            ],
            ["move_line_id", "notice_id"],
            order="id",
        )
        lines.notice_id.fetch(["name", "date"])  # not what they claimed
        by_item = lines.grouped("move_line_id")
        return {notice.id: notice._get_last_before(by_item) for notice in self}

    def _get_last_before(self, sent):
        """Return the last letter before this one about what it asks most strictly.

        :param dict sent: the lines of letters that arrived, by item
        :rtype: recordset of `dunning.notice`
        """
        self.ensure_one()
        main = self.line_ids.filtered(lambda line: line.level_id == self.level_id)
        earlier = [
            line
            for item in main.move_line_id
            for line in sent.get(item, ())
            if line.notice_id != self
            and (not self.date or line.notice_id.date <= self.date)
        ]
        last = max(earlier, key=lambda line: line.id, default=main.browse())
        return last.notice_id

    def _get_signatory(self):
        """Return who signs; nobody in person when a job made the letter."""
        user = self.responsible_id
        if not self.name:
            user = self.level_id.responsible_id or user
        return self.env["res.users"] if user._is_superuser() else user

    def _get_salutation(self):
        """Greet by name only where it is known who reads the letter."""
        person = self.recipient_id
        if not person.is_company and person.type == "contact" and person.name:
            return self.env._("Dear %s,", person.name)
        return self.env._("Dear Sir or Madam,")

    def _get_address_lines(self):
        """Return the lines for the window of the envelope.

        :rtype: list[str]
        """
        partner = self._get_postal_partner() or self.recipient_id
        return [
            *self._get_address_names(),
            *partner._get_dunning_address(self.company_id),
        ]

    def _get_address_names(self):
        """Return the lines of the address above the street.

        :rtype: list[str]
        """
        debtor, contact = self.partner_id, self.recipient_id
        lines = [debtor.name]
        if contact.name and contact != debtor and contact.name != debtor.name:
            lines.append(self.env._("Attn %s", contact.name))
        return lines


def _get_item_claims(claims, lines):
    """Return those of the frozen claims of a letter that are about these lines."""
    item_ids = set(lines.move_line_id.ids)
    return [claim for claim in claims if claim["item_id"] in item_ids]
