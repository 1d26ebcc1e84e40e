from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

#: Of each kind of record so many are shown: what is older stands in its own list.
SHOWN_EVENTS = 100


class Event(NamedTuple):
    """Something that happened with a debtor, as his screen shows it.

    `kind` is the filter that it belongs to, `tone` tells good from bad: `success`,
    `warning`, `danger`, or nothing.
    """

    day: date
    kind: str
    title: str
    detail: str = ""
    amount: str = ""
    model: str = ""
    record_id: int = 0
    tone: str = ""


class ResPartner(models.Model):
    """The time line of a debtor."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _get_dunning_events(self, company):
        """Return what happened with this debtor, in any order.

        A room adds what it knows by extending this, with a statement or two.

        :param company: the `res.company`
        :rtype: list[Event]
        """
        self.ensure_one()
        entries = self.env["account.move.line"].search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id.commercial_partner_id", "=", self.id)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted"),
            order="date desc, id desc",
            limit=2 * SHOWN_EVENTS,
        )
        return [
            self._make_dunning_entry_event(move, lines)
            for move, lines in entries.grouped("move_id").items()
        ]

    def _make_dunning_entry_event(self, move, lines):
        """Return an invoice, a credit note, a payment or another entry as an event."""
        amount = sum(lines.mapped("amount_currency"))
        kind, title, tone = self._tell_dunning_entry(move, amount)
        return Event(
            day=move.invoice_date or move.date,
            kind=kind,
            title=title,
            detail=move.name or "",
            amount=lines.currency_id[:1].format(abs(amount)),
            model="account.move",
            record_id=move.id,
            tone=tone,
        )

    @api.model
    def _tell_dunning_entry(self, move, amount):
        """Return what kind of event an entry is, how it is called, and its tone.

        :rtype: tuple[str, str, str]
        """
        if move.move_type in ("out_invoice", "out_receipt"):
            return "invoice", self.env._("Invoice"), ""
        if move.move_type == "out_refund":
            return "invoice", self.env._("Credit note"), ""
        if amount < 0:
            return "payment", self.env._("Payment"), "success"
        return "payment", self.env._("Paid back or reversed"), "warning"
