from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...tools.actions import open_dialog
from ..claim.engine.charge import Charge

ZERO = Decimal(0)


#: All that changes of a waiver: whether it is still in force.
END_FIELDS = {"end_date", "end_reason", "end_user_id"}


class DunningWaiver(models.Model):
    """Interest or collection costs that somebody let a debtor off. Never deleted."""

    _name = "dunning.waiver"
    _description = "Waived interest or collection costs"
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
    )
    item_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="dunning_waiver_item_rel",
        column1="waiver_id",
        column2="item_id",
        string="Items",
        readonly=True,
        check_company=True,
    )
    invoices = fields.Char(compute="_compute_invoices")
    what = fields.Selection(
        selection=[
            ("both", "Interest and costs"),
            ("interest", "Interest"),
            ("costs", "Collection costs"),
        ],
        string="Waived",
        default="both",
        required=True,
        readonly=True,
    )
    until = fields.Date(
        string="Interest up to",
        readonly=True,
        help="Interest up to and including this day is waived, later interest is not.",
    )
    amount_interest = fields.Monetary(
        string="Interest",
        readonly=True,
        help="Interest as it was on the day of the waiver, charged or not.",
    )
    amount_costs = fields.Monetary(
        string="Collection costs",
        readonly=True,
        help="Collection costs with VAT as they were on the day of the waiver.",
    )
    reason = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Waived by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    date = fields.Date(string="Waived on", required=True, readonly=True)
    credit_move_ids = fields.Many2many(
        comodel_name="account.move",
        relation="dunning_waiver_credit_rel",
        column1="waiver_id",
        column2="move_id",
        string="Credit notes",
        readonly=True,
        help="Credit notes on interest and costs that were charged already.",
    )
    end_date = fields.Date(string="Ended on", readonly=True)
    end_reason = fields.Char(string="Why it ended", readonly=True)
    end_user_id = fields.Many2one(
        comodel_name="res.users", string="Ended by", readonly=True
    )

    # === COMPUTE METHODS === #

    @api.depends("what", "until")
    def _compute_display_name(self):
        labels = dict(self._fields["what"]._description_selection(self.env))
        for waiver in self:
            waiver.display_name = self.env._("Waived: %s", labels[waiver.what].lower())

    @api.depends("item_ids")
    def _compute_invoices(self):
        for waiver in self:
            waiver.invoices = ", ".join(
                filter(None, waiver.item_ids.move_id.mapped("name"))
            )

    # === CRUD METHODS === #

    def write(self, vals):
        if not END_FIELDS.issuperset(vals):
            raise UserError(
                self.env._(
                    "A waiver cannot be changed. End it and waive again what you want."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ever(self):
        raise UserError(
            self.env._("A waiver is never deleted. End it, with the reason why.")
        )

    # === ACTION METHODS === #

    def action_end(self):
        """Ask for the reason and end the waiver."""
        return open_dialog(
            "dunning.waiver.end", self.env._("End waiver"), default_waiver_ids=self.ids
        )

    # === BUSINESS METHODS === #

    @api.model
    def _waive(self, items, what, until, reason):
        """Let debtors off interest or costs; what was charged of it is credited.

        :param items: the items (`account.move.line`)
        :param str what: `interest`, `costs` or `both`
        :param date until: last day of the interest that is waived
        :param str reason: why
        :return: a waiver per debtor, currency and company
        :rtype: recordset of `dunning.waiver`
        """
        amounts = items._work_out_dunning_waiver(what, until)
        credits = self._credit_charges(items, amounts, what, reason)
        shared = {
            "what": what,
            "until": what != "costs" and until,
            "reason": reason,
        }
        waivers = self.create(
            [
                {**shared, **self._prepare_waiver(*key, lines, amounts, credits)}
                for key, lines in items._group_dunning_by_claim().items()
            ]
        )
        waivers._tell(self.env._("Waived: %(what)s (%(reason)s)"), reason)
        return waivers

    @api.model
    def _prepare_waiver(self, company, partner, currency, lines, amounts, credits):
        """Return what is particular to the waiver of one debtor.

        :param lines: his items
        :param dict amounts: what is waived by item
        :param credits: credit notes on what was charged of it, of all debtors
        :rtype: dict
        """
        mine = credits.filtered(
            lambda move: (
                (move.company_id, move.commercial_partner_id, move.currency_id)
                == (company, partner, currency)
            )
        )
        return {
            "company_id": company.id,
            "partner_id": partner.id,
            "currency_id": currency.id,
            "item_ids": lines.ids,
            "date": company._get_dunning_today(),
            "amount_interest": _sum(amounts, lines, "interest"),
            "amount_costs": _sum(amounts, lines, "costs"),
            "credit_move_ids": mine.ids,
        }

    @api.model
    def _credit_charges(self, items, amounts, what, reason):
        """Credit what was charged of the amounts that are waived.

        :return: the credit notes
        :rtype: recordset of `account.move`
        """
        moves = items._get_dunning_charge_moves()
        left = {item.id: part["interest"] for item, part in amounts.items()}
        credited = defaultdict(dict)
        for move_id, charges in moves._get_dunning_charged().items():
            for item_id, charge in charges.items():
                if item_id not in left:
                    continue
                interest = min(charge.interest, left[item_id])
                left[item_id] -= interest
                part = Charge(charge.day, interest=interest)
                if what != "interest":
                    part = part._replace(costs=charge.costs, vat=charge.vat)
                if any(part[1:]):
                    credited[move_id][item_id] = part
        return moves._credit_dunning_charges(credited, reason)

    def _lower_charge(self, charge, claim):
        """Return what is left of a charge that is not posted yet.

        :param Charge charge: what the letter charges for an item
        :param DebtClaim claim: the claim on it on the day of the letter, None when it
            was paid
        :rtype: Charge
        """
        self.ensure_one()
        if self.what != "interest":
            charge = charge._replace(costs=ZERO, vat=ZERO)
        if self.until and self.until >= charge.day:
            charge = charge._replace(interest=ZERO)
        elif self.until and claim:
            charge = charge._replace(interest=min(charge.interest, claim.interest))
        return charge

    def _end(self, reason):
        """End waivers: what they took off may be claimed again.

        :param str reason: why
        """
        for company, waivers in self.grouped("company_id").items():
            waivers.write(
                {
                    "end_date": company._get_dunning_today(),
                    "end_reason": reason,
                    "end_user_id": self.env.uid,
                }
            )
        self._tell(self.env._("No longer waived: %(what)s (%(reason)s)"), reason)

    def _tell(self, text, reason):
        """Tell the invoices of waivers, and work out proposed letters again.

        :param str text: with places for `what` and `reason`
        :param str reason: why
        """
        labels = dict(self._fields["what"]._description_selection(self.env))
        bodies = {}
        for waiver in self:
            what = labels[waiver.what].lower()
            if waiver.until:
                day = format_date(self.env, waiver.until)
                what = self.env._(
                    "%(what)s, interest up to %(day)s", what=what, day=day
                )
            body = text % {"what": what, "reason": reason}
            bodies.update(dict.fromkeys(waiver.item_ids.move_id.ids, body))
        self.env["account.move"].browse(bodies)._message_log_batch(bodies=bodies)
        self.env.flush_all()
        self.env["dunning.notice"]._work_out_proposals(self.item_ids)


def _sum(amounts, lines, name):
    return float(sum((amounts[line][name] for line in lines), ZERO))
