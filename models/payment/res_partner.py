from odoo import fields, models
from odoo.exceptions import UserError

from .dunning_payment import get_key

#: More different choices than these nobody makes in a day.
CHOICES_A_DAY = 100


class ResPartner(models.Model):
    """What a customer chooses to pay."""

    _inherit = "res.partner"

    # === BUSINESS METHODS === #

    def _choose_dunning_payment(self, account, keys, notice=None):
        """Return what a customer chose to pay: the same again for the same items.

        :param OpenAccount account: what he owes a company in one currency
        :param keys: ids of the items that he chose, as anybody may have sent them
        :param notice: the letter that he pays, if he came from its page
        :rtype: recordset of `dunning.payment`
        :raise UserError: when nothing of it can be paid
        """
        self.ensure_one()
        asked = {item.line.id for item in account.items if item.total}
        if unknown := set(keys) - {item.line.id for item in account.items}:
            raise UserError(self._explain_dunning_choice(unknown))
        chosen = sorted(asked & set(keys))
        if not chosen:
            raise UserError(
                self.env._(
                    "Nothing has to be paid of what you chose. Choose at least one "
                    "invoice."
                )
            )
        return self._find_dunning_payment(account, chosen, notice)

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
        if payment := Payment.search([*of_debtor, ("key", "=", key)]):
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

    def _explain_dunning_choice(self, keys):
        """Say why items cannot be paid here that are not open with this customer.

        Of those of others nothing is told, not even that they exist.

        :param set keys: ids, as anybody may have sent them
        :rtype: str
        """
        lines = self.env["account.move.line"].search(
            [
                ("id", "in", list(keys)),
                ("partner_id.commercial_partner_id", "=", self.commercial_partner_id.id),
                ("reconciled", "=", True),
            ]
        )
        if lines:
            return self.env._(
                "%s was paid or credited in the meantime. Look at the page again: it "
                "shows what is still open.",
                ", ".join(lines._get_dunning_numbers().values()),
            )
        return self.env._(
            "One of the invoices that you chose is not open with you. Look at the page "
            "again: it shows what is still open."
        )
