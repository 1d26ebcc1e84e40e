from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.plan import get_review_days


class DunningHold(models.Model):
    """A pause: for a reason and until a date, some items or a debtor are not dunned.

    A hold works from `date_from` up to and including `date_review`, unless it was
    ended before; nothing has to happen for it to expire. Whether it is in force on a
    day is worked out and stored nowhere: see `_get_active_domain` and, for the plan,
    `account.move.line._dunning_sql_holds`.

    To put something on hold, call :meth:`_hold_items` or :meth:`_hold_debtors`, or
    create one with a debtor and a kind. Creating, ending and expiry are told in the
    chatter of debtor and invoices. Kinds are added with `selection_add`, and for each
    of them the days until review in `tools/plan.py`.
    """

    _name = "dunning.hold"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Dunning pause"
    _order = "date_from desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    move_line_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="dunning_hold_item_rel",
        column1="hold_id",
        column2="move_line_id",
        string="Items",
        check_company=True,
        help="What is on hold. Without items: all that the debtor owes.",
    )
    is_debtor_wide = fields.Boolean(
        string="Whole debtor",
        compute="_compute_is_debtor_wide",
        store=True,
        precompute=True,
        help="All that the debtor owes is on hold, also invoices of later date.",
    )
    move_ids = fields.Many2many(
        comodel_name="account.move", string="Invoices", compute="_compute_move_ids"
    )
    kind = fields.Selection(
        selection=[
            ("dispute", "Dispute"),
            ("promise", "Promise to pay"),
            ("arrangement_offered", "Arrangement offered"),
            ("internal", "Waiting for an answer from within"),
            ("courtesy", "Courtesy to the customer"),
            ("other", "Other reason"),
        ],
        string="Reason",
        required=True,
        default="other",
        tracking=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._get_dunning_today(),
    )
    date_review = fields.Date(
        string="Up to and including",
        compute="_compute_date_review",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        tracking=True,
        help="Last day of the pause. On it, the owner is asked what to do next.",
    )
    date_announced = fields.Date(
        string="Announced on",
        readonly=True,
        copy=False,
        help="Day on which the owner was told that the pause is over.",
    )
    date_end = fields.Date(string="Ended on", readonly=True, copy=False)
    end_reason = fields.Char(string="Ended because", readonly=True, copy=False)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner",
        default=lambda self: self.env.user,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    note = fields.Text()
    _check_dates = models.Constraint(
        "CHECK(date_review >= date_from)",
        "The last day of a pause cannot be before its first day.",
    )
    # What holds on a day is read with every plan: only what did not expire.
    _until_idx = models.Index("(company_id, (GREATEST(date_review, date_announced)))")
    _unannounced_idx = models.Index(
        "(company_id, date_review) WHERE date_end IS NULL AND date_announced IS NULL"
    )

    # === COMPUTE METHODS === #

    def _compute_is_debtor_wide(self):
        """Decided once: when an item disappears, its hold must not spread.

        An invoice that is reset to draft and changed gets new items.
        """
        for hold in self:
            hold.is_debtor_wide = not hold.move_line_ids

    @api.depends("move_line_ids")
    def _compute_move_ids(self):
        # At once: else each assignment reads its invoices, to check the access.
        self.move_line_ids.move_id.fetch(["company_id"])
        for hold in self:
            hold.move_ids = hold.move_line_ids.move_id

    @api.depends("kind", "date_from")
    def _compute_date_review(self):
        for hold in self:
            start = hold.date_from or hold.company_id._get_dunning_today()
            hold.date_review = start + timedelta(days=get_review_days(hold.kind))

    @api.depends("kind", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = f"{hold._get_kind_name()} – {hold.partner_id.name}"

    # === CONSTRAINT METHODS === #

    @api.constrains("move_line_ids", "partner_id")
    def _check_items(self):
        for hold in self:
            if hold.move_line_ids.partner_id - hold.partner_id:
                raise ValidationError(
                    self.env._("A pause can only cover items of one debtor.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        holds._log({hold: hold._get_announcement() for hold in holds})
        return holds

    def write(self, vals):
        if "date_review" in vals:
            # Somebody decided anew: at the new date he is asked again.
            vals = {"date_announced": False, **vals}
            self.activity_unlink(["mail.mail_activity_data_todo"])
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A pause is kept, to show why nothing was sent. End it instead.")
        )

    # === ACTION METHODS === #

    def action_end(self):
        """Ask for the reason and end the pause."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("End dispute")
            if set(self.mapped("kind")) == {"dispute"}
            else self.env._("End pause"),
            "res_model": "dunning.hold.end",
            "view_mode": "form",
            "target": "new",
            "context": {"default_hold_ids": self.ids},
        }

    def action_open(self):
        """Open this pause."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    @api.model
    def _hold_items(self, items, values):
        """Put items on hold: one hold for each debtor and company.

        :param items: open receivable items (`account.move.line`)
        :param dict values: `kind` and what else is known: `date_from`, `date_review`,
            `user_id`, `note`
        :rtype: recordset of `dunning.hold`
        """
        groups = items.grouped(lambda line: (line.company_id, line.partner_id))
        return self.create(
            [
                {
                    **values,
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "move_line_ids": lines.ids,
                }
                for (company, partner), lines in groups.items()
            ]
        )

    @api.model
    def _hold_debtors(self, partners, company, values):
        """Put all that debtors owe to a company on hold, now and later.

        :param partners: the debtors (`res.partner`), or contacts of theirs
        :param company: the `res.company`
        :param dict values: as for `_hold_items`
        :rtype: recordset of `dunning.hold`
        """
        return self.create(
            [
                {**values, "company_id": company.id, "partner_id": partner.id}
                for partner in partners.commercial_partner_id
            ]
        )

    def _end(self, reason):
        """End holds as of today: what they covered is planned again at once.

        :param str reason: why, in words; told in the chatter
        """
        running = self.filtered(lambda hold: hold.state != "ended")
        for company, holds in running.grouped("company_id").items():
            holds.write(
                {"date_end": company._get_dunning_today(), "end_reason": reason}
            )
        running.activity_unlink(["mail.mail_activity_data_todo"])
        body = self.env._("Pause of dunning ended: %s", reason)
        running._log(dict.fromkeys(running, body))

    def _get_kind_name(self):
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env)).get(
            self.kind
        )

    def _get_reason(self):
        """Return why nothing is sent: the kind and what was noted, in a line."""
        self.ensure_one()
        note = " ".join((self.note or "").split())
        return f"{self._get_kind_name()} ({note})" if note else self._get_kind_name()

    def _get_announcement(self):
        """Return what the chatter says when dunning is paused, now or from a day on."""
        self.ensure_one()
        values = {
            "first": format_date(self.env, self.date_from),
            "day": format_date(self.env, self.date_review),
            "reason": self._get_reason(),
        }
        if self.date_from > self.company_id._get_dunning_today():
            return self.env._(
                "Dunning paused from %(first)s up to and including %(day)s: %(reason)s",
                **values,
            )
        return self.env._(
            "Dunning paused up to and including %(day)s: %(reason)s", **values
        )
