from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...tools.actions import open_dialog
from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.sql import any_of

#: What a debtor owes is split into these, each euro in one of them.
PARTS = (
    *("due", "not_due", "promised", "disputed", "arranged", "charged"),
    *("interest", "costs", "credits"),
)


class ResPartner(models.Model):
    """The screen of a debtor, for the telephone and for every decision."""

    _inherit = "res.partner"

    # === ENTRY POINT OF THE SCREEN === #

    def get_dunning_debtor(self):
        """Return all that the screen of this debtor shows, for the current company.

        :rtype: dict
        """
        debtor, company = self._get_dunning_screen_debtor(), self.env.company
        items = debtor._get_dunning_debtor_items(company)
        return {
            "to_pay": company.currency_id.format(debtor.dunning_total_claim),
            "sums": debtor._tell_dunning_sums(items, company),
            "items": items._tell_dunning_next_steps() if items else [],
            "paying": debtor._tell_dunning_paying(company),
            "events": [
                {**event._asdict(), "day": format_date(self.env, event.day)}
                for event in sorted(
                    debtor._get_dunning_events(company),
                    key=lambda event: event.day,
                    reverse=True,
                )
            ],
        }

    # === ACTION METHODS === #

    def action_open_dunning_debtor(self):
        """Open the screen of this debtor."""
        debtor = self._get_dunning_screen_debtor()
        return {
            "type": "ir.actions.act_window",
            "name": debtor.display_name,
            "res_model": "res.partner",
            "res_id": debtor.id,
            "views": [
                (self.env.ref("l10n_nl_dunning.dunning_debtor_view_form").id, "form")
            ],
        }

    def action_dunning_call(self):
        """Record a call with this debtor."""
        debtor = self._get_dunning_screen_debtor()
        Contact = self.env["dunning.contact"].with_context(default_partner_id=debtor.id)
        return Contact.action_record()

    def action_dunning_promise(self):
        """Record what this debtor promises to pay, and by when."""
        action = self.action_dunning_call()
        action["context"] |= {"default_outcome": "reached"}
        action["context"] |= {"default_agreement": "promise"}
        return {**action, "name": self.env._("Promise to pay")}

    def action_dunning_dispute(self):
        """Record what this debtor does not agree with."""
        action = self._get_dunning_open_items().action_dunning_pause()
        context = {**action["context"], "default_kind": "dispute"}
        return {**action, "name": self.env._("Dispute"), "context": context}

    def action_dunning_arrange(self):
        """Draw up an arrangement over all that is open."""
        items = self._get_dunning_open_items()
        return self.env["payment.arrangement.wizard"]._open_for(items)

    def action_dunning_letter(self):
        """Propose the letter that is due for this debtor now.

        :raise UserError: when none is due, with the reasons
        """
        items = self._get_dunning_open_items()
        debtor = self.commercial_partner_id
        run = self.env["dunning.run"].propose(self.env.company, partners=debtor)
        if run.notice_ids:
            return run.notice_ids[:1].action_open()
        labels = dict(
            items._fields["dunning_obstacle"]._description_selection(self.env)
        )
        reasons = {labels.get(item.dunning_obstacle, "") for item in items}
        raise UserError(
            self.env._(
                "No letter is due for %(debtor)s now. %(reasons)s. What lifts that "
                "stands beside each item.",
                debtor=debtor.name,
                reasons=", ".join(sorted(filter(None, reasons))),
            )
        )

    def action_dunning_pay_link(self):
        """Show the link with which this debtor sees and pays all that is open."""
        debtor = self._get_dunning_screen_debtor()
        return open_dialog(
            "dunning.account.link",
            self.env._("Link to all that is open"),
            default_partner_id=debtor.id,
        )

    # === BUSINESS METHODS === #

    def _get_dunning_screen_debtor(self):
        """Return the debtor whose screen this is.

        :raise AccessError: for users who may not see invoices
        """
        self.ensure_one()
        if not self.env.user.has_groups(ACCOUNTING_GROUPS):
            raise AccessError(
                self.env._("Only who may see invoices may see this. Ask for the right.")
            )
        self.check_access("read")
        return self.commercial_partner_id

    def _get_dunning_debtor_items(self, company):
        """Return all that is open with this debtor: items and credits.

        :rtype: recordset of `account.move.line`
        """
        return self.env["account.move.line"].search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id.commercial_partner_id", "=", self.id)
            & Domain("account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
            & Domain("reconciled", "=", False),
            order="date_maturity, id",
        )

    def _get_dunning_open_items(self):
        """Return the open items of this debtor, the oldest first.

        :raise UserError: when nothing is open
        """
        debtor = self._get_dunning_screen_debtor()
        items = debtor._get_dunning_debtor_items(self.env.company)
        items = items.filtered_domain(items._get_dunning_open_domain())
        if not items:
            raise UserError(self.env._("%s has nothing open.", debtor.name))
        return items

    # --- What he owes: each euro stands in one part.

    def _tell_dunning_sums(self, items, company):
        """Return what this debtor owes as rows, with the total as the last one.

        :param items: all that is open with him (`account.move.line`)
        :rtype: list[dict]
        """
        parts = self._split_dunning_debt(items, company)
        labels = {
            "due": self.env._("Overdue"),
            "not_due": self.env._("Not yet due"),
            "promised": self.env._("Promised"),
            "disputed": self.env._("In dispute"),
            "arranged": self.env._("In an arrangement"),
            "charged": self.env._("Interest and costs charged"),
            "interest": self.env._("Interest up to today"),
            "costs": self.env._("Collection costs"),
            "credits": self.env._("Credits and payments not matched"),
        }
        currency = company.currency_id
        rows = [
            {
                "code": part,
                "label": labels[part],
                "amount": currency.format(parts[part]),
            }
            for part in PARTS
            if not currency.is_zero(parts[part])
        ]
        total = currency.format(sum(parts.values()))
        return [
            *rows,
            {"code": "total", "label": self.env._("Together"), "amount": total},
        ]

    def _split_dunning_debt(self, items, company):
        """Divide what is open over the parts, in the currency of the company.

        :rtype: dict[str, float]
        """
        day = company._get_dunning_today()
        claims = {
            claim.debt.key: claim
            for found in items._get_dunning_claims(day).values()
            for claim in found.items
        }
        arranged = items._get_dunning_arranged()
        promised = self._get_dunning_promised_items(items)
        parts = defaultdict(float, dict.fromkeys(PARTS, 0.0))
        for item in items:
            open_amount = item.amount_residual
            if open_amount < 0:
                parts["credits"] += open_amount
                continue
            rate = open_amount / (item.amount_residual_currency or open_amount)
            claim = claims.get(item.id)
            if claim:
                parts["interest"] += float(claim.open_interest) * rate
                parts["costs"] += float(claim.open_costs) * rate
            if item.move_id.dunning_charge_notice_id:
                parts["charged"] += open_amount
            elif item in arranged:
                parts["arranged"] += open_amount
            else:
                disputed = float(claim.debt.suspended) * rate if claim else 0.0
                parts["disputed"] += disputed
                due = item.date_maturity or item.date
                rest = "due" if due < day else "not_due"
                rest = "promised" if item in promised else rest
                parts[rest] += open_amount - disputed
        return {part: company.currency_id.round(parts[part]) for part in PARTS}

    def _get_dunning_promised_items(self, items):
        """Return those of some items of which a promise to pay still runs."""
        holds = self.env["dunning.hold"].search(
            [
                ("partner_id", "=", self.id),
                ("move_line_ids", "in", items.ids),
                ("promise_date", "!=", False),
                ("state", "=", "active"),
            ]
        )
        return holds.move_line_ids

    # --- How he pays.

    def _tell_dunning_paying(self, company):
        """Return how this debtor pays, over the year up to today.

        :rtype: dict
        """
        today = company._get_dunning_today()
        since, half = today - relativedelta(years=1), today - relativedelta(months=6)
        days, recent, earlier, count, before, total = self._select_dunning_paying(
            company, since, half
        )
        promises = self.env["dunning.hold"].search(
            [
                ("partner_id", "=", self.id),
                ("company_id", "=", company.id),
                ("promise_date", ">", since),
            ]
        )
        results = promises.mapped("promise_result")
        kept = results.count("kept")
        decided = kept + results.count("partly") + results.count("broken")
        highest, day = self._select_dunning_highest(company, since)
        return {
            "count": count,
            "days_late": days,
            "trend": recent - earlier
            if recent is not None and earlier is not None
            else 0,
            "recent": recent,
            "earlier": earlier,
            "before_letter": round(100 * before / total) if total else None,
            "kept": kept,
            "promises": decided,
            "highest": highest and company.currency_id.format(highest),
            "highest_day": day and format_date(self.env, day),
        }

    def _select_dunning_paying(self, company, since, half):
        """Select how late this debtor paid, and what he paid before the first letter.

        An item is paid on the day of its last payment; days before the due date count
        as none, and what credit notes settle was not paid.

        :return: average days late, of the second half, of the first half of the year;
            number of items; what was paid of it before any letter, and in all
        :rtype: tuple
        """
        self.env.flush_all()
        [row] = self.env.execute_query(
            SQL(
                """
                WITH settled AS (%(settled)s)
                SELECT ROUND(AVG(days))::int,
                       ROUND(AVG(days) FILTER (WHERE paid_on > %(half)s))::int,
                       ROUND(AVG(days) FILTER (WHERE paid_on <= %(half)s))::int,
                       COUNT(*)::int,
                       COALESCE(SUM(amount) FILTER (WHERE NOT EXISTS (
                           SELECT FROM dunning_notice_line line
                             JOIN dunning_notice notice ON notice.id = line.notice_id
                            WHERE line.move_line_id = settled.id
                              AND line.state = 'sent'
                              AND notice.date <= settled.paid_on)), 0)::float,
                       COALESCE(SUM(amount), 0)::float
                  FROM settled
                """,
                settled=self._dunning_sql_settled(company, since),
                half=half,
            )
        )
        return row

    def _dunning_sql_settled(self, company, since):
        """Return as SQL what this debtor settled by paying, after a day."""
        return SQL(
            """
            SELECT item.id, MAX(part.max_date) AS paid_on,
                   GREATEST(MAX(part.max_date) - COALESCE(
                       item.date_maturity, item.date), 0) AS days,
                   SUM(part.amount) AS amount
              FROM account_partial_reconcile part
              JOIN account_move_line item ON item.id = part.debit_move_id
              JOIN account_move move ON move.id = item.move_id
              JOIN res_partner partner ON partner.id = item.partner_id
              JOIN account_move_line credit ON credit.id = part.credit_move_id
              JOIN account_move payment ON payment.id = credit.move_id
             WHERE part.company_id = %(company_id)s
               AND partner.commercial_partner_id = %(debtors)s
               AND item.reconciled
               AND move.move_type IN ('out_invoice', 'out_receipt')
               AND payment.move_type != 'out_refund'
          GROUP BY item.id
            HAVING MAX(part.max_date) > %(since)s
            """,
            company_id=company.id,
            debtors=any_of(self._ids),
            since=since,
        )

    def _select_dunning_highest(self, company, since):
        """Return the highest debt of this debtor since a day, and its day.

        :rtype: tuple[float, date]
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT balance::float, date
                  FROM (SELECT item.date,
                               SUM(SUM(item.balance)) OVER (ORDER BY item.date)
                                   AS balance
                          FROM account_move_line item
                          JOIN account_account account ON account.id = item.account_id
                          JOIN res_partner partner ON partner.id = item.partner_id
                         WHERE item.company_id = %(company_id)s
                           AND partner.commercial_partner_id = %(debtors)s
                           AND account.account_type = 'asset_receivable'
                           AND item.parent_state = 'posted'
                      GROUP BY item.date) debt
                 WHERE date > %(since)s AND balance > 0
              ORDER BY balance DESC, date
                 LIMIT 1
                """,
                company_id=company.id,
                debtors=any_of(self._ids),
                since=since,
            )
        )
        return rows[0] if rows else (0.0, False)
