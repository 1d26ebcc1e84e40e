from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.sql import any_of
from ..claim.engine.charge import ZERO, to_decimal
from ..claim.engine.costs import EarlierTold
from ..claim.engine.terms import SentLetter, make_terms
from ..plan.engine.plan import get_contact_gap

#: What is read of the letters about an item.
LETTER_FIELDS = {
    "dunning.notice": [
        *("date", "amount_total", "amount_costs", "amount_costs_vat"),
        *("amount_announced", "claim_data"),
    ],
    "dunning.notice.line": ["state", "deadline", "amount_residual"],
    "dunning.policy": ["dutch_law_abroad"],
}


class AccountMoveLine(models.Model):
    """What letters do to the claim on an item: from when it bears what."""

    _inherit = "account.move.line"

    dunning_notice_line_ids = fields.One2many(
        comodel_name="dunning.notice.line",
        inverse_name="move_line_id",
        string="Letters",
        groups=ACCOUNTING_GROUPS,
    )

    # === BUSINESS METHODS === #

    def _get_dunning_lift_makers(self, step, settings):
        """Name the day on which the debtor may get another letter."""
        # EXTENDS 'l10n_nl_dunning'
        makers = super()._get_dunning_lift_makers(step, settings)
        last_contact = step.item.debtor.last_contact
        if step.obstacle != "interval" or not last_contact:
            return makers
        days = filter(None, (step.day, last_contact + get_contact_gap(settings)))
        return makers | {"day": lambda: self._format_dunning_day(max(days))}

    def _dunning_sql_traces(self, partner_ids):
        # EXTENDS 'l10n_nl_dunning'
        return super()._dunning_sql_traces(partner_ids) | {
            "letters": SQL(
                "SELECT FROM dunning_notice_line WHERE move_line_id = %s",
                any_of(self._ids),
            )
        }

    def _get_dunning_debts(self, owed, case):
        """Tell from when the items bear interest and costs, by the letters about them.

        What a letter that is being made claims costs over, is what is unpaid at the end
        of its day.
        """
        # EXTENDS 'l10n_nl_dunning'
        debts = super()._get_dunning_debts(owed, case)
        letters = self._get_dunning_letters_sent() if "letters" in case.traces else {}
        levels = case.levels
        claiming = {level.id for level in set(levels.values()) if level._claims_costs()}
        for item in owed:
            if item.is_charge or item.amount <= 0:
                continue
            is_claiming = item.id in levels and levels[item.id].id in claiming
            if is_claiming or item.id in letters:
                debtor = case.debtors[item.claim_key]
                terms = make_terms(
                    item.get_in_time(debtor),
                    debtor,
                    letters.get(item.id, ()),
                    ZERO if is_claiming else None,
                    case.day,
                )
                debts[item.id] = debts[item.id]._replace(**terms)
            if (
                item.id in levels
                and levels[item.id].kind == "fourteen_day"
                and self._reaches_dunning_debtor(
                    levels[item.id], case.debtors[item.claim_key]
                )
            ):
                debts[item.id] = debts[item.id]._replace(
                    announced_on=case.day, demand=None
                )
        debts |= self._look_back_at_dunning_contracts(owed, case, debts)
        return self._mark_dunning_flat_claimed(owed, debts)

    def _look_back_at_dunning_contracts(self, owed, case, debts):
        """Tell consumers' items of the instalments of their contracts that bore costs.

        :param list[OwedItem] owed: these items
        :param ClaimCase case: for which claims it is asked
        :param dict debts: these as the pure claim sees them
        :return: the debts that change
        :rtype: dict[int, Debt]
        """
        regular = [
            item
            for item in owed
            if item.contract and case.debtors[item.claim_key].is_consumer
        ]
        if not regular:
            return {}
        earlier = defaultdict(list)
        for partner_id, currency_id, contract, *told in self._select_dunning_earlier(
            {item.claim_key.partner_id for item in regular}
        ):
            key, move_id, day, principal, costs = told
            earlier[partner_id, currency_id, contract].append(
                EarlierTold(key, day, to_decimal(principal), to_decimal(costs), move_id)
            )
        return {
            item.id: debts[item.id]._replace(earlier=tuple(found))
            for item in regular
            if (found := earlier.get((*item.claim_key[1:], item.contract)))
        }

    @api.model
    def _select_dunning_earlier(self, partner_ids):
        """Select instalments of consumers that bore costs and were paid since.

        They bore costs when they were paid after the term of a fourteen-day notice.

        :param partner_ids: ids of the debtors
        :return: debtor, currency, contract, line of the letter, invoice, day of the
            letter, its amount and its share in the costs
        :rtype: list[tuple]
        """
        for model, names in LETTER_FIELDS.items():
            self.env[model].flush_model(names)
        return self.env.execute_query(
            SQL(
                """
                SELECT notice.partner_id, notice.currency_id, %(contract)s,
                       told.id, told.move_id, notice.date, told.amount_residual,
                       ROUND(notice.amount_announced * told.amount_residual
                             / NULLIF(SUM(told.amount_residual) OVER letter, 0), 2)
                  FROM dunning_notice notice
                  JOIN dunning_notice_line told ON told.notice_id = notice.id
                  JOIN dunning_level level ON level.id = told.level_id
                  JOIN account_move_line line ON line.id = told.move_line_id
                  JOIN account_move move ON move.id = line.move_id
                 WHERE notice.partner_id = %(partners)s
                   AND notice.state = 'sent'
                   AND level.kind = 'fourteen_day'
                   AND line.reconciled
                   AND %(paid_late)s
                WINDOW letter AS (PARTITION BY notice.id)
                """,
                contract=self._dunning_sql_contract(),
                partners=any_of(partner_ids),
                paid_late=self._dunning_sql_paid_late(),
            )
        )

    @api.model
    def _dunning_sql_paid_late(self):
        """Whether a part of `line` was paid after the deadline in `told`."""
        return SQL(
            """
            EXISTS (
                SELECT FROM account_partial_reconcile partial
                  JOIN account_move_line paid ON paid.id = partial.credit_move_id
                 WHERE partial.debit_move_id = line.id
                   AND paid.date > told.deadline
            )
            """
        )

    @api.model
    def _reaches_dunning_debtor(self, level, debtor):
        """Whether Dutch law on costs reaches who gets a letter.

        Consumers abroad keep the protection of their own (article 6 Rome I), unless
        the policy says that Dutch law applies and why.

        :param level: the `dunning.level` of the letter
        :param DebtorTerms debtor: who gets it
        """
        return not debtor.is_abroad or level.policy_id.dutch_law_abroad

    def _mark_dunning_flat_claimed(self, owed, debts):
        """Mark items of invoices of which another instalment bore the flat amount.

        It may be paid by now: the amount is for the invoice, once (6:96(4) BW).

        :param list[OwedItem] owed: these items
        :param dict debts: these as the pure claim sees them
        :return: the debts
        :rtype: dict[int, Debt]
        """
        companies = (
            self.env["res.company"]
            .sudo()
            .browse({item.claim_key.company_id for item in owed})
        )
        if "flat" not in companies.mapped("dunning_costs"):
            return debts
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT line.move_id
                  FROM dunning_notice_line line
                  JOIN dunning_level level ON level.id = line.level_id
                 WHERE line.move_id = %s
                   AND (line.move_line_id = %s) IS NOT TRUE
                   AND line.state IN ('sent', 'pending')
                   AND level.charges IN ('claim', 'charge')
                """,
                any_of({item.move_id for item in owed if not item.is_entry}),
                any_of(self._ids),
            )
        )
        claimed = {move_id for [move_id] in rows}
        return debts | {
            item.id: debts[item.id]._replace(flat_claimed=True)
            for item in owed
            if item.move_id in claimed
        }

    def _get_dunning_letters_sent(self):
        """Return the letters about these items that were sent: one statement.

        Those that are on their way have told the debtor nothing yet, but what they tell
        is not told again.

        :return: letters by id of the item
        :rtype: dict[int, list[SentLetter]]
        """
        rows = self._select_dunning_letters_sent()
        levels = self.env["dunning.level"].browse(
            {level_id for _, level_id, *_ in rows}
        )
        kinds = {level.id: (level.kind, level._claims_costs()) for level in levels}
        letters = defaultdict(list)
        for line_id, level_id, *terms, claimed, announced, arrived, dutch, over in rows:
            kind, claims_costs = kinds[level_id]
            told = map(to_decimal, claimed if claims_costs else announced)
            letters[line_id].append(
                SentLetter(kind, claims_costs, *terms, *told, arrived, dutch, over)
            )
        return letters

    def _select_dunning_letters_sent(self):
        """Read what each letter that was sent says about these items.

        What somebody else got, whom the invoice was made out to before, is none of it.

        :return: item, level, date, deadline, open amount, letter, costs and VAT that it
            claims and that it announces, whether it arrived, and whether its ladder
            says that Dutch law applies abroad, and what it demands for all its items
        :rtype: list[tuple]
        """
        for model, names in LETTER_FIELDS.items():
            self.env[model].flush_model(names)
        return self.env.execute_query(
            SQL(
                """
                SELECT line.move_line_id, line.level_id, notice.date, line.deadline,
                       line.amount_residual, notice.id,
                       ARRAY[COALESCE(notice.amount_costs, 0),
                             COALESCE(notice.amount_costs_vat, 0)],
                       ARRAY[COALESCE(notice.amount_announced, 0) - announced.vat,
                             announced.vat],
                       line.state = 'sent', policy.dutch_law_abroad IS TRUE,
                       notice.amount_total
                  FROM dunning_notice_line line
                  JOIN dunning_level level ON level.id = line.level_id
             LEFT JOIN dunning_policy policy ON policy.id = level.policy_id
                  JOIN dunning_notice notice ON notice.id = line.notice_id
            CROSS JOIN LATERAL (
                       SELECT COALESCE((notice.claim_data->>'announced_vat')::numeric,
                                       0) AS vat
                  ) announced
                 WHERE line.move_line_id = %s
                   AND line.state IN ('sent', 'pending')
                   AND %s
                """,
                any_of(self._ids),
                self._dunning_sql_is_own(),
            )
        )

    @api.model
    def _dunning_sql_is_own(self):
        """Whether `notice` was for who owes the item of its `line` today."""
        return SQL(
            """
            EXISTS (
                SELECT
                  FROM account_move_line item
                  JOIN res_partner owing ON owing.id = item.partner_id
                  JOIN res_partner addressed
                    ON addressed.commercial_partner_id = owing.commercial_partner_id
                 WHERE item.id = line.move_line_id
                   AND addressed.id = notice.partner_id
            )
            """
        )
