from odoo import models

from ..claim.engine.charge import ZERO, Charge
from ..portal_account.res_partner import AccountItem, OpenAccount


class DunningNotice(models.Model):
    """Letters of which interest and costs are paid before they are in the ledger."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _get_account_today(self, visitor):
        """Return what this letter asks for today, as the page of all that is open does.

        :param visitor: the `res.partner` who pays
        :rtype: OpenAccount
        """
        self.ensure_one()
        claim = self._get_portal_claims(visitor)[self.id]
        items = [
            AccountItem(
                item.line.move_line_id,
                item.line.move_name,
                item.open,
                item.disputed,
                item.interest,
                item.costs,
            )
            for item in claim.items
        ]
        lines = self.env["account.move.line"].union(*(c.line for c in claim.charges))
        numbers = lines._get_dunning_numbers() if lines else {}
        items += [
            AccountItem(charge.line, numbers[charge.line.id], charge.amount)
            for charge in claim.charges
        ]
        return OpenAccount(
            self.company_id,
            self.currency_id,
            self._get_portal_format(),
            tuple(items),
            claim.credit,
        )

    def _prepare_portal_values(self, visitor):
        """Let the letter be paid online at once, instead of each invoice by itself."""
        # EXTENDS 'l10n_nl_dunning'
        values = super()._prepare_portal_values(visitor)
        payment = values["payment"]
        if payment and not payment["transfers"]:
            payment = payment | {"amount": float(values["claim"].total)}
        online = ZERO
        if values["is_asking"] and self.company_id._has_dunning_payment_page():
            account = self._get_account_today(visitor)
            online = self.env["dunning.payment"]._get_online_of(account).everything
        return {
            **values,
            "payment": payment,
            "payable": self.env["account.move"],
            "pay_online": online,
        }

    def _charge_paid(self, charges, day):
        """Charge in the ledger what was paid of the interest and costs of letters.

        What cannot be posted becomes work for somebody; the payment is posted anyhow.

        :param dict charges: parts of a payment by letter, see `engine.Part`
        :param date day: the day of the payment
        :return: the invoices
        :rtype: recordset of `account.move`
        """
        posted = self.env["account.move"].browse()

        def post(notices):
            nonlocal posted
            moves = self.env["account.move"].create(
                [
                    notice.with_context(lang=notice.lang)._prepare_charge_of(
                        _to_charges(charges[notice], day), day, day
                    )
                    for notice in notices
                ]
            )
            moves._post(soft=False)
            notices._log_charges(moves)
            posted |= moves

        self._try_for_each(post, self.browse().union(*charges))
        return posted

    def _get_payment_references(self, moves):
        """Return the one reference of what a customer chose."""
        # EXTENDS 'l10n_nl_dunning'
        if reference := self.env.context.get("dunning_reference"):
            return [reference]
        return super()._get_payment_references(moves)


def _to_charges(parts, day):
    """Return parts of a payment as the ledger charges them."""
    return {
        part.key: Charge(day, part.costs - part.vat, part.vat, part.interest)
        for part in parts
    }
