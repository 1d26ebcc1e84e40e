from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools.arrangement import LIVE_STATES


class PaymentArrangement(models.Model):
    """From draft to the end: one method a state, each under lock."""

    _inherit = "payment.arrangement"

    offered_on = fields.Date(readonly=True, copy=False)
    offered_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Offered by",
        readonly=True,
        copy=False,
        help="Who made the offer and by that signed for the company.",
    )
    offer_until = fields.Date(
        string="Offer open until",
        readonly=True,
        copy=False,
        help="Without a signature by this day the offer lapses.",
    )
    pause_until = fields.Date(
        string="No letters until",
        readonly=True,
        copy=False,
        help="Last day on which the open offer keeps letters back.",
    )
    started_on = fields.Date(
        readonly=True, copy=False, help="Day on which the debtor signed."
    )
    ended_on = fields.Date(
        readonly=True, copy=False, help="Day on which it was cancelled or expired."
    )
    forgiven_until = fields.Date(
        readonly=True,
        copy=False,
        help="It does not lapse before this day: an instalment that was too late is "
        "forgiven once.",
    )
    forgiven_reason = fields.Char(readonly=True, copy=False)

    # === ACTION METHODS === #

    def action_offer(self):
        """Make the offer: it keeps letters back for some days and can be signed."""
        for arrangement in self:
            arrangement._offer()
        return True

    def action_replace(self):
        """Draw up another arrangement in the place of this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Draw up a new arrangement"),
            "res_model": "payment.arrangement.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_replaces_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _offer(self):
        """Make the offer, signed for the company by who makes it."""
        self.ensure_one()
        self._lock()
        self._check_state("draft")
        self._check_sum()
        self._claim_items()
        company = self.company_id
        today = company._get_dunning_today()
        first = self._get_first_date(today)
        until = min(first, today + timedelta(days=company.dunning_arrangement_days))
        pause = timedelta(days=company.dunning_arrangement_pause_days)
        self.write(
            {
                "state": "offered",
                "offered_on": today,
                "offered_by_id": self.env.uid,
                "offer_until": until,
                "pause_until": min(until, today + pause),
            }
        )
        self._send_offer()

    def _get_first_date(self, today):
        """Return the date of the first instalment.

        :param date today: the day of the offer
        :rtype: date
        :raise UserError: when it is in the past
        """
        first = self._get_ordered_lines()[0].date
        if first < today:
            raise UserError(
                self.env._(
                    "The first instalment is in the past (%s). Change its date.",
                    format_date(self.env, first),
                )
            )
        return first

    def _claim_items(self):
        """Make sure that no other arrangement has these items.

        What it replaces is withdrawn when it is only an offer; an agreement that both
        have signed goes on until the new terms are signed.

        :raise UserError: naming the other arrangement
        """
        self.ensure_one()
        self._lock_records(self.item_ids.move_line_id)
        rivals = self.env["payment.arrangement.item"].search(
            [
                ("move_line_id", "in", self.item_ids.move_line_id.ids),
                ("arrangement_id.state", "in", LIVE_STATES),
                ("arrangement_id", "not in", (self | self.replaces_id).ids),
            ]
        )
        if rivals:
            raise UserError(
                self.env._(
                    "%(item)s is in arrangement %(arrangement)s already. Cancel that "
                    "one first, or draw up a new one in its place.",
                    item=rivals[0].move_name,
                    arrangement=rivals[0].arrangement_id.name,
                )
            )
        if self.replaces_id.state == "offered":
            self._end_replaced()

    def _end_replaced(self):
        """End the arrangement in the place of which this one comes."""
        self.replaces_id._end("cancelled", self.env._("Replaced by %s", self.name))

    def _activate(self, **values):
        """Let the arrangement run: both sides have signed.

        :param values: who signed when and how
        :raise UserError: when somebody else was first, or the offer has lapsed
        """
        self.ensure_one()
        if self.replaces_id.state == "active":
            self._end_replaced()
        today = self.company_id._get_dunning_today()
        self.write({"state": "active", "started_on": today, **values})

    def _check_offer_open(self, day):
        """Check that the offer can be signed on a day.

        :raise UserError: when it has lapsed
        """
        self.ensure_one()
        if self.offer_until and self.offer_until < day:
            raise UserError(
                self.env._(
                    "This offer was open until %s. Ask for a new one.",
                    format_date(self.env, self.offer_until),
                )
            )

    def _end(self, state, reason):
        """Let arrangements end, with a note of the reason."""
        self._lock()
        for company, arrangements in self.grouped("company_id").items():
            today = company._get_dunning_today()
            arrangements.write(
                {"state": state, "end_reason": reason, "ended_on": today}
            )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, reason))

    def _cancel(self, reason):
        """Withdraw arrangements that nobody needs any more.

        :param str reason: why
        :raise UserError: when one of them has ended already
        """
        self._lock()
        self._check_state("draft", *LIVE_STATES)
        self._end("cancelled", reason)

    def _expire(self):
        """Let offers lapse that were not signed."""
        for arrangement in self:
            arrangement._end(
                "expired",
                arrangement.env._(
                    "Not signed by %s", format_date(self.env, arrangement.offer_until)
                ),
            )
