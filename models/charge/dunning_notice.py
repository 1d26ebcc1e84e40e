import logging
from decimal import Decimal
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ...tools.actions import open_dialog
from ..claim.engine.charge import PARTS, ZERO, Charge, to_decimal
from .account_move import pack_charges, unpack_charges

_logger = logging.getLogger(__name__)


class ChargeToday(NamedTuple):
    """What must be paid today of interest and costs on an invoice of their own."""

    line: models.BaseModel  # account.move.line
    amount: Decimal
    items: models.BaseModel  # what it is for, and the line itself


class DunningNotice(models.Model):
    """Letters that charge interest and costs in the ledger when they count as sent."""

    _inherit = "dunning.notice"

    charge_move_ids = fields.One2many(
        comodel_name="account.move",
        inverse_name="dunning_charge_notice_id",
        string="Charges",
        readonly=True,
    )
    charge_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Charged on",
        compute="_compute_charge_move_id",
        help="The invoice that charges interest and collection costs.",
    )
    has_charge = fields.Boolean(
        string="Charged",
        compute="_compute_charge_move_id",
        help="Whether a charge stands that was not credited in full.",
    )
    charge_cancel_reason = fields.Char(
        string="Why the charge was cancelled", readonly=True, copy=False
    )
    charge_error = fields.Text(
        string="Why it was not posted", readonly=True, copy=False
    )

    # === COMPUTE METHODS === #

    @api.depends("charge_move_ids.state", "charge_move_ids.reversal_move_ids.state")
    def _compute_charge_move_id(self):
        """The charge that stands, else the last one."""
        charged = self.charge_move_ids._get_dunning_charged()
        for notice in self:
            moves = notice.charge_move_ids.sorted("id")
            standing = moves.filtered(lambda move: charged.get(move.id))
            notice.charge_move_id = (standing or moves)[-1:]
            notice.has_charge = bool(standing)

    # === ACTION METHODS === #

    def action_cancel_charge(self):
        """Ask for the reason and credit what was charged."""
        return open_dialog(
            "dunning.charge.cancel",
            self.env._("Cancel charge"),
            default_notice_ids=self.ids,
        )

    def action_charge(self):
        """Try again to charge what could not be charged by letters that count."""
        failed = self.filtered(lambda n: n.charge_error and n.state == "sent")
        failed._post_charges()
        failed._clear_charge_error()

    def action_charge_left(self):
        """Charge in the ledger what is left after the invoices were settled."""
        left = self._get_left()
        vals_list = [
            notice.with_context(lang=notice.lang)._prepare_charge_left(left[notice.id])
            for notice in self
            if left[notice.id]
        ]
        if not vals_list:
            raise UserError(
                self.env._("No interest or costs are left of what this letter claims.")
            )
        moves = self.env["account.move"].create(vals_list)
        moves._post(soft=False)
        self._log_charges(moves)
        return moves[-1:].action_open_dunning_charge()

    # === STATE METHODS === #

    def _set_sent(self):
        """What the letters charge is posted when they begin to count."""
        arrived = self.filtered(lambda notice: notice.state in ("pending", "failed"))
        result = super()._set_sent()
        arrived.filtered("charge_cancel_reason").charge_cancel_reason = False
        arrived._charge()
        return result

    def _set_pending(self):
        """A letter that came back, and has yet to be posted, charges nothing yet."""
        came_back = self.filtered(lambda notice: notice.state == "sent")
        result = super()._set_pending()
        reason = self.env._("The e-mail came back; the letter has yet to be posted.")
        came_back._get_charging()._try_to_cancel_charges(reason)
        return result

    def _set_failed(self, error):
        """A letter that did not arrive charges nothing.

        Nor does one that builds on it: without a fourteen-day notice that arrived a
        consumer owes no costs (6:96(6) BW).
        """
        self._clear_charge_error()
        result = super()._set_failed(error)
        charging = self._get_charging() | self._get_charging_on_notice()
        charging._try_to_cancel_charges(error)
        return result

    def _cancel(self, reason):
        """A letter that does not count any more charges nothing."""
        self._clear_charge_error()
        result = super()._cancel(reason)
        self._get_charging()._cancel_charges(reason)
        return result

    # === BUSINESS METHODS === #

    def _may_change(self):
        """What was posted in the ledger stands as the letter says it."""
        return super()._may_change() and not self.has_charge

    def _check_sendable(self):
        """Check too that what the letter charges can be posted."""
        result = super()._check_sendable()
        if "charge" not in self.line_ids.level_id.mapped("charges"):
            return result
        for part in self._get_charged_parts():
            self.company_id._get_dunning_charge_journal()
            self.company_id._get_dunning_charge_account(part)
        return result

    def _get_charged_parts(self):
        """Return which parts this letter charges: interest, costs or both.

        :rtype: list[str]
        """
        charges = self._get_charges().values()
        return [
            part
            for part, names in (("interest", ["interest"]), ("costs", ["costs", "vat"]))
            if any(getattr(charge, name) for charge in charges for name in names)
        ]

    def _get_charges(self):
        """Return what this letter charges for each item, from its frozen claim.

        :rtype: dict[int, Charge]
        """
        self.ensure_one()
        items = {
            item["item_id"]: {name: item[name] for name in PARTS}
            for item in (self.claim_data or {}).get("items", [])
            if item.get("is_charged") and any(Decimal(item[name]) for name in PARTS)
        }
        day = self.date or self.company_id._get_dunning_today()
        return unpack_charges(items, day)

    def _charge(self):
        """Post what these letters charge; what cannot be posted becomes work."""
        due = self.filtered(lambda notice: notice._get_charges())
        done = due._try_for_each(lambda notices: notices._post_charges(), due)
        done._clear_charge_error()

    def _post_charges(self):
        """Post an invoice for each letter that has none."""
        new = self.filtered(lambda notice: not notice.has_charge)
        vals_list = [
            notice.with_context(lang=notice.lang)._prepare_charge()
            for notice in new
            if notice._get_charges()
        ]
        if vals_list:
            moves = self.env["account.move"].create(vals_list)
            moves._post(soft=False)
            self._log_charges(moves)

    def _log_charges(self, moves):
        """Tell in the chatter of letters and invoices what was charged where."""
        bodies = {
            move.dunning_charge_notice_id.id: self.env._(
                "Interest and costs charged on %s", move._get_html_link()
            )
            for move in moves
        }
        moves.dunning_charge_notice_id._message_log_batch(bodies=bodies)
        moves._message_log_batch(
            bodies={
                move.id: self.env._(
                    "Charged by letter %s",
                    move.dunning_charge_notice_id._get_html_link(),
                )
                for move in moves
            }
        )

    def _prepare_charge(self):
        """Return the values of the invoice for what this letter charges.

        Interest and costs compensate a loss, so there is no tax on them.

        :rtype: dict
        """
        self.ensure_one()
        return self._prepare_charge_of(self._get_charges(), self.date, self.deadline)

    def _prepare_charge_left(self, left):
        """Return the values of the invoice for what is left of this letter.

        :param dict left: pairs of interest and costs with VAT, see `_get_left`
        :rtype: dict
        """
        self.ensure_one()
        today = self.company_id._get_dunning_today()
        claims = {
            claim.debt.key: claim
            for claims, _credit in self.line_ids.move_line_id.sudo()
            ._get_dunning_settled_claims(today)
            .values()
            for claim in claims
        }
        charges = {}
        for item_id, (interest, costs) in left.items():
            vat = min(claims[item_id].vat, costs)
            charges[item_id] = Charge(today, costs - vat, vat, interest)
        return self._prepare_charge_of(charges, today, today)

    def _prepare_charge_of(self, charges, day, due):
        """Return the values of an invoice that charges interest and costs.

        :param dict charges: `Charge` by id of the item
        :param date day: the day up to which interest counts
        :param date due: its due date
        :rtype: dict
        """
        return {
            "move_type": "out_invoice",
            "journal_id": self.company_id._get_dunning_charge_journal().id,
            "partner_id": self.partner_id.id,
            "currency_id": self.currency_id.id,
            "invoice_date": day,
            "date": day,
            "invoice_payment_term_id": False,
            "invoice_date_due": due,
            "ref": self.name,
            "invoice_origin": self.name,
            "dunning_charge_notice_id": self.id,
            "dunning_charge_data": pack_charges(charges),
            "invoice_line_ids": [
                Command.create(vals)
                for vals in self._prepare_charge_lines(charges.values(), day)
            ],
        }

    def _prepare_charge_lines(self, charges, day=None):
        """Return the values of invoice lines, one for interest and one for costs.

        :param charges: amounts (`Charge`) of the items
        :param date day: the day up to which interest counts; that of the letter without
        :rtype: list[dict]
        """
        self.ensure_one()
        company = self.company_id
        amounts = {
            "interest": sum(charge.interest for charge in charges),
            "costs": sum(charge.costs + charge.vat for charge in charges),
        }
        names = {
            "interest": self.env._(
                "Interest up to and including %(day)s, letter %(letter)s",
                day=format_date(self.env, day or self.date),
                letter=self.name,
            ),
            "costs": self.env._("Collection costs, letter %s", self.name),
        }
        return [
            {
                "name": names[part],
                "product_id": company[f"dunning_{part}_product_id"].id,
                "account_id": company._get_dunning_charge_account(part).id,
                "quantity": 1,
                "price_unit": float(amount),
                "tax_ids": [Command.clear()],
            }
            for part, amount in amounts.items()
            if amount
        ]

    def _get_charging(self):
        """Return the letters of which a charge stands, or was reset to draft.

        :rtype: recordset of `dunning.notice`
        """
        return self.filtered(
            lambda notice: (
                notice.has_charge or "draft" in notice.charge_move_ids.mapped("state")
            )
        )

    def _get_charging_on_notice(self):
        """Return the letters that charge costs because of these fourteen-day notices.

        :rtype: recordset of `dunning.notice`
        """
        lines = self.line_ids.filtered(lambda line: line.level_kind == "fourteen_day")
        moves = lines.move_line_id._get_dunning_charge_moves()
        return moves.dunning_charge_notice_id.filtered("has_charge")

    def _try_to_cancel_charges(self, reason):
        """Cancel charges; what cannot be credited becomes work for somebody."""
        self._try_for_each(lambda notices: notices._cancel_charges(reason), self)

    def _cancel_charges(self, reason):
        """Credit what is left of the charges of these letters.

        A charge that somebody reset to draft is not left behind, to be posted later.

        :param str reason: shown on the letters, the invoices and the credit notes
        """
        moves = self.charge_move_ids
        moves.filtered(lambda move: move.state == "draft").button_cancel()
        moves._credit_dunning_charges(moves._get_dunning_charged(), reason)
        self.write({"charge_cancel_reason": reason})
        self._clear_charge_error()
        body = self.env._("Charge cancelled: %s", reason)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    # --- What was charged before stands beside the items in what is left to pay.

    def _claim_today(self, company):
        """Add what was charged before and is left to pay with these letters."""
        # EXTENDS 'l10n_nl_dunning'
        claims = super()._claim_today(company)
        besides = self.line_ids.move_line_id._get_dunning_credits(
            company, self.partner_id
        )
        charges = besides.filtered(lambda line: line.amount_residual_currency > 0)
        shares = charges._share_dunning_charges()
        by_debtor = charges._group_dunning_by_debtor()
        return {
            notice.id: claims[notice.id]._replace(
                charges=notice._get_charges_today(
                    notice._get_own_credits(by_debtor), shares
                )
            )
            for notice in self
        }

    def _get_charges_today(self, charges, shares):
        """Return what was charged before and is left to pay with this letter.

        That is what it lists or charges itself, and of other charges what is for its
        items.

        :param charges: what is open of charges to the debtor (`account.move.line`)
        :param dict shares: what is open by id of the item, by charge
        :rtype: tuple[ChargeToday, ...]
        """
        self.ensure_one()
        items = self.line_ids.move_line_id
        result = []
        for line in charges:
            if line in items or line.move_id in self.charge_move_ids:
                amount = to_decimal(line.amount_residual_currency)
            else:
                amount = sum((shares[line].get(key, ZERO) for key in items.ids), ZERO)
            if amount:
                charged = self.env["account.move.line"].browse(shares[line])
                result.append(ChargeToday(line, amount, charged | line))
        return tuple(result)

    # --- What becomes of a letter whose charge cannot be posted or credited.

    def _try_for_each(self, work, notices):
        """Do some work in the ledger for letters together, or one by one if it fails.

        A letter that reached the debtor counts, whatever is wrong in the ledger: the
        error is kept and somebody gets an activity.

        :param work: function of a recordset
        :param notices: the letters
        :return: the letters for which it worked
        :rtype: recordset of `dunning.notice`
        """
        if not notices:
            return notices
        try:
            with self.env.cr.savepoint():
                work(notices)
            return notices
        except psycopg2.OperationalError:
            raise  # two workers met: the whole job is tried again
        except Exception as error:
            # The savepoint is rolled back: nothing is half posted.
            self.env.invalidate_all(flush=False)
            if len(notices) > 1:
                done = [self._try_for_each(work, notice) for notice in notices]
                return self.browse().union(*done)
            notices._set_charge_failed(error)
            return self.browse()

    def _set_charge_failed(self, error):
        """Keep why a charge could not be posted or credited, and tell who mends it."""
        self.ensure_one()
        self.charge_error = self._explain_charge(error)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Interest and costs could not be posted"),
            note=self.charge_error,
            user_id=self._get_worker().id,
        )

    def _explain_charge(self, error):
        """Return an exception in plain words; what nobody expected goes to the log."""
        if isinstance(error, UserError):
            return str(error)
        _logger.error("Charge of letter %s cannot be posted", self.id, exc_info=error)
        return self.env._(
            "Interest and costs could not be posted because of an unexpected error: "
            "%s. Ask your administrator; the details are in the server log.",
            error,
        )

    def _clear_charge_error(self):
        """What was wrong is settled, and so is the work that it gave."""
        mended = self.filtered("charge_error")
        if mended:
            mended.charge_error = False
            mended.activity_unlink(["mail.mail_activity_data_todo"])
