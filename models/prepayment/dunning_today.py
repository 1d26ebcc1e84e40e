from odoo import models
from odoo.tools import SQL

from ..today.dunning_today import Card


class DunningToday(models.AbstractModel):
    """Customers over their credit limit."""

    _inherit = "dunning.today"

    # === BUSINESS METHODS === #

    def _get_dunning_cards(self, mine):
        # EXTENDS 'l10n_nl_dunning'
        return [*super()._get_dunning_cards(mine), self._get_credit_card()]

    def _get_credit_card(self):
        """Count customers who owe more than their limit, where limits are used."""
        debtors, total = self._select_over_limit()
        return Card(
            code="credit",
            sequence=150,
            title=self.env._("Customers over their credit limit"),
            button=self.env._("Look at the customer"),
            icon="fa-tachometer",
            action="account.res_partner_action_customer",
            domain=[("id", "in", debtors)],
            count=len(debtors),
            amount=total,
            shared=True,
        )

    def _select_over_limit(self):
        """Return whose open items exceed the limit set on them, and what they owe.

        :rtype: tuple[list[int], float]
        """
        companies = self.env.companies.filtered("account_use_credit_limit")
        if not companies:
            return [], 0.0
        limit = SQL(
            "COALESCE((debtor.credit_limit ->> item.company_id::text)::numeric, "
            "usual.amount)"
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT debtor.id, SUM(item.amount_residual)
                  FROM res_partner debtor
                  JOIN res_partner partner ON partner.commercial_partner_id = debtor.id
                  JOIN account_move_line item ON item.partner_id = partner.id
                  JOIN account_account account ON account.id = item.account_id
                  JOIN (VALUES %(defaults)s) usual (company_id, amount)
                    ON usual.company_id = item.company_id
                 WHERE %(limit)s > 0
                   AND account.account_type = 'asset_receivable'
                   AND item.parent_state = 'posted'
                   AND item.reconciled IS NOT TRUE
              GROUP BY debtor.id, item.company_id, %(limit)s
                HAVING SUM(item.amount_residual) > %(limit)s
                """,
                defaults=self._list_usual_limits(companies),
                limit=limit,
            )
        )
        readable = self.env["res.partner"].search([("id", "in", [i for i, _ in rows])])
        found = [row for row in rows if row[0] in set(readable.ids)]
        return sorted({row[0] for row in found}), float(sum(row[1] for row in found))

    def _list_usual_limits(self, companies):
        """Return as SQL what holds for customers without a limit of their own."""
        field = self.env["res.partner"]._fields["credit_limit"]
        return SQL(", ").join(
            SQL(
                "(%s, %s::numeric)",
                company.id,
                field.get_company_dependent_fallback(
                    self.env["res.partner"].with_company(company)
                ),
            )
            for company in companies
        )
