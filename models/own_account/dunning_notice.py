from odoo import models

from .engine import Share, split_claim


class DunningNotice(models.Model):
    """Each account to which a part of the claim is to be paid has its own block."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _prepare_shared_values(self):
        """Read together the shares of a blocked account, where there is one."""
        # EXTENDS 'l10n_nl_dunning'
        shared = super()._prepare_shared_values()
        if any(company._get_dunning_blocked_account() for company in self.company_id):
            names = ["dunning_blocked_percent", "dunning_blocked_amount"]
            self.line_ids.move_id.sudo().fetch(names)  # see `_get_dunning_blocked`
        return shared

    def _prepare_payment(self, values, shared):
        """Divide the claim of the letter over the accounts."""
        # EXTENDS 'l10n_nl_dunning'
        asked = [
            (line.move_id, line.amount_residual)
            for section in values["sections"]
            for line in section.lines
        ]
        payment = super()._prepare_payment(values, shared)
        return payment | self._prepare_parts(
            asked, self.amount_claim, shared["scannable"]
        )

    def _prepare_parts(self, asked, total, scannable=None):
        """Return what a transfer to each account needs, where there are several.

        :param list asked: invoices, each with what is asked of it
        :param float total: the claim
        :param dict scannable: see `_prepare_transfer`
        :return: the main transfer, and as `transfers` all of them, none where one will
            do; nothing where that is the account of the company
        :rtype: dict
        """
        self.ensure_one()
        # No union: its records would be read from the database for each letter.
        moves = list(dict.fromkeys(move for move, _amount in asked))
        accounts = self.company_id._get_dunning_accounts(moves)
        shares = self._get_shares(asked, accounts)
        main = accounts[asked[0][0]] if asked else self.company_id.bank_ids[:0]
        coins = 10**self.currency_id.decimal_places
        parts = split_claim(shares, round(total * coins), main.id)
        if list(parts) == [main.id] and self._is_own_account(main):
            return {"transfers": []}
        transfers = [
            self._prepare_transfer(
                [move for move in moves if self._is_paid_to(move, account, accounts)],
                amount / coins,
                scannable,
                bank=account,
            )
            | {
                "amount": amount / coins,
                "is_blocked": account.sudo().dunning_is_blocked,
            }
            for account_id, amount in parts.items()
            for account in main.browse(account_id)
        ]
        return {
            **transfers[0],
            # What is paid online comes in on one account of the company.
            **{"link": False, "is_online": False},
            "transfers": transfers if len(transfers) > 1 else [],
        }

    def _is_own_account(self, account):
        """Whether an account is the company's, or there is none at all."""
        return not account or account.partner_id == self.company_id.partner_id

    def _is_paid_to(self, move, account, accounts):
        """Whether something of an invoice is paid to an account."""
        if account.sudo().dunning_is_blocked:  # see `_get_dunning_blocked`
            return bool(move._get_dunning_blocked())
        return accounts[move] == account

    def _get_shares(self, asked, accounts):
        """Return what is asked of each invoice, with the part for a blocked account.

        What was paid to the blocked account counts for that part, all else for the
        other.

        :param list asked: invoices, each with what is asked of it
        :param dict accounts: the account of each invoice
        :rtype: list[Share]
        """
        coins = 10**self.currency_id.decimal_places
        amounts = {}
        for move, amount in asked:
            amounts[move] = amounts.get(move, 0) + amount
        blocked = self.company_id._get_dunning_blocked_account()
        wanted = {
            move: part
            for move in amounts
            if blocked and (part := move._get_dunning_blocked())
        }
        moves = self.env["account.move"].union(*wanted)
        paid = moves._get_dunning_paid_to(blocked) if wanted else {}
        return [
            Share(
                accounts[move].id,
                whole := round(amount * coins),
                blocked.id,
                max(
                    min(
                        round((wanted.get(move, 0) - paid.get(move.id, 0)) * coins),
                        whole,
                    ),
                    0,
                ),
            )
            for move, amount in amounts.items()
        ]
