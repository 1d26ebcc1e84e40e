from odoo import models
from odoo.exceptions import UserError

from ..tools.letter_format import split_paragraphs
from ..tools.placeholders import PlaceholderError, fill_placeholders


class DunningNotice(models.Model):
    """The texts of a level in a letter, with their placeholders filled in."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

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
        return {name: value for name, value in filled.items() if value}
