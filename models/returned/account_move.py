from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ...tools.groups import ACCOUNTING_GROUPS
from ..ledger.account_move_line import DIRECT_DEBIT_CODES


class AccountMove(models.Model):
    """A payment of an invoice that came back, on its tab."""

    _inherit = "account.move"

    dunning_returned_id = fields.Many2one(
        comodel_name="dunning.returned",
        string="Payment that came back",
        compute="_compute_dunning_returned_id",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends("dunning_item_ids.dunning_returned_until")
    def _compute_dunning_returned_id(self):
        """The last one of each; nothing is read where the plan knows of none."""
        items = self.dunning_item_ids.filtered("dunning_returned_until")
        last = {}
        for returned in self.env["dunning.returned"]._find(items):
            last.setdefault(returned.move_line_id.move_id, returned)
        for move in self:
            move.dunning_returned_id = last.get(move._origin)

    # === ACTION METHODS === #

    def action_dunning_collect_again(self):
        """Register a payment by the way in which the company can collect it itself.

        :raise UserError: when no such way is known
        """
        self.ensure_one()
        line, token = self._get_dunning_collection()
        if not line:
            raise UserError(
                self.env._(
                    "Nothing is known by which %s can be collected from again: the "
                    "customer saved no payment method online, and the invoice has no "
                    "direct debit as payment method. Ask for a transfer, or present "
                    "the direct debit at your bank.",
                    self.commercial_partner_id.display_name,
                )
            )
        action = self.action_register_payment()
        return action | {
            "context": {
                **action.get("context", {}),
                "default_journal_id": line.journal_id.id,
                "default_payment_method_line_id": line.id,
                "default_payment_token_id": token.id,
            }
        }

    def action_dunning_returned_mistake(self):
        """Say that nothing came back: the payment was booked by mistake."""
        self.check_access("write")
        returned = self.env["dunning.returned"]._find(self.dunning_item_ids)
        returned.sudo().is_mistake = True  # written by no other way
        returned.invalidate_model()
        for move in returned.move_line_id.move_id:
            move._message_log(
                body=self.env._(
                    "A payment was booked by mistake: letters do not tell that it "
                    "came back."
                )
            )

    # === BUSINESS METHODS === #

    def _get_dunning_collection(self):
        """Return by what the company can collect this invoice itself.

        A payment method that the customer saved, else the direct debit that stands on
        the invoice. Odoo Community keeps no mandates; a module that does puts the
        method on the invoice.

        :return: the `account.payment.method.line` and the `payment.token`
        :rtype: tuple
        """
        self.ensure_one()
        Token = self.env["payment.token"].sudo()  # no accountant may read them
        partners = self.partner_id | self.commercial_partner_id
        tokens = Token.search(
            [
                *Token._check_company_domain(self.company_id),
                ("partner_id", "in", partners.ids),
                ("provider_id.state", "in", ("enabled", "test")),
                ("provider_id.capture_manually", "=", False),
            ],
            order="id desc",
        )
        for token in tokens:
            lines = token.provider_id.journal_id.inbound_payment_method_line_ids
            line = lines.filtered(
                lambda line, token=token: line.payment_provider_id == token.provider_id
            )[:1]
            if line:
                return line, token
        preferred = self.preferred_payment_method_line_id
        is_debit = preferred.code in DIRECT_DEBIT_CODES
        return preferred if is_debit else preferred.browse(), Token

    def _get_dunning_hold_terms(self):
        """Say until when the customer has time, and which payment came back."""
        # EXTENDS 'l10n_nl_dunning'
        terms = super()._get_dunning_hold_terms()
        if self.dunning_obstacle != "returned" or not self.dunning_returned_id:
            return terms
        days = self.dunning_item_ids.mapped("dunning_returned_until")
        until = max(filter(None, days))
        return terms | {
            "day": self._format_dunning_returned_day(until),
            **self._get_dunning_returned_terms(),
        }

    def _get_dunning_returned_terms(self):
        """Return what a sentence may tell of the payment that came back."""
        returned = self.dunning_returned_id
        return {
            "amount": formatLang(
                self.env, returned.amount, currency_obj=returned.currency_id
            ),
            "returned": self._format_dunning_returned_day(returned.date),
        }

    def _get_dunning_returned_note(self):
        """Say that a payment came back and the term after it has passed, if so."""
        self.ensure_one()
        if (
            self._is_dunning_settled()
            or self.dunning_obstacle == "returned"
            or not self.dunning_returned_id
        ):
            return ""
        return self.env._(
            "A payment of %(amount)s came back on %(returned)s.",
            **self._get_dunning_returned_terms(),
        )

    def _format_dunning_returned_day(self, day):
        return format_date(self.env, day, date_format="d MMMM y")
