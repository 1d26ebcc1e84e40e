import logging

from odoo import api, models
from odoo.exceptions import UserError

from ..claim.engine.charge import to_decimal

_logger = logging.getLogger(__name__)


class AccountBankStatementLine(models.Model):
    """Money that came in by bank with the reference of what a customer chose."""

    _inherit = "account.bank.statement.line"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Match what states a reference with what the customer chose to pay."""
        # EXTENDS 'account'
        lines = super().create(vals_list)
        wanted = lines.filtered("company_id.dunning_match_payments")
        for line, choice in wanted._get_dunning_chosen().items():
            line._try_dunning_match(choice)
        return lines

    # === ACTION METHODS === #

    def action_match_dunning(self):
        """Match these bank lines with what customers chose, by their references."""
        for line, choice in self._get_dunning_chosen().items():
            line._match_dunning(choice)

    # === BUSINESS METHODS === #

    def _get_dunning_chosen(self):
        """Return what customers chose to pay with those of these lines that say so.

        :return: `dunning.payment` by bank line
        :rtype: dict
        """
        waiting = self.filtered(lambda line: not line.is_reconciled and line.amount > 0)
        # sudo: whoever imports bank statements
        chosen = (
            self.env["dunning.payment"]
            .sudo()
            ._find_stated({line: line.payment_ref for line in waiting})
        )
        return {
            line: choice
            for line, choice in chosen.items()
            if choice.company_id == line.company_id
            and choice.currency_id == (line.foreign_currency_id or line.currency_id)
        }

    def _get_dunning_division(self, choice):
        """Return over what the money of this line is divided.

        That is what was asked when the customer saw this amount; else what is asked
        today.

        :param choice: the `dunning.payment` that it states
        :rtype: dict
        """
        self.ensure_one()
        account = choice._get_account()
        known = (choice.asked or {}).get(str(to_decimal(self.amount)))
        is_whole = to_decimal(self.amount) == account.everything
        return known or choice._prepare_division(account, is_whole)

    def _propose_dunning_match(self):
        """Return what this line would pay, see `engine.Part`; empty without reference.

        :rtype: list[Part]
        """
        self.ensure_one()
        parts = []
        for line, choice in self._get_dunning_chosen().items():
            division = line._get_dunning_division(choice)
            parts += choice._divide(division, to_decimal(line.amount))
        return parts

    def _try_dunning_match(self, choice):
        """Match this line; what cannot be matched waits for somebody, as always."""
        try:
            with self.env.cr.savepoint():
                self._match_dunning(choice)
        except UserError as error:
            _logger.info("Bank line %s is not matched: %s", self.id, error)
            self.env.invalidate_all()

    def _match_dunning(self, choice):
        """Set the money of this line off against what the customer chose to pay.

        :param choice: the `dunning.payment` that it states
        """
        self.ensure_one()
        amount = to_decimal(self.amount)
        division = self._get_dunning_division(choice)
        items = self.env["account.move.line"].browse(
            item["key"] for item in division["items"]
        )
        account = items.exists().account_id[:1]
        _liquidity, money, _other = self._seek_for_lines()
        if not account or len(money) != 1:
            return
        charges = choice._charge(division, amount)
        self.partner_id = choice.partner_id
        money.with_context(skip_readonly_check=True).write(
            {"account_id": account.id, "partner_id": choice.partner_id.id}
        )
        choice._settle(money, division, amount, charges)
