from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

from ...law.letter_contents import is_forbidden, is_required
from ...tools.amount_words import number_in_words
from ...tools.placeholders import PlaceholderError, fill_placeholders
from ..claim.engine.terms import DebtorTerms, get_in_time
from ..letter.letter_format import LetterFormat, split_paragraphs
from ..letter.letter_section import CHARGE_KIND, LetterSection
from ..policy.level_kinds import KIND_RANK
from .sentences import say

#: Letters with more rows than this are set smaller.
DENSITIES = ((7, "dense"), (12, "tight"))


BOLD = Markup("<b>%s</b>")

SPACE = Markup(" ")


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
            [
                *("move_type", "name", "partner_bank_id", "payment_reference"),
                *("commercial_partner_id", "currency_id", "amount_total"),
                "invoice_payment_term_id",
            ]
        )
        return {
            "consumers": self.partner_id._get_dunning_consumers(),
            "earlier": self._get_earlier_lines(),
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
            "previous": self._get_last_before(shared["earlier"]),
            "earlier_letters": self._tell_earlier_letters(shared["earlier"]),
            "sections": sections,
            "main": sections[0],
            "total": self.amount_claim,
            "density": self._get_density(sections),
            "copies": len(self._get_invoices_to_attach()),
            **self._get_claim_names(values["is_consumer"]),
            **self._get_crossed(sections[0].kind),
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
            "capacity": self._say_capacity(),
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

    def _get_earlier_lines(self):
        """Return the lines of letters that arrived, by the items of these letters.

        :rtype: dict[account.move.line, dunning.notice.line]
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
        return lines.grouped("move_line_id")

    def _get_last_before(self, sent):
        """Return the last letter before this one about what it asks most strictly.

        :param dict sent: the lines of letters that arrived, by item
        :rtype: recordset of `dunning.notice`
        """
        earlier = [line for lines in self._list_before(sent) for line in lines]
        last = max(earlier, key=lambda line: line.id, default=self.line_ids.browse())
        return last.notice_id

    def _list_before(self, sent):
        """Return the lines before this letter, of each item that it asks most strictly.

        :param dict sent: the lines of letters that arrived, by item
        :rtype: list[list[dunning.notice.line]]
        """
        self.ensure_one()
        main = self.line_ids.filtered(lambda line: line.level_id == self.level_id)
        return [
            [
                line
                for line in sent.get(item, ())
                if line.notice_id != self
                and (not self.date or line.notice_id.date <= self.date)
            ]
            for item in main.move_line_id
        ]

    def _tell_earlier_letters(self, sent):
        """Say how often the debtor was written to about all that this letter asks.

        :param dict sent: the lines of letters that arrived, by item
        :return: a sentence, empty without earlier letters
        :rtype: str
        """
        count = min(map(len, self._list_before(sent)), default=0)
        if not count:
            return ""
        key = "one_earlier_letter" if count == 1 else "more_earlier_letters"
        return self._say(key).unescape()  # it comes into a text without markup

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

    # --- The texts of a level in a letter, with their placeholders filled in.

    def _fill_texts(self, values):
        """Return the texts of the level with their placeholders filled in."""
        placeholders = self._get_placeholder_values(values)
        level = values["level"].with_context(lang=self.env.lang)
        texts = {}
        for name in (
            "letter_subject",
            "letter_opening",
            "letter_closing",
            "email_text",
        ):
            texts[name] = self._fill_text(level, name, placeholders)
        return {
            "subject": " ".join(texts["letter_subject"].split()),
            "opening": split_paragraphs(texts["letter_opening"]),
            "closing": split_paragraphs(texts["letter_closing"]),
            "email_text": split_paragraphs(texts["email_text"]),
        }

    def _fill_text(self, level, name, placeholders):
        try:
            return fill_placeholders(level[name], placeholders)
        except PlaceholderError as error:
            raise UserError(
                self.env._(
                    "%(field)s of level %(level)s cannot be printed, because of "
                    "“%(part)s”. Correct the text of the level: such a placeholder "
                    "does not exist, or there is nothing to fill in.",
                    field=level._fields[name]._description_string(self.env),
                    level=level.display_name,
                    part=error.part,
                )
            ) from error

    def _get_placeholder_values(self, values):
        """Return the values of the placeholders; those that are empty are left out."""
        fmt, main = values["fmt"], values["main"]
        oldest = min(main.lines.mapped("date_maturity"))
        filled = {
            "debtor": self.partner_id.name,
            "recipient": self.recipient_id.name or self.partner_id.name,
            "company": self.company_id.name,
            "reference": self.name or self.env._("DRAFT"),
            "date": fmt.date(values["date"]),
            "deadline": main.has_date and fmt.date(main.deadline),
            "amount": fmt.amount(main.amount),
            "invoices": ", ".join(
                dict.fromkeys(filter(None, main.lines.mapped("move_name")))
            ),
            "oldest_due_date": fmt.date(oldest),
            "days_late": str((values["date"] - oldest).days),
            "previous_date": values["previous"] and fmt.date(values["previous"].date),
            "iban": values["payment"]["account"],
            "phone": self.company_id.phone,
            "email": self.company_id.email or values["signatory"].email,
            "responsible": values["signatory"].name or self.company_id.name,
        }
        return {
            "earlier_letters": values["earlier_letters"],
            **{name: value for name, value in filled.items() if value},
        }

    # --- What each kind of letter must say for its effect in law.

    def _is_represented(self):
        """Whether the letter goes to somebody who represents the debtor by law."""
        self.ensure_one()
        return False

    def _say(self, key, **parts):
        """Return a sentence of law, see :func:`say`."""
        is_represented = self._is_represented()
        debtor = self.partner_id.name
        return say(self.env, key, is_represented, **{"debtor": debtor, **parts})

    def _say_capacity(self):
        """Say in which capacity the addressee is written to, if not as the debtor.

        :rtype: Markup or bool
        """
        self.ensure_one()
        return False

    def _get_request(self, section, values):
        """Return the request of a section of the letter, in the current language.

        :param LetterSection section: kind, amount and deadline
        :param dict values: the values of the letter
        :return: paragraphs
        :rtype: list[Markup]
        """
        parts = self._get_request_parts(section, values["fmt"])
        requests = {
            "limitation_notice": self._get_limitation_notice_request,
            "reminder": self._get_reminder_request,
            "demand": self._get_demand_request,
            "default_notice": self._get_default_notice_request,
            "fourteen_day": self._get_fourteen_day_request,
            "final_demand": self._get_final_demand_request,
            CHARGE_KIND: self._get_charge_request,
        }
        paragraphs = requests[section.kind](section, parts, values)
        if section.kind == CHARGE_KIND:
            return paragraphs
        if section.has_besides and any(c["payments"] for c in section.claims):
            paragraphs.insert(0, self._say("imputation"))
        if suspended_from := section.lines.level_id._get_suspension_day(
            section.deadline
        ):
            day = BOLD % values["fmt"].date(suspended_from)
            paragraphs.append(self._say("suspension", day=day))
        if is_required("limitation", section.kind):
            paragraphs.append(self._say("limitation"))
        return paragraphs

    def _get_request_parts(self, section, fmt):
        """Return what stands in the sentences of a request."""
        parts = {
            "amount": BOLD % fmt.amount(section.amount),
            "deadline": section.deadline and BOLD % fmt.date(section.deadline),
        }
        if section.is_formal:
            parts["words"] = fmt.words(section.amount)
        return parts

    def _get_reminder_request(self, _section, parts, _values):
        return [self._say("request", **parts)]

    def _get_charge_request(self, _section, parts, _values):
        return [self._say("charged_before", **parts)]

    def _get_demand_request(self, _section, parts, values):
        """A consumer without an agreed last day is in default when it has passed."""
        demand = self._say("demand", **parts)
        if values["is_consumer"] and not self._has_agreed_term(True):
            demand = SPACE.join([demand, self._say("default_follows")])
        return [demand]

    def _get_default_notice_request(self, section, parts, values):
        return [
            self._say("demand_default_notice", **parts),
            SPACE.join(
                [
                    self._say("default_follows"),
                    self._get_consequences(section, values["is_consumer"]),
                    self._say("handing_over_possible"),
                ]
            ),
        ]

    def _get_final_demand_request(self, section, parts, values):
        is_consumer = values["is_consumer"]
        sentences = ["handing_over"]
        if not is_consumer:
            sentences.append("costs_of_proceedings")
        return [
            self._say("demand_final", **parts),
            SPACE.join(
                [
                    *map(self._say, sentences),
                    self._get_consequences(section, is_consumer),
                ]
            ),
        ]

    def _get_limitation_notice_request(self, _section, parts, _values):
        return [self._say("claim_maintained", **parts)]

    def _has_agreed_term(self, is_consumer):
        """Whether it was agreed with the debtor when he must pay."""
        self.ensure_one()
        company = self.company_id.sudo()  # clerks may not read the settings
        return company._has_dunning_agreed_term(self.partner_id, is_consumer)

    def _counts_from_receipt(self, is_consumer):
        """Whether interest on some invoice begins later than after its due date.

        So it does where no term was agreed with a business: article 6:119a(2) BW.
        """
        self.ensure_one()
        agreed = self._has_agreed_term(is_consumer)
        debtor = DebtorTerms(is_consumer, is_fatal=True, rates=(), is_agreed=agreed)
        return any(
            get_in_time(line.date_maturity, debtor, line.invoice_date)
            > line.date_maturity
            for line in self.line_ids
            if line.level_id and line.date_maturity and line.invoice_date
        )

    def _get_consequences(self, section, is_consumer):
        """Return what interest and costs the debtor owes for paying late.

        A consumer owes collection costs only after a letter of its own, with the exact
        amount and fourteen days to pay without them: here they are not mentioned.
        """
        if section.interest:
            return self._say("interest_runs_on")
        kept = "_kept" if section.kind == "final_demand" else ""
        if is_consumer and not self._has_agreed_term(True):
            key = f"interest{kept}_from_default"
        else:
            costs = "" if is_consumer or section.costs else "_and_costs"
            start = "receipt" if self._counts_from_receipt(is_consumer) else "due_date"
            key = f"interest{costs}{kept}_from_{start}"
        return self._say(key, interest=self._get_interest_term(is_consumer))

    def _get_fourteen_day_request(self, section, parts, values):
        """The notice of article 6:96(6) BW, without which no costs are due."""
        fmt = values["fmt"]
        days = number_in_words(section.lines.level_id[:1].term_days, fmt.lang)
        demand = self._say("demand_fourteen_day", days=days, **parts)
        if not self.amount_announced:
            return [demand, self._say("no_costs_announced")]
        costs = BOLD % fmt.amount(self.amount_announced)
        announcement = SPACE.join(
            [
                self._say("costs_announced", costs=costs),
                self._get_costs_base(section, fmt),
                self._say("costs_not_yet_due"),
            ]
        )
        vat = self._get_announced_vat()
        declared = [self._say("vat_declared", vat=fmt.amount(vat))] if vat else []
        return [demand, announcement, *declared]

    def _get_costs_base(self, section, fmt):
        """Say over which amount the announced costs are worked out.

        They may be less the costs that earlier letters announced: then both stand with
        the frozen claim, the latter as `announced_before`.
        """
        claim = self.claim_data or {}
        base = fmt.amount(float(claim.get("announced_over", section.open_amount)))
        if earlier := float(claim.get("announced_before", 0)):
            earlier = fmt.amount(earlier)
            return self._say("costs_base_less_earlier", base=base, earlier=earlier)
        return self._say("costs_base", base=base)

    def _get_announced_vat(self):
        """Return the VAT in the costs that are announced, frozen with the claim."""
        self.ensure_one()
        return float((self.claim_data or {}).get("announced_vat", 0))

    def _get_crossed(self, kind):
        """Return what letter and e-mail say to who has paid meanwhile.

        :param str kind: of the strictest section
        """
        formal = "_formal" if is_forbidden("taken_back", kind) else ""
        return {
            "crossed": self._say(f"crossed{formal}"),
            "crossed_mail": self._say(f"crossed_mail{formal}"),
        }

    def _is_interest_agreed(self, is_consumer):
        return self.partner_id.dunning_interest_percent or (
            self.company_id.dunning_interest_percent and not is_consumer
        )

    def _get_interest_term(self, is_consumer):
        """Return how a sentence calls the interest."""
        if self._is_interest_agreed(is_consumer):
            return self.env._("the agreed interest")
        if is_consumer:
            return self.env._("the statutory interest")
        return self.env._("the statutory commercial interest")

    def _get_claim_names(self, is_consumer):
        """Return what interest and costs are called, with their ground in law.

        :rtype: dict[str, str]
        """
        self.ensure_one()
        company = self.company_id
        if self._is_interest_agreed(is_consumer):
            interest_name = self.env._("Agreed interest")
        elif is_consumer:
            interest_name = self.env._("Statutory interest (article 6:119 BW)")
        else:
            interest_name = self.env._(
                "Statutory commercial interest (article 6:119a BW)"
            )
        if company.dunning_costs == "flat" and not is_consumer:
            costs_name = self.env._(
                "Compensation of € 40 for each invoice (article 6:96(4) BW)"
            )
        else:
            costs_name = self.env._(
                "Extrajudicial collection costs (article 6:96 BW, Decree on "
                "compensation for extrajudicial collection costs)"
            )
        return {"interest_name": interest_name, "costs_name": costs_name}


def _get_item_claims(claims, lines):
    """Return those of the frozen claims of a letter that are about these lines."""
    item_ids = set(lines.move_line_id.ids)
    return [claim for claim in claims if claim["item_id"] in item_ids]
