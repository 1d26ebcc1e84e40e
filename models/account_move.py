from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.plan import OBSTACLES
from .res_partner import ACCOUNTING_GROUPS

#: What the tab shows of a letter.
SHOWN_FIELDS = (
    *("name", "date", "partner_id", "currency_id"),
    *("by_email", "by_post", "by_registered"),
)


class AccountMove(models.Model):
    """The dunning tab of an invoice."""

    _inherit = "account.move"

    dunning_policy_id = fields.Many2one(
        comodel_name="dunning.policy",
        string="Dunning policy",
        check_company=True,
        copy=False,
        index="btree_not_null",
        groups=ACCOUNTING_GROUPS,
        help="Policy for this invoice. Without one, that of the customer applies, or "
        "the first that fits.",
    )
    dunning_item_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Instalments",
        compute="_compute_dunning_item_ids",
        search="_search_dunning_item_ids",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_notice_line_ids = fields.One2many(
        comodel_name="dunning.notice.line",
        inverse_name="move_id",
        string="Letters",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_level_id = fields.Many2one(
        comodel_name="dunning.level",
        string="Dunning level",
        compute="_compute_dunning_level_id",
        search="_search_dunning_level_id",
        groups=ACCOUNTING_GROUPS,
        help="Highest level of the letters about this invoice that reached the debtor.",
    )
    dunning_last_notice_id = fields.Many2one(
        comodel_name="dunning.notice",
        string="Last letter",
        compute="_compute_dunning_level_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_last_delivery = fields.Char(
        string="Delivery",
        compute="_compute_dunning_level_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_next_level_id = fields.Many2one(
        comodel_name="dunning.level",
        string="Next letter",
        compute="_compute_dunning_next",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_next_date = fields.Date(
        string="Not before", compute="_compute_dunning_next", groups=ACCOUNTING_GROUPS
    )
    dunning_obstacle = fields.Selection(
        selection=OBSTACLES,
        string="Why not now",
        compute="_compute_dunning_next",
        groups=ACCOUNTING_GROUPS,
        help="The reason why no letter about this invoice goes out today.",
    )
    dunning_lift = fields.Char(
        compute="_compute_dunning_next", groups=ACCOUNTING_GROUPS
    )
    dunning_is_due = fields.Boolean(
        string="Due for dunning",
        compute="_compute_dunning_next",
        search="_search_dunning_is_due",
        groups=ACCOUNTING_GROUPS,
    )

    # === CRUD METHODS === #

    @api.model
    def web_search_read(self, domain, *args, **kwargs):
        """Search by the plan once, for the page and for its count."""
        # EXTENDS 'web'
        domain = Domain(domain).optimize_full(self)
        return super().web_search_read(domain, *args, **kwargs)

    # === COMPUTE METHODS === #

    @api.depends("line_ids.account_type", "line_ids.date_maturity")
    def _compute_dunning_item_ids(self):
        for move in self:
            move.dunning_item_ids = move.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).sorted(lambda line: (line.date_maturity or line.date, line.id))

    @api.depends("dunning_item_ids", "dunning_item_ids.dunning_obstacle")
    @api.depends_context("lang")
    def _compute_dunning_next(self):
        """The step of the instalment whose turn comes first."""
        # One plan for all these invoices.
        together = self.dunning_item_ids.ids
        for move in self:
            items = move.dunning_item_ids.filtered(lambda line: not line.reconciled)
            items = items.with_prefetch(together)
            item = min(items, key=lambda line: line._get_dunning_turn(), default=items)
            move.dunning_next_level_id = item.dunning_next_level_id
            move.dunning_next_date = item.dunning_next_date
            move.dunning_obstacle = item.dunning_obstacle
            move.dunning_hold_id = item.dunning_hold_id
            move.dunning_lift = item.dunning_lift
            move.dunning_is_due = bool(item.dunning_next_level_id) and (
                not item.dunning_obstacle
            )

    @api.depends("dunning_notice_line_ids.state")
    def _compute_dunning_level_id(self):
        # Left to itself, the ORM reads all columns of a letter.
        self.dunning_notice_line_ids.notice_id.fetch(SHOWN_FIELDS)
        for move in self:
            lines = move.dunning_notice_line_ids.filtered(
                lambda line: line.level_id and line.state != "cancelled"
            )
            sent = lines.filtered(
                lambda line: line.state == "sent" and not line.is_limitation
            )
            move.dunning_level_id = max(
                sent.level_id, key=lambda level: level._get_rank(), default=False
            )
            move.dunning_last_notice_id = max(
                lines.notice_id, key=lambda notice: notice.id, default=False
            )
            move.dunning_last_delivery = move.dunning_last_notice_id.delivery_summary

    def _search_dunning_item_ids(self, operator, value):
        return Domain("line_ids", operator, value)

    def _search_dunning_level_id(self, operator, value):
        """Search by the highest level that reached the debtor, in one statement."""
        if operator not in ("in", "any", "any!"):
            return NotImplemented
        if operator == "in":
            levels = self.env["dunning.level"].browse(level for level in value if level)
        else:
            levels = self.env["dunning.level"].search(value)
        domain = Domain("id", "in", self._dunning_sql_moves_at(levels))
        if operator == "in" and not all(value):
            domain |= ~Domain(
                "dunning_notice_line_ids",
                "any",
                [
                    ("state", "=", "sent"),
                    ("level_id.kind", "not in", (False, "limitation_notice")),
                ],
            )
        return domain

    @api.model
    def _dunning_sql_moves_at(self, levels):
        """Return the invoices whose highest level is one of these, as SQL."""
        self.env["dunning.notice.line"].flush_model(["move_id", "level_id", "state"])
        return SQL(
            """
            (SELECT top.move_id
               FROM (SELECT DISTINCT ON (line.move_id) line.move_id, level.id
                       FROM dunning_notice_line line
                       JOIN dunning_level level ON level.id = line.level_id
                      WHERE line.state = 'sent'
                        AND level.kind != 'limitation_notice'
                        AND line.move_id IN (
                            SELECT move_id
                              FROM dunning_notice_line
                             WHERE state = 'sent' AND level_id IN %(levels)s)
                   ORDER BY line.move_id, %(rank)s DESC, level.sequence DESC,
                            level.id DESC) top
              WHERE top.id IN %(levels)s)
            """,
            rank=self.env["dunning.level"]._dunning_sql_rank("level"),
            levels=tuple(levels.ids or [0]),
        )

    def _search_dunning_is_due(self, operator, value):
        if operator != "in":
            return NotImplemented
        MoveLine = self.env["account.move.line"]
        move_ids = {
            step.item.move_id
            for company in self.env.companies
            for step in MoveLine._plan_dunning(company, company._get_dunning_today())
            if not step.obstacle
        }
        return Domain("id", "in", list(move_ids))
