from collections import defaultdict
from itertools import takewhile

from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date

from .dunning_contact import FAILED_OUTCOMES


class DunningContact(models.Model):
    """What follows from a contact: a new attempt, a trace on debtor and invoices."""

    _inherit = "dunning.contact"

    # === BUSINESS METHODS === #

    def _get_day(self):
        """Return the day of the contact where the company is.

        :rtype: date
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        moment = fields.Datetime.context_timestamp(
            self.with_context(tz=company._get_dunning_tz()),
            self.date or fields.Datetime.now(),
        )
        return moment.date()

    def _get_earlier(self):
        """Return the contacts with the debtors of these, newest first: one statement.

        :return: by debtor and company, without those that are only planned
        :rtype: dict
        """
        contacts = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("outcome", "!=", "planned"),
            ]
        )
        return contacts.grouped(lambda c: (c.partner_id, c.company_id))

    def _count_earlier_attempts(self):
        """Count how often in a row nobody was reached before, since the last letter.

        :rtype: dict[dunning.contact, int]
        """
        if not self:
            return {}
        groups = self._get_earlier()
        letters = self._get_last_letters()
        counts = defaultdict(int)
        for contact in self:
            key = contact.partner_id._origin, contact.company_id._origin
            earlier = groups.get(key, self.browse()).filtered(
                lambda other, contact=contact, key=key: (
                    other != contact._origin
                    and other.date <= contact.date
                    and (not letters.get(key) or other._get_day() >= letters[key])
                )
            )
            failed = takewhile(lambda other: other.outcome in FAILED_OUTCOMES, earlier)
            counts[contact] = len(list(failed))
        return counts

    def _get_last_letters(self):
        """Return the date of the last letter to the debtors of these contacts.

        :rtype: dict
        """
        groups = self.env["dunning.notice"]._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "sent"),
            ],
            ["partner_id", "company_id"],
            ["date:max"],
        )
        return {(partner, company): day for partner, company, day in groups}

    def _log(self):
        """Leave a note on the debtors and on the invoices that were spoken about."""
        for contact in self:
            body = contact._get_log()
            contact.partner_id._message_log(body=body)
            moves = contact.move_line_ids.move_id
            if moves and contact.outcome != "planned":
                moves._message_log_batch(bodies=dict.fromkeys(moves.ids, body))

    def _get_log(self):
        """Return the note: what kind of contact, its outcome, and what was said."""
        self.ensure_one()
        what = self.display_name
        if self.outcome == "planned":
            what = self.env._("Call planned")
        parts = [what, self.reason_id.name]
        if self.next_date:
            day = format_date(self.env, self.next_date)
            parts.append(self.env._("call on %s", day))
        text = Markup("<p>%s</p>") % " · ".join(filter(None, parts))
        if self.note:
            text += Markup('<p style="white-space: pre-line">%s</p>') % self.note
        return text

    def _escalate(self):
        """Tell who called that no further attempt follows: somebody must decide.

        On the first invoice that it was about, else on the debtor.
        """
        for contact in self:
            if contact.outcome not in FAILED_OUTCOMES or contact.next_date:
                continue
            # sudo: who calls may not be allowed to change customers
            about = contact.move_line_ids.move_id[:1] or contact.partner_id.sudo()
            about.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._(
                    "%s was not reached by telephone",
                    contact.partner_id.display_name,
                ),
                note=self.env._(
                    "All attempts failed. Decide what to do next: another number, "
                    "a visit, or the next letter."
                ),
                user_id=contact.user_id.id,
            )
