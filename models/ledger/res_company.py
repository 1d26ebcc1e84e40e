from datetime import timedelta

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_bank_max_age = fields.Integer(
        string="Bank up to date within (days)",
        default=3,
        help="A new round warns when the newest bank statement is older than this.",
    )

    # === BUSINESS METHODS === #

    def _get_dunning_today(self):
        """Return the day it is for this company, also in a job without time zone."""
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self._get_dunning_tz()))

    def _get_dunning_tz(self):
        return self.partner_id.tz or "Europe/Amsterdam"

    def _get_dunning_worker(self, user):
        """Return who does some work: a user, if he can, else who is responsible.

        A job or a customer that made a record cannot.

        :param user: whose work it would be (`res.users`), may be empty
        :rtype: recordset of `res.users`
        """
        self.ensure_one()
        if not user.active or user.share or user._is_superuser():
            return self._get_dunning_responsible()
        return user

    def _get_dunning_responsibles(self):
        """Return who is told what needs attention, each of them once.

        :rtype: recordset of `res.users`
        """
        users = self.env["res.users"]
        return users.union(*(c._get_dunning_responsible() for c in self))

    # === BANK === #

    def _get_dunning_bank_account(self, moves):
        """Return the account that some invoices ask to pay to.

        :param moves: the invoices (`account.move`)
        :rtype: recordset of `res.partner.bank`
        """
        accounts = self._get_dunning_accounts(moves)
        return next(iter(accounts.values()), self._get_dunning_own_accounts()[:1])

    def _get_dunning_accounts(self, moves):
        """Return the account that each of some invoices asks to pay to.

        That is the one on the invoice, also a factor's: who pays elsewhere has not
        paid. One that is archived, of another company or of the customer himself does
        not count, and a blocked account gets no more than its share. An entry that
        names none is paid where the others are.

        :param moves: the invoices (`account.move`)
        :return: `res.partner.bank` by invoice
        :rtype: dict
        """
        self.ensure_one()
        own = self._get_dunning_own_accounts()
        named = {
            move: account
            for move in moves
            if (account := move.partner_bank_id)
            and account.active
            and account.company_id in (account.company_id.browse(), self)
            and account.partner_id.commercial_partner_id != move.commercial_partner_id
            and not (account.sudo().dunning_is_blocked and own)  # asked for clerks too
        }
        rest = next((bank for bank in named.values() if bank in own), own[:1])
        rest = rest or next(iter(named.values()), own)
        return {move: named.get(move, rest) for move in moves}

    def _get_dunning_own_accounts(self):
        """Return the accounts of this company that are not blocked; else all."""
        self.ensure_one()
        own = self.partner_id.bank_ids.filtered(
            lambda bank: not bank.company_id or bank.company_id == self
        )
        # sudo: the debtor who looks at his page may not read it
        return own.filtered(lambda bank: not bank.sudo().dunning_is_blocked) or own

    def _get_dunning_blocked_account(self):
        """Return the blocked account (g-rekening) of this company, if it has one."""
        self.ensure_one()
        return self.partner_id.bank_ids.filtered(
            lambda bank: (
                bank.sudo().dunning_is_blocked  # see above
                and (not bank.company_id or bank.company_id == self)
            )
        )[:1]

    def _get_dunning_bank_journals(self):
        """Return the bank journals whose newest statement tells who has paid."""
        self.ensure_one()
        return self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self),
                ("type", "=", "bank"),
            ]
        )

    def _is_dunning_bank_stale(self, newest):
        """Whether payments may be missing, given the newest bank statement line.

        :param date newest: its date, or False without any
        """
        self.ensure_one()
        limit = self._get_dunning_today() - timedelta(days=self.dunning_bank_max_age)
        return not newest or newest < limit

    def _get_dunning_bank_warning(self):
        """Return why a round might dun who has paid already, or False.

        :rtype: str or bool
        """
        self.ensure_one()
        journals = self._get_dunning_bank_journals()
        stale = journals.filtered("dunning_bank_is_stale")
        if not journals.filtered("dunning_bank_date"):
            return self.env._(
                "No bank statement was imported yet. Debtors who have paid already may "
                "get a letter."
            )
        if not stale:
            return False
        return self.env._(
            "The bank is not up to date: %(journals)s. Debtors who have paid already "
            "may get a letter. Import the newest statements first.",
            journals=", ".join(stale.mapped("display_name")),
        )
