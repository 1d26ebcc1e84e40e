import logging

import psycopg2

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL, formatLang

_logger = logging.getLogger(__name__)

#: Obstacles that say nothing against letting a rest off. What somebody agreed on, or
#: looks into, or what a letter is under way about, is left alone.
LETTING_OBSTACLES = (
    *(None, "grace", "waiting", "finished", "below_minimum", "interval"),
    *(
        "discounted",
        "no_address",
        "no_policy",
        "unposted",
        "archived",
        "direct_debit",
        "not_sent",
    ),
)


class AccountMoveLine(models.Model):
    """Rests of items that are not worth a letter."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    @api.model
    def _let_off_dunning_rests(self, company):
        """Let off the small rests of a company, if it wants that.

        :return: the items that were let off
        :rtype: recordset of `account.move.line`
        """
        company = company.sudo()  # the job is the same for whoever starts it
        limit = company.dunning_rest_amount
        if not limit or not company.dunning_rest_account_id:
            return self.browse()
        items = self._find_dunning_rests(company, limit)
        if not items:
            return items
        today = company._get_dunning_today()
        partners = items.partner_id.commercial_partner_id
        free = {
            step.item.line_id
            for step in self._plan_dunning(company, today, partners)
            if step.obstacle in LETTING_OBSTACLES and not step.item.special.disputed
        }
        items = items.filtered(lambda line: line.id in free)
        items = items.try_lock_for_update(allow_referencing=True)
        return items.sudo()._let_off_dunning_together(company, today)

    @api.model
    def _find_dunning_rests(self, company, limit):
        """Return the items of which something was paid and no more than this is left.

        :param float limit: in the currency of the company
        :rtype: recordset of `account.move.line`
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM account_move_line line
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.company_id = %(company_id)s
                   AND %(is_open)s
                   AND %(is_item)s
                   AND line.amount_residual <= %(limit)s
                   AND line.amount_residual_currency > 0
                   AND EXISTS (
                       SELECT FROM account_partial_reconcile partial
                        WHERE partial.debit_move_id = line.id
                   )
              ORDER BY line.id
                """,
                company_id=company.id,
                is_open=self._dunning_sql_is_open(),
                is_item=self._dunning_sql_is_item(),
                limit=limit,
            )
        )
        return self.browse(line_id for (line_id,) in rows)

    def _let_off_dunning_together(self, company, today):
        """Let these items off together, or one by one when that goes wrong.

        :return: those that were let off
        :rtype: recordset of `account.move.line`
        """
        if not self:
            return self
        try:
            with self.env.cr.savepoint():
                self._let_off_dunning(company, today)
            return self
        except psycopg2.OperationalError:
            raise  # somebody is paying: the whole job is tried again
        except Exception:
            if len(self) == 1:
                _logger.exception("Rest of %s cannot be let off", self.move_id.name)
                return self.browse()
        return self.concat(
            *(item._let_off_dunning_together(company, today) for item in self)
        )

    def _let_off_dunning(self, company, today):
        """Book the rests of these items as a loss, and say so on their invoices."""
        rests = {
            item.id: formatLang(
                self.env, item.amount_residual_currency, currency_obj=item.currency_id
            )
            for item in self
        }
        entries = self.env["account.move"].create(
            [item._prepare_dunning_rest(company, today) for item in self]
        )
        entries._post(soft=False)
        self._reconcile_plan(
            [
                item | entry.line_ids.filtered("partner_id")
                for item, entry in zip(self, entries, strict=True)
            ]
        )
        self.move_id._message_log_batch(
            bodies={
                move.id: self.env._(
                    "A rest of %(amount)s was let off: it is within the limit in the "
                    "settings, and no letter goes out about it.",
                    amount=", ".join(
                        rests[item.id] for item in self if item.move_id == move
                    ),
                )
                for move in self.move_id
            }
        )

    def _prepare_dunning_rest(self, company, today):
        """Return the values of the entry that lets the rest of this item off."""
        self.ensure_one()
        amount, balance = self.amount_residual_currency, self.amount_residual
        name = self.env._("Rest let off: %s", self.move_id.name)
        shared = {"currency_id": self.currency_id.id, "name": name}
        return {
            "move_type": "entry",
            "company_id": company.id,
            "journal_id": company._get_dunning_rest_journal().id,
            "date": today,  # in a locked period the books take the first open one
            "ref": name,
            "line_ids": [
                Command.create(
                    {
                        **shared,
                        "account_id": self.account_id.id,
                        "partner_id": self.partner_id.id,
                        "amount_currency": -amount,
                        "balance": -balance,
                    }
                ),
                Command.create(
                    {
                        **shared,
                        "account_id": company.dunning_rest_account_id.id,
                        "partner_id": False,
                        "amount_currency": amount,
                        "balance": balance,
                    }
                ),
            ],
        }
