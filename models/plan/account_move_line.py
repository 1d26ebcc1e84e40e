from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang

from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.plain_data import read_day
from .obstacles import DECIDE, NEXT

#: Fields of the plan that open items can be searched and grouped by.
PLAN_FIELDS = ("dunning_obstacle", "dunning_next_level_id")


class AccountMoveLine(models.Model):
    """What happens next to open items, or why nothing does.

    With the key `dunning_day` in the context (a date in ISO format) the fields of the
    plan tell what would happen on that day if nothing is paid and no letter goes out
    until then. Nothing is written.
    """

    _inherit = "account.move.line"

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
        search="_search_dunning_next_level_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_next_date = fields.Date(
        string="Not before",
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_obstacle = fields.Selection(
        selection=lambda self: self.env["dunning.planner"]._get_selection(),
        string="Why not now",
        compute="_compute_dunning_plan",
        search="_search_dunning_obstacle",
        groups=ACCOUNTING_GROUPS,
        help="The reason why no letter about this item goes out on this day.",
    )
    dunning_pending_since = fields.Date(
        string="Payment never finished",
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
        help="The customer began to pay on this day, and nothing came of it. Dunning "
        "does not wait for it any more.",
    )
    dunning_lift = fields.Char(
        string="What would lift it",
        compute="_compute_dunning_plan",
        groups=ACCOUNTING_GROUPS,
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
            line._apply_dunning_step(step)
            line.dunning_lift = (
                step
                and step.obstacle
                and line._get_dunning_lift(step, settings[line.company_id])
            )

    def _apply_dunning_step(self, step):
        """Fill in what the plan says of this item.

        To be extended by rooms with fields of their own.

        :param Step step: the step of the item, None when it is not open
        """
        self.ensure_one()
        last = step and step.item.last
        self.dunning_level_id = last and last.level_id
        self.dunning_deadline = step and step.item.last_deadline
        self.dunning_next_level_id = step and step.level_id
        self.dunning_next_date = step and step.day
        self.dunning_obstacle = step and step.obstacle
        self.dunning_pending_since = step and step.item.special.pending_since

    def _search_dunning_obstacle(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_dunning_plan_domain(lambda step: step.obstacle, value)

    def _search_dunning_next_level_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._get_dunning_plan_domain(lambda step: step.level_id, value)

    # === CRUD METHODS === #

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Tell that lists can be grouped by the plan without making one."""
        # EXTENDS 'base'
        describing = self.with_context(dunning_describe=True)
        return super(AccountMoveLine, describing).fields_get(allfields, attributes)

    @api.model
    def web_search_read(self, domain, *args, **kwargs):
        """Search by the plan once, for the page and for its count: half of the time."""
        # EXTENDS 'web'
        domain = Domain(domain)
        if any(c.field_expr in PLAN_FIELDS for c in domain.iter_conditions()):
            domain = domain.optimize_full(self)
        return super().web_search_read(domain, *args, **kwargs)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Let lists group by the plan: it is joined as a table, made once."""
        # EXTENDS 'base'
        if field_expr not in PLAN_FIELDS or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        if self.env.context.get("dunning_describe"):
            return SQL("NULL")
        plan = query.make_alias(alias, "dunning_plan")
        if plan not in query._joins:
            query.add_join(
                "LEFT JOIN",
                plan,
                self._dunning_sql_plan(),
                SQL("%s = %s", SQL.identifier(plan, "id"), SQL.identifier(alias, "id")),
            )
        return SQL.identifier(plan, field_expr)

    # === ACTION METHODS === #

    def action_open_business_doc(self):
        """Open the invoice, which is always about today."""
        # EXTENDS 'account'
        action = super().action_open_business_doc()
        if self.env.context.get("dunning_day"):
            action["context"] = {**action.get("context", {}), "dunning_day": False}
        return action

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
        :raise UserError: when the day is none
        """
        self.check_access("read")
        today = read_day(self.env, date) or fields.Date.context_today(self)
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
            partners = lines.partner_id.commercial_partner_id
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
        return self.env["dunning.planner"]._plan(company, today, partners)

    @api.model
    def _select_dunning_items(self, company, today, partners=None):
        """Select the open items with all that the plan needs: one statement.

        :return: rows ordered by debtor, currency and due date
        :rtype: list[OpenItem]
        """
        return self.env["dunning.planner"]._select(company, today, partners)

    # --- The plan of another day than today, and open items by their plan.

    def _get_dunning_plan_day(self, company=None):
        """Return the day that the fields of the plan are about.

        :param company: the `res.company` whose today it is, without a day in the
            context; the day of the user without one
        :rtype: date
        """
        return fields.Date.to_date(self.env.context.get("dunning_day")) or (
            company._get_dunning_today() if company else fields.Date.context_today(self)
        )

    @api.model
    def _plan_dunning_day(self):
        """Plan all open items of the companies of the user: one statement each.

        :rtype: list[Step]
        """
        return [
            step
            for company in self.env.companies
            for step in self._plan_dunning(company, self._get_dunning_plan_day(company))
        ]

    @api.model
    def _get_dunning_plan_domain(self, get_value, wanted):
        """Return the domain of the open items whose plan has one of some values.

        :param get_value: function of a step
        :param wanted: the values; a false one stands for a plan without the value
        :rtype: Domain
        """
        wanted = {value or None for value in wanted}
        return Domain(
            "id",
            "in",
            [
                step.item.line_id
                for step in self._plan_dunning_day()
                if get_value(step) in wanted
            ],
        )

    @api.model
    def _dunning_sql_plan(self):
        """The plan as a table with a row for each open item."""
        steps = self._plan_dunning_day()
        return SQL(
            "(SELECT * FROM UNNEST(%s::int4[], %s::varchar[], %s::int4[])"
            " AS plan (id, dunning_obstacle, dunning_next_level_id))",
            [step.item.line_id for step in steps],
            [step.obstacle for step in steps],
            [step.level_id for step in steps],
        )

    # --- What would have to happen for a letter to go out.

    def _get_dunning_lift(self, step, settings):
        """Say what would lift the obstacle of this item.

        :param Step step: the step of the item, with an obstacle
        :param Settings settings: the settings of the company
        :rtype: str
        """
        self.ensure_one()
        sentence = self.env["dunning.planner"]._get_obstacle(step.obstacle).lift
        text = self.env._(DECIDE if sentence is NEXT and not step.rung else sentence)
        makers = self._get_dunning_lift_makers(step, settings)
        return text % {
            name: make() for name, make in makers.items() if f"%({name})s" in text
        }

    def _get_dunning_lift_makers(self, step, settings):
        """Return what makes what a sentence may name: dates, amounts, letter, people.

        :param Step step: the step of the item
        :param Settings settings: the settings of the company
        :return: functions that return text; only those that are named need be called
        :rtype: dict[str, Callable]
        """
        self.ensure_one()
        item, currency = step.item, self.company_id.currency_id
        # sudo: an amount, also to whoever may not read the configuration
        policy = self.env["dunning.policy"].browse(step.policy_id).sudo()
        return {
            **self._get_dunning_name_makers(step),
            "day": lambda: self._format_dunning_day(step.day),
            "until": lambda: self._format_dunning_day(item.special.last_day),
            "credits": lambda: formatLang(
                self.env, -item.debtor.credits_company, currency_obj=currency
            ),
            "minimum": lambda: formatLang(
                self.env, policy.minimum_amount, currency_obj=currency
            ),
        }

    def _get_dunning_name_makers(self, step):
        """Return what makes the names in a sentence: of the letter and of people.

        :param Step step: the step of the item
        :return: see `_get_dunning_lift_makers`
        :rtype: dict[str, Callable]
        """
        # sudo: names, also to whoever may not read the configuration or the contact
        level = self.env["dunning.level"].browse(step.level_id).sudo()
        recipient = self.env["res.partner"].browse(step.item.debtor.recipient_id).sudo()
        return {
            "letter": lambda: level.name or "",
            "debtor": lambda: self.partner_id.commercial_partner_id.display_name,
            "recipient": lambda: recipient.display_name,
            "archived": lambda: (
                (self.partner_id.commercial_partner_id | recipient)
                .filtered(lambda partner: not partner.active)[:1]
                .display_name
            ),
        }

    def _format_dunning_day(self, day):
        return format_date(self.env, day, date_format="d MMMM y")
