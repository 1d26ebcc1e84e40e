from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Fields of the plan that open items can be searched and grouped by.
PLAN_FIELDS = ("dunning_obstacle", "dunning_next_level_id")


class AccountMoveLine(models.Model):
    """The plan of another day than today, and open items by their plan.

    With the key `dunning_day` in the context (a date in ISO format) the fields of the
    plan tell what would happen on that day if nothing is paid and no letter goes out
    until then. Nothing is written.
    """

    _inherit = "account.move.line"

    dunning_obstacle = fields.Selection(search="_search_dunning_obstacle")
    dunning_next_level_id = fields.Many2one(search="_search_dunning_next_level_id")

    # === COMPUTE METHODS === #

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
        """Search by the plan once, for the page and for its count."""
        # EXTENDS 'web'
        domain = Domain(domain).optimize_full(self)
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
