from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.gc import disabling_gc

from ..tools.plan import OBSTACLES, plan_items
from ..tools.plan_input import read_items
from ..tools.sql import any_of, execute_kept
from .res_partner import ACCOUNTING_GROUPS


class AccountMoveLine(models.Model):
    """Selection and plan: which open items there are and what happens next to them."""

    _inherit = "account.move.line"

    dunning_notice_line_ids = fields.One2many(
        comodel_name="dunning.notice.line",
        inverse_name="move_line_id",
        string="Letters",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_level_id = fields.Many2one(
        comodel_name="dunning.level",
        string="Dunning level",
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
        help="Level of the last letter about this item that reached the debtor.",
    )
    dunning_deadline = fields.Date(
        string="Deadline given",
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_next_level_id = fields.Many2one(
        comodel_name="dunning.level",
        string="Next letter",
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_next_date = fields.Date(
        string="Not before",
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_obstacle = fields.Selection(
        selection=OBSTACLES,
        string="Why not now",
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
        help="The reason why no letter about this item goes out on this day.",
    )

    # What is open is the small part of all entries that lists and plan are about.
    _dunning_open_idx = models.Index(
        "(company_id, date_maturity) WHERE reconciled IS NOT TRUE "
        "AND parent_state = 'posted' AND amount_residual != 0"
    )
    _dunning_excluded_idx = models.Index(
        "(company_id) WHERE no_followup IS TRUE AND reconciled IS NOT TRUE "
        "AND parent_state = 'posted' AND amount_residual > 0"
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "lang", "dunning_day")
    def _compute_dunning_plan(self):
        steps = self._get_dunning_steps(self._get_dunning_plan_day())
        settings = {}
        for company in self.company_id if steps else ():
            settings[company] = company._get_dunning_settings()
            self.env["dunning.policy"]._read_shown_levels(company)
        for line in self:
            step = steps.get(line._origin.id)
            last = step and step.item.last
            line.dunning_level_id = last and last.level_id
            line.dunning_deadline = step and step.item.last_deadline
            line.dunning_next_level_id = step and step.level_id
            line.dunning_next_date = step and step.day
            line.dunning_obstacle = step and step.obstacle
            line.dunning_hold_id = step and step.item.special.hold_id
            line.dunning_lift = (
                step
                and step.obstacle
                and line._get_dunning_lift(step, settings[line.company_id])
            )

    # === BUSINESS METHODS === #

    def _get_dunning_turn(self):
        """Return a sort key: the instalment of an invoice whose turn comes first."""
        self.ensure_one()
        due = self.date_maturity or self.date
        return bool(self.dunning_obstacle), self.dunning_next_date or due, due

    def get_dunning_plan(self, date=None):
        """Return what happens next to these items, for automation and the external API.

        :param date date: the day for which is planned; today without one
        :return: for each open item its id, the next level, the first day on which it
            is due, and the obstacle, a code of the field `dunning_obstacle`, or False
            when a letter is due; items that are not open are left out
        :rtype: list[dict]
        """
        self.check_access("read")
        today = fields.Date.to_date(date) or fields.Date.context_today(self)
        steps = self._get_dunning_steps(today)
        return [
            {
                "item_id": line_id,
                "level_id": step.level_id or False,
                "date": step.day or False,
                "obstacle": step.obstacle or False,
            }
            for line_id, step in steps.items()
        ]

    def _get_dunning_steps(self, today):
        """Plan these items: one statement for each company.

        :param date today: the day for which is planned
        :return: the step of each item that is open, by id
        :rtype: dict[int, Step]
        """
        steps = {}
        open_items = self.filtered(
            lambda line: line.parent_state == "posted" and not line.reconciled
        )
        for company, lines in open_items.grouped("company_id").items():
            wanted = set(lines.ids)
            partners = lines.partner_id
            if company and partners:
                steps.update(
                    (step.item.line_id, step)
                    for step in self._plan_dunning(company, today, partners)
                    if step.item.line_id in wanted
                )
        return steps

    @api.model
    def _plan_dunning(self, company, today, partners=None):
        """Plan all open items of a company, or of some of its debtors.

        :param company: the `res.company`
        :param date today: the day for which is planned
        :param partners: debtors (`res.partner`), all of them without
        :return: a step for each open item, ordered by debtor
        :rtype: list[Step]
        """
        ladders = self.env["dunning.policy"]._get_ladders(company)
        settings = company._get_dunning_settings()
        with disabling_gc():  # tens of thousands of rows, and no cycle among them
            items = self._select_dunning_items(company, today, partners)
            return plan_items(items, ladders, settings, today)

    @api.model
    def _select_dunning_items(self, company, today, partners=None):
        """Select the open items with all that the plan needs: one statement.

        For one debtor, as when an invoice is opened, PostgreSQL takes several times
        longer to plan it than to run it, so there the connection keeps it.

        :return: rows ordered by debtor, currency and due date
        :rtype: list[OpenItem]
        """
        self.env.flush_all()
        select = partial(self._dunning_sql_selection, company)
        if partners is None:
            rows = self.env.execute_query(select(SQL("%s::date", today), None))
        elif len(partners.ids) == 1:
            statement = select(SQL("$1::date"), SQL("= $2::int"))
            rows = execute_kept(self.env, statement, today, *partners.ids)
        else:
            among = SQL("= %s", any_of(partners.ids))
            rows = self.env.execute_query(select(SQL("%s::date", today), among))
        return read_items(rows)

    @api.model
    def _get_dunning_credits(self, company, partners):
        """Return what letters to some debtors list besides the invoices.

        That is their open credits, and interest and costs that were charged before.

        :rtype: recordset of `account.move.line`
        """
        return self.search_fetch(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", partners.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                "|",
                ("amount_residual", "<", 0),
                ("move_id.dunning_charge_notice_id", "!=", False),
            ],
            ["partner_id", "currency_id", "amount_residual_currency"],
        )

    def _get_dunning_numbers(self):
        """Return how a letter calls these items: one statement.

        An item of the whole amount of its invoice is no instalment, so the other items
        of that invoice need not be looked at.

        :return: the number of the invoice, with the instalment where there are several,
            by id of the item
        :rtype: dict[int, str]
        """
        self.env["account.move"].flush_model(["name", "amount_total"])
        self.env["account.move.line"].flush_model(
            ["move_id", "account_id", "date", "date_maturity", "amount_currency"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH item AS MATERIALIZED (
                    SELECT line.id, line.move_id, move.name,
                           line.amount_currency != move.amount_total AS is_part
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
                     WHERE line.id = %(ids)s
                ),
                instalment AS (
                    SELECT line.id,
                           ROW_NUMBER() OVER (
                               PARTITION BY line.move_id
                                   ORDER BY COALESCE(line.date_maturity, line.date),
                                            line.id
                           ) AS position,
                           COUNT(*) OVER (PARTITION BY line.move_id) AS total
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                     WHERE line.move_id IN (SELECT move_id FROM item WHERE is_part)
                       AND account.account_type = 'asset_receivable'
                       AND line.amount_currency > 0
                )
                SELECT item.id, item.name, instalment.position, instalment.total
                  FROM item
             LEFT JOIN instalment
                    ON instalment.id = item.id AND instalment.total > 1
                """,
                ids=any_of(self._ids),
            )
        )
        return {
            line_id: f"{name} ({position}/{total})" if total else name
            for line_id, name, position, total in rows
        }
