from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.sql import any_of
from ..arrangement.engine.progress import LIVE_STATES

#: What the tab shows of a letter.
SHOWN_FIELDS = (
    *("name", "date", "partner_id", "currency_id"),
    *("by_email", "by_post", "by_registered"),
)


#: What there may be on record about an invoice: field, and model.
RECORDS = {
    "dunning_hold_ids": "dunning.hold",
    "dunning_contact_ids": "dunning.contact",
    "dunning_waiver_ids": "dunning.waiver",
    "dunning_arrangement_ids": "payment.arrangement",
    "dunning_protection_ids": "dunning.protection",
}


class AccountMove(models.Model):
    """The dunning tab of an invoice."""

    _inherit = "account.move"

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
        selection=lambda self: self.env["dunning.planner"]._get_selection(),
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
    dunning_summary = fields.Char(
        compute="_compute_dunning_summary", groups=ACCOUNTING_GROUPS
    )
    dunning_hold_ids = fields.Many2many(
        comodel_name="dunning.hold",
        string="Pauses",
        compute="_compute_dunning_records",
        groups=ACCOUNTING_GROUPS,
        help="All pauses of this invoice or of the whole customer, also those that "
        "are over.",
    )
    dunning_contact_ids = fields.Many2many(
        comodel_name="dunning.contact",
        string="Contact moments",
        compute="_compute_dunning_records",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_waiver_ids = fields.Many2many(
        comodel_name="dunning.waiver",
        string="Waivers",
        compute="_compute_dunning_records",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_arrangement_ids = fields.Many2many(
        comodel_name="payment.arrangement",
        string="Payment arrangements",
        compute="_compute_dunning_records",
        groups=ACCOUNTING_GROUPS,
    )

    dunning_arrangement_id = fields.Many2one(
        comodel_name="payment.arrangement",
        string="Payment arrangement",
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_arrangement_state = fields.Selection(
        selection="_selection_dunning_arrangement_state",
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="Status of the arrangement",
    )
    dunning_arrangement_progress = fields.Selection(
        selection="_selection_dunning_arrangement_progress",
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="How it goes",
    )
    dunning_arrangement_total = fields.Monetary(
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="To be paid in total",
    )
    dunning_arrangement_paid = fields.Monetary(
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="Paid of it",
    )
    dunning_arrangement_next_date = fields.Date(
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="Next instalment on",
    )
    dunning_arrangement_next_amount = fields.Monetary(
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="Next amount",
    )
    dunning_arrangement_days_late = fields.Integer(
        compute="_compute_dunning_arrangement_id",
        groups=ACCOUNTING_GROUPS,
        string="Days late",
    )
    dunning_protection_ids = fields.Many2many(
        comodel_name="dunning.protection",
        string="Protected statuses",
        compute="_compute_dunning_records",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

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

    @api.depends("state", "payment_state", "dunning_obstacle", "dunning_lift")
    @api.depends_context("lang")
    def _compute_dunning_summary(self):
        for move in self:
            parts = []
            if move.state == "posted" and move.is_sale_document(include_receipts=True):
                parts = [
                    move._get_dunning_state_sentence(),
                    move._get_dunning_hold_note(),
                    # A pause says itself how long it lasts.
                    "" if move.dunning_hold_id else move.dunning_lift,
                    move._get_dunning_pending_note(),
                    move._get_dunning_returned_note(),
                ]
            move.dunning_summary = " ".join(filter(None, parts)) or False

    @api.depends(
        "dunning_item_ids",
        "commercial_partner_id",
        "line_ids.dunning_waiver_ids",
        "line_ids.dunning_arrangement_item_ids.arrangement_id",
        "commercial_partner_id.dunning_protection_ids",
    )
    def _compute_dunning_records(self):
        """Look what there is in one statement, and read only that."""
        found = self._origin._find_dunning_records()
        for name, comodel in RECORDS.items():
            ids = set().union(*(found[name, move_id] for move_id in self._origin._ids))
            records = self.env[comodel]
            if ids:
                # Not only browsed: in order, and those that the user may see.
                records = records.search([("id", "in", list(ids))])
            for move in self:
                wanted = found[name, move._origin.id]
                move[name] = records.filtered(lambda r, wanted=wanted: r.id in wanted)

    @api.depends(
        "dunning_arrangement_ids",
        "line_ids.dunning_arrangement_item_ids.arrangement_id.state",
    )
    def _compute_dunning_arrangement_id(self):
        """The arrangement that runs or is offered, else the newest one."""
        for move in self:
            arrangement = move.dunning_arrangement_ids.sorted(
                lambda a: (a.state in LIVE_STATES, a.state == "active", a.id)
            )[-1:]
            move.dunning_arrangement_id = arrangement
            move.dunning_arrangement_state = arrangement.state
            move.dunning_arrangement_progress = arrangement.progress
            move.dunning_arrangement_total = arrangement.amount_total
            move.dunning_arrangement_paid = arrangement.amount_paid
            move.dunning_arrangement_next_date = arrangement.next_date
            move.dunning_arrangement_next_amount = arrangement.next_amount
            move.dunning_arrangement_days_late = arrangement.days_late

    def _selection_dunning_arrangement_state(self):
        field = self.env["payment.arrangement"]._fields["state"]
        return field._description_selection(self.env)

    def _selection_dunning_arrangement_progress(self):
        field = self.env["payment.arrangement"]._fields["progress"]
        return field._description_selection(self.env)

    # === CRUD METHODS === #

    @api.model
    def web_search_read(self, domain, *args, **kwargs):
        """Search by the plan once, for the page and for its count: half of the time."""
        # EXTENDS 'web'
        domain = Domain(domain)
        if any(c.field_expr == "dunning_is_due" for c in domain.iter_conditions()):
            domain = domain.optimize_full(self)
        return super().web_search_read(domain, *args, **kwargs)

    # === ACTION METHODS === #

    def action_look_ahead_dunning(self):
        """Show what happens next to the open items of this customer."""
        return self.partner_id.action_look_ahead_dunning()

    # === BUSINESS METHODS === #

    def _get_dunning_pending_note(self):
        """Say that the customer began to pay and did not finish, if so."""
        self.ensure_one()
        days = self.dunning_item_ids.mapped("dunning_pending_since")
        if self._is_dunning_settled() or not any(days):
            return ""
        return self.env._(
            "A payment that was begun online on %s was never finished: dunning does "
            "not wait for it any more.",
            format_date(self.env, max(filter(None, days)), date_format="d MMMM y"),
        )

    def _get_dunning_state_sentence(self):
        """Say what happens to the invoice today, or why nothing does."""
        self.ensure_one()
        if self._is_dunning_settled():
            if self.payment_state == "reversed":
                return self.env._("Credited: nothing to do.")
            return self.env._("Paid: nothing to do.")
        if self.dunning_obstacle:
            obstacle = self.env["dunning.planner"]._get_obstacle(self.dunning_obstacle)
            sentence = self.env._(obstacle.sentence)
            return sentence % self._get_dunning_hold_terms()
        if self.dunning_is_due:
            return self.env._(
                "A letter is due today: %s.", self.dunning_next_level_id.name
            )
        return ""

    def _get_dunning_hold_terms(self):
        """Say until when an offer keeps letters back, where no pause does."""
        terms = super()._get_dunning_hold_terms()
        if not terms and self.dunning_obstacle == "arrangement_offered":
            last_day = self.dunning_arrangement_id.pause_until
            terms["day"] = format_date(self.env, last_day, date_format="d MMMM y")
        return terms

    # --- Pauses, contacts, waivers and arrangements about an invoice, found at one go.

    def _find_dunning_records(self):
        """Return what is on record about these invoices: one statement.

        :return: ids of records by field and invoice
        :rtype: defaultdict[tuple[str, int], set[int]]
        """
        owners = defaultdict(list)
        for move in self:
            debtor = move.commercial_partner_id
            owners["debtor", debtor.id].append(move)
            owners[f"debtor of {move.company_id.id}", debtor.id].append(move)
            for item in move.dunning_item_ids:
                owners["item", item.id].append(move)
            for item in move.dunning_item_ids._get_dunning_waivable():
                owners["waivable", item.id].append(move)
        found = defaultdict(set)
        for name, record_id, *owner in self._select_dunning_records(owners):
            for move in owners[tuple(owner)]:
                found[name, move.id].add(record_id)
        return found

    def _select_dunning_records(self, owners):
        """Select what there is about some items and debtors.

        :param owners: pairs of a kind and the id of an item or debtor
        :return: rows of field, record, and owner
        :rtype: list[tuple]
        """
        ids = defaultdict(list)
        for kind, owner_id in owners:
            ids[kind.partition(" ")[0]].append(owner_id or 0)
        self.env.flush_all()
        query = self._dunning_sql_records(ids["item"], ids["debtor"], ids["waivable"])
        return self.env.execute_query(query)

    @api.model
    def _dunning_sql_records(self, item_ids, debtor_ids, waivable_ids):
        """Return what there is about items and debtors: field, record, and owner.

        :param list waivable_ids: items that a waiver can be about
        :rtype: SQL
        """
        return SQL(
            """
            SELECT 'dunning_hold_ids', hold_id, 'item', move_line_id
              FROM dunning_hold_item_rel
             WHERE move_line_id = %(items)s
         UNION ALL
            SELECT 'dunning_hold_ids', id, 'debtor of ' || company_id, partner_id
              FROM dunning_hold
             WHERE partner_id = %(debtors)s AND is_debtor_wide
         UNION ALL
            SELECT 'dunning_contact_ids', contact_id, 'item', move_line_id
              FROM dunning_contact_move_line_rel
             WHERE move_line_id = %(items)s
         UNION ALL
            SELECT 'dunning_waiver_ids', waiver_id, 'waivable', item_id
              FROM dunning_waiver_item_rel
             WHERE item_id = %(waivable)s
         UNION ALL
            SELECT 'dunning_arrangement_ids', arrangement_id, 'item', move_line_id
              FROM payment_arrangement_item
             WHERE move_line_id = %(items)s
         UNION ALL
            SELECT 'dunning_protection_ids', id, 'debtor', partner_id
              FROM dunning_protection
             WHERE partner_id = %(debtors)s AND ended_on IS NULL
            """,
            items=any_of(item_ids),
            debtors=any_of(debtor_ids),
            waivable=any_of(waivable_ids),
        )
