from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ...law import title_limitation_date

#: How often somebody looks whether a debtor can pay by now.
REVIEW_MONTHS = 6


class DunningTitle(models.Model):
    """A judgment or deed that can still be executed, whether written off or not.

    It is looked at twice a year, until it was paid or has lapsed.
    """

    _name = "dunning.title"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Title for execution"
    _order = "next_review, id"
    _check_company_auto = True

    name = fields.Char(string="Case number", required=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    move_ids = fields.Many2many(
        comodel_name="account.move",
        relation="dunning_title_move_rel",
        column1="title_id",
        column2="move_id",
        string="Invoices",
        domain="[('commercial_partner_id', '=', partner_id),"
        " ('move_type', '=', 'out_invoice')]",
        check_company=True,
    )
    kind = fields.Selection(
        selection=[
            ("judgment", "Judgment"),
            ("payment_order", "European order for payment"),
            ("deed", "Notarial deed"),
        ],
        required=True,
        default="judgment",
    )
    court = fields.Char(string="Court or notary")
    date = fields.Date(string="Decided on", required=True, tracking=True)
    amount = fields.Monetary(string="Awarded", tracking=True)
    interrupted_on = fields.Date(
        tracking=True,
        help="The last day on which the limitation was interrupted, for example by "
        "service of the judgment or by a written demand (article 3:325 BW).",
    )
    lapses_on = fields.Date(compute="_compute_lapses_on", store=True)
    next_review = fields.Date(
        string="Look at it again on",
        compute="_compute_next_review",
        store=True,
        readonly=False,
    )
    ended_on = fields.Date(string="Closed on", readonly=True, tracking=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    note = fields.Text()
    state = fields.Selection(
        selection=[("watched", "Watched"), ("lapsed", "Lapsed"), ("ended", "Closed")],
        compute="_compute_state",
        search="_search_state",
    )

    # === COMPUTE METHODS === #

    @api.depends("date", "interrupted_on")
    def _compute_lapses_on(self):
        for title in self:
            title.lapses_on = title.date and title_limitation_date(
                title.date, interrupted_on=title.interrupted_on or None
            )

    @api.depends("date")
    def _compute_next_review(self):
        """Half a year after the decision, or half a year from now."""
        for title in self:
            title.next_review = title.next_review or (
                title.date and title._get_next_review()
            )

    @api.depends("ended_on", "lapses_on")
    def _compute_state(self):
        for title in self:
            today = title.company_id._get_dunning_today()
            if title.ended_on:
                title.state = "ended"
            elif title.lapses_on and title.lapses_on < today:
                title.state = "lapsed"
            else:
                title.state = "watched"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = self.env.company._get_dunning_today()
        domains = {
            "ended": [("ended_on", "!=", False)],
            "lapsed": [("ended_on", "=", False), ("lapses_on", "<", today)],
            "watched": [("ended_on", "=", False), ("lapses_on", ">=", today)],
        }
        return fields.Domain.OR(domains[state] for state in value if state in domains)

    # === ACTION METHODS === #

    def action_review(self):
        """Record that somebody looked: the next time is in half a year."""
        for title in self:
            title.next_review = title._get_next_review()
        self.activity_feedback(["mail.mail_activity_data_todo"])

    def action_end(self):
        """Close these: paid, or given up."""
        for title in self:
            title.ended_on = title.company_id._get_dunning_today()
        self.activity_unlink(["mail.mail_activity_data_todo"])

    # === BUSINESS METHODS === #

    def _get_next_review(self):
        self.ensure_one()
        today = self.company_id._get_dunning_today()
        start = today if self.next_review else self.date
        return max(start + relativedelta(months=REVIEW_MONTHS), today)

    @api.model
    def _ask_review(self, company):
        """Ask the owners of titles whose day has come to look at them.

        :rtype: recordset of `dunning.title`
        """
        today = company._get_dunning_today()
        titles = self.search(
            [
                ("company_id", "=", company.id),
                ("ended_on", "=", False),
                ("lapses_on", ">=", today),
                ("next_review", "<=", today),
            ]
        )
        for title in titles:
            owner = company._get_dunning_worker(title.user_id)
            title.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=today,
                user_id=owner.id,
                summary=self.env._("Can %s pay by now?", title.partner_id.name),
                note=self.env._(
                    "%(amount)s was awarded on %(date)s. The title lapses on "
                    "%(lapses)s, unless that is interrupted before.",
                    amount=format_amount(self.env, title.amount, title.currency_id),
                    date=format_date(self.env, title.date),
                    lapses=format_date(self.env, title.lapses_on),
                ),
            )
            title.next_review = today + relativedelta(months=REVIEW_MONTHS)
        return titles
