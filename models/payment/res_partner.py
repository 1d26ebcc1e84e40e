from odoo import fields, models
from odoo.exceptions import UserError

from .dunning_payment import get_key

#: More different choices than these nobody makes in a day.
CHOICES_A_DAY = 200


class ResPartner(models.Model):
    """What a customer chooses to pay."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _ask_dunning_account(self, account, show):
        """Ask with one reference for what is due, or for what is shown only."""
        # EXTENDS 'l10n_nl_dunning'
        keys = [
            item.line.id
            for item in account.items
            if item.total and item.is_due == (show != "later")
        ]
        chosen = account.pick(keys)
        if not chosen.everything:
            return account
        choice = self._choose_dunning_payment(account, keys)
        return account._replace(payment=choice._prepare_choice(chosen))

    def _choose_dunning_payment(self, account, keys, notice=None, visitor=None):
        """Return what a customer chose to pay: the same again for the same items.

        :param OpenAccount account: what he owes a company in one currency
        :param keys: ids of the items that he chose, as anybody may have sent them
        :param notice: the letter that he pays, if he came from its page
        :param visitor: the `res.partner` who chose, where it is another
        :rtype: recordset of `dunning.payment`
        :raise UserError: when nothing of it can be paid
        """
        self.ensure_one()
        asked = {item.line.id for item in account.items if item.total}
        if unknown := set(keys) - {item.line.id for item in account.items}:
            raise UserError(self._explain_dunning_choice(account, unknown))
        chosen = sorted(asked & set(keys))
        if not chosen:
            raise UserError(
                self.env._(
                    "Nothing has to be paid of what you chose. Choose at least one "
                    "invoice."
                )
            )
        choice = self._find_dunning_payment(account, chosen, notice)
        if choice.visitor_id != (visitor or choice.visitor_id.browse()):
            choice.visitor_id = visitor
        return choice

    def _find_dunning_payment(self, account, chosen, notice):
        """Return the choice of some items, made now when there is none yet.

        :param OpenAccount account: what he owes a company in one currency
        :param list chosen: ids of the items
        :param notice: the letter that he pays, if any
        :rtype: recordset of `dunning.payment`
        :raise UserError: when he made very many today
        """
        Payment = self.env["dunning.payment"]
        debtor, today = self.commercial_partner_id, fields.Date.today()
        of_debtor = [
            ("company_id", "=", account.company.id),
            ("partner_id", "=", debtor.id),
        ]
        key = get_key(chosen, notice)
        domain = [*of_debtor, ("key", "=", key)]
        names = ["name", "company_id", "partner_id", "currency_id", "chosen_on"]
        if payment := Payment.search_fetch(domain, [*names, "asked", "visitor_id"]):
            if payment.chosen_on != today:
                payment.chosen_on = today
            return payment
        made_today = [*of_debtor, ("create_date", ">=", today)]
        if Payment.search_count(made_today, limit=CHOICES_A_DAY) == CHOICES_A_DAY:
            raise UserError(
                self.env._(
                    "You made very many choices today. Pay one of them, or try again "
                    "tomorrow."
                )
            )
        return Payment.create(
            {
                "company_id": account.company.id,
                "partner_id": debtor.id,
                "currency_id": account.currency.id,
                "notice_id": notice.id if notice else False,
                "item_ids": chosen,
                "key": key,
            }
        )

    def _explain_dunning_choice(self, account, keys):
        """Say why items cannot be paid here that are not open in an account.

        Of those of others nothing is told, not even that they exist.

        :param OpenAccount account: what he owes a company in one currency
        :param set keys: ids, as anybody may have sent them
        :rtype: str
        """
        Line = self.env["account.move.line"]
        of_debtor = [
            ("id", "in", list(keys)),
            ("partner_id.commercial_partner_id", "=", self.commercial_partner_id.id),
            ("account_id.account_type", "=", "asset_receivable"),
        ]
        lines = Line.search([*of_debtor, ("parent_state", "=", "posted")])
        numbers = lines._get_dunning_numbers() if lines else {}
        settled = [numbers[line.id] for line in lines if line.reconciled]
        if settled:
            return self.env._(
                "%s was paid or credited in the meantime. Look at the page again: it "
                "shows what is still open.",
                ", ".join(settled),
            )
        if any(line.currency_id != account.currency for line in lines):
            return self.env._(
                "Pay invoices in different currencies one currency at a time."
            )
        return self.env._(
            "One of the invoices that you chose is not open with you. Look at the page "
            "again: it shows what is still open."
        )

    def _withdraw_dunning_links(self):
        """Let the links to what was chosen not work any more either."""
        # EXTENDS 'l10n_nl_dunning'
        result = super()._withdraw_dunning_links()
        chosen = self.env["dunning.payment"].sudo()  # nobody may change them
        chosen.search([("partner_id", "in", self.ids)]).access_token = False
        return result
