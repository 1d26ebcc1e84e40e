from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..tools.claim import Debt
from ..tools.claim_charge import ZERO, to_decimal
from ..tools.claim_terms import DebtorTerms, SentLetter, make_terms
from ..tools.sql import any_of


class AccountMoveLine(models.Model):
    """Open items as the pure claim sees them: what is owed, and since when."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _get_dunning_debts(self, owed, day, levels, traces):
        """Return these items as the pure claim sees them.

        :param list[OwedItem] owed: the same items, as they were read
        :param date day: the day of the claim
        :param dict levels: levels of letters that are being made, by id of the item
        :param set traces: what there is about the items, see `_find_dunning_traces`
        :return: by id of the item, in the order of `owed`
        :rtype: dict[int, Debt]
        """

        def among(name):
            return self if name in traces else self.browse()

        payments, credited = among("payments")._get_dunning_payments()
        disputes = among("disputes")._get_dunning_disputes(day)
        charges = among("charges")._get_dunning_charges()
        letters = among("letters")._get_dunning_letters_sent()
        asked = _get_asked_now(owed, levels, disputes)
        terms = self._get_dunning_terms(owed, day, asked, letters)
        terms = among("waivers")._get_waived_terms(terms)
        return {
            item.id: _make_debt(
                item,
                payments.get(item.id, ()),
                credited.get(item.id, ZERO),
                {
                    **terms[item.id],
                    **disputes.get(item.id, {}),
                    "charges": charges.get(item.id, ()),
                },
            )
            for item in owed
        }

    def _get_dunning_terms(self, owed, day, asked, letters):
        """Return from when items bear interest and costs, and at which rates.

        Interest and costs that were charged bear nothing themselves.

        :param list[OwedItem] owed: these items
        :param date day: the day of the claim
        :param dict asked: what letters that are being made claim costs over, by id of
            the item
        :param dict letters: letters that reached the debtor, by id of the item
        :return: values of a `Debt` by id of the item
        :rtype: dict[int, dict]
        """
        debtors = self._get_dunning_debtor_terms(owed)
        return {
            item.id: {}
            if item.is_charge
            else make_terms(
                item.due,
                debtors[item.claim_key],
                letters.get(item.id, ()),
                asked.get(item.id),
                day,
            )
            for item in owed
        }

    @api.model
    def _get_dunning_debtor_terms(self, owed):
        """Return what debtors agreed to, or the law says of them.

        :param list[OwedItem] owed: items of the debtors
        :rtype: dict[ClaimKey, DebtorTerms]
        """
        keys = {item.claim_key for item in owed}
        partners = self.env["res.partner"].browse(
            filter(None, {key.partner_id for key in keys})
        )
        consumers = partners._get_dunning_consumers()
        by_id = dict(zip(partners.ids, partners, strict=True))
        companies = self.env["res.company"]
        terms = {}
        for key in keys:
            is_consumer = key.partner_id in consumers
            company = companies.browse(key.company_id)
            partner = by_id.get(key.partner_id, partners.browse())
            terms[key] = DebtorTerms(
                is_consumer,
                not is_consumer or company.dunning_fatal_term,
                company._get_dunning_rates(partner, is_consumer),
            )
        return terms

    def _get_dunning_letters_sent(self):
        """Return the letters about these items that reached the debtor: one statement.

        :return: letters by id of the item
        :rtype: dict[int, list[SentLetter]]
        """
        rows = self._select_dunning_letters_sent() if self else []
        levels = self.env["dunning.level"].browse(
            {level_id for _, level_id, *_ in rows}
        )
        kinds = {level.id: (level.kind, level._claims_costs()) for level in levels}
        letters = defaultdict(list)
        for line_id, level_id, *terms in rows:
            letters[line_id].append(SentLetter(*kinds[level_id], *terms))
        return letters

    def _select_dunning_letters_sent(self):
        """Read what each letter that reached the debtor said about these items.

        :return: item, level, date, deadline and open amount
        :rtype: list[tuple]
        """
        self.env["dunning.notice"].flush_model(["date"])
        self.env["dunning.notice.line"].flush_model(
            ["state", "deadline", "amount_residual"]
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, line.level_id, notice.date, line.deadline,
                       line.amount_residual
                  FROM dunning_notice_line line
                  JOIN dunning_notice notice ON notice.id = line.notice_id
                 WHERE line.move_line_id = %s
                   AND line.level_id IS NOT NULL
                   AND line.state = 'sent'
                """,
                any_of(self._ids),
            )
        )

    def _get_dunning_payments(self):
        """Return what was paid on these items, and what was credited: one statement.

        A credit note lowers the principal itself: what was wrongly invoiced was never
        late.

        :return: pairs of day and amount by item, and credited amounts by item
        :rtype: tuple[dict, dict]
        """
        payments, credited = defaultdict(list), defaultdict(Decimal)
        if not self:
            return payments, credited
        self.env["account.partial.reconcile"].flush_model()
        for line_id, day, is_credit_note, amount in self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, credit.date,
                       move.move_type = 'out_refund',
                       SUM(partial.debit_amount_currency)
                  FROM account_partial_reconcile partial
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_move move ON move.id = credit.move_id
                 WHERE partial.debit_move_id = %s
              GROUP BY 1, 2, 3
                """,
                any_of(self._ids),
            )
        ):
            if is_credit_note:
                credited[line_id] += to_decimal(amount)
            else:
                payments[line_id].append((day, to_decimal(amount)))
        return payments, credited


def _get_asked_now(owed, levels, disputes):
    """Return what letters that are being made ask for, where they claim costs.

    :param list[OwedItem] owed: the items
    :param dict levels: levels of the letters, by id of the item
    :param dict disputes: what disputes do to the items, by their id
    :rtype: dict[int, Decimal]
    """
    claiming = {level.id for level in set(levels.values()) if level._claims_costs()}
    return {
        item.id: to_decimal(item.residual)
        - disputes.get(item.id, {}).get("suspended", ZERO)
        for item in owed
        if item.id in levels and levels[item.id].id in claiming
    }


def _make_debt(item, payments, credited, terms):
    """Return one item as the pure claim sees it.

    What is left of a credit counts in full and bears nothing.

    :param OwedItem item: the item
    :param list payments: pairs of day and amount
    :param Decimal credited: what was credited of it
    :param dict terms: from when it bears interest and costs
    :rtype: Debt
    """
    if item.amount <= 0:
        residual = to_decimal(item.residual)
        return Debt(item.id, residual, item.due, contract=item.move_id)
    principal = max(to_decimal(item.amount) - credited, ZERO)
    return Debt(
        item.id, principal, item.due, tuple(payments), contract=item.move_id, **terms
    )
