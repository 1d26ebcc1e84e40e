import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.actions import open_form
from ..timeline.res_partner import Event

_logger = logging.getLogger(__name__)

#: Days until somebody looks at a hold again, by kind; of other kinds 14.
REVIEW_DAYS = {
    "dispute": 30,
    "promise": 7,
    "arrangement_offered": 14,
    "internal": 7,
    "courtesy": 14,
}


def get_review_days(kind):
    """Return after how many days a hold of some kind is looked at again."""
    return REVIEW_DAYS.get(kind, 14)


class DunningHold(models.Model):
    """A pause: for a reason and until a date, some items or a debtor are not dunned.

    A hold works from `date_from` up to and including `date_review`, unless it was
    ended before; nothing has to happen for it to expire. Whether it is in force on a
    day is worked out and stored nowhere: see `_get_active_domain` and, for the plan,
    `account.move.line._dunning_sql_holds`.

    To put something on hold, call :meth:`_hold_items` or :meth:`_hold_debtors`, or
    create one with a debtor and a kind. Creating, ending and expiry are told in the
    chatter of debtor and invoices. Kinds are added with `selection_add`, and for each
    of them the days until review in `REVIEW_DAYS`.
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
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("active", "In force"),
            ("expired", "Expired"),
            ("ended", "Ended"),
        ],
        compute="_compute_state",
        search="_search_state",
    )

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

    @api.depends("date_from", "date_review", "date_announced", "date_end")
    def _compute_state(self):
        for hold in self:
            today = hold.company_id._get_dunning_today()
            if hold.date_end and hold.date_end <= today:
                hold.state = "ended"
            elif hold._get_last_day() < today:
                hold.state = "expired"
            else:
                hold.state = "planned" if hold.date_from > today else "active"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        day = self.env.company._get_dunning_today()
        ended = Domain("date_end", "<=", day)
        running = Domain("date_end", "=", False) | Domain("date_end", ">", day)
        running &= self._get_unexpired_domain(day)
        domains = {
            "planned": running & Domain("date_from", ">", day),
            "active": self._get_active_domain(day),
            "expired": ~self._get_unexpired_domain(day) & ~ended,
            "ended": ended,
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    # === CONSTRAINT METHODS === #

    @api.constrains("move_line_ids", "partner_id")
    def _check_items(self):
        for hold in self:
            if hold.move_line_ids.partner_id.commercial_partner_id - hold.partner_id:
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
        return open_form(self)

    # === BUSINESS METHODS === #

    @api.model
    def _hold_items(self, items, values):
        """Put items on hold: one hold for each debtor and company.

        :param items: open receivable items (`account.move.line`)
        :param dict values: `kind` and what else is known: `date_from`, `date_review`,
            `user_id`, `note`
        :rtype: recordset of `dunning.hold`
        """
        groups = items.grouped(
            lambda line: (line.company_id, line.partner_id.commercial_partner_id)
        )
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

    # --- Whether a pause is in force: worked out for a day, stored nowhere.

    @api.model
    def _get_unexpired_domain(self, day):
        """Return the domain of what did not expire before a day, ended or not.

        Who was told late, because the job did not run, has the whole day to act.

        :rtype: Domain
        """
        return Domain("date_review", ">=", day) | Domain("date_announced", ">=", day)

    @api.model
    def _get_active_domain(self, day):
        """Return the domain of the holds that are in force on a day.

        :rtype: Domain
        """
        ended_later = Domain("date_end", "=", False) | Domain("date_end", ">", day)
        return (
            Domain("date_from", "<=", day)
            & ended_later
            & self._get_unexpired_domain(day)
        )

    def _get_last_day(self):
        """Return the last day of the hold, when it is not ended before."""
        self.ensure_one()
        return max(filter(None, (self.date_review, self.date_announced)))

    # --- What others see of a hold: the chatter, and the question when it is over.

    @api.model
    def _announce_expiry(self, company):
        """Ask the owners of the holds that end today what to do next, once.

        What was paid meanwhile needs no answer, nor does what is not dunned because the
        law protects the debtor. An owner who cannot be asked does not stop the others.

        :param company: the `res.company`
        :return: the holds that are over
        :rtype: recordset of `dunning.hold`
        """
        today = company._get_dunning_today()
        over = self.search(
            [
                ("company_id", "=", company.id),
                ("date_end", "=", False),
                ("date_announced", "=", False),
                ("date_review", "<=", today),
            ]
        )
        if not over:
            return over
        over.date_announced = today
        items = over._get_items_to_dun(today)
        asking = over.filtered(lambda hold: items[hold])
        for hold in asking:
            hold._ask_owner(today)
        body = self.env._(
            "The pause of dunning is over after %s.", format_date(self.env, today)
        )
        asking._log(dict.fromkeys(asking, body), items)
        return over

    def _ask_owner(self, today):
        """Ask the owner what to do next; a failure is logged, for the other owners."""
        try:
            with self.env.cr.savepoint():
                self._schedule_review(today)
        except psycopg2.OperationalError:
            raise  # two workers met: the whole job is tried again
        except Exception:
            _logger.exception("Nobody was asked about the end of pause %s", self.id)

    def _schedule_review(self, today):
        """Ask the owner what to do next."""
        self.ensure_one()
        user = self._get_worker()
        Lang = self.with_context(lang=user.lang or self.env.lang)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=today,
            summary=Lang.env._("Pause of dunning is over"),
            note=Lang.env._(
                "From tomorrow %(debtor)s is dunned again. If that must not be, choose "
                "a later date. The pause was for: %(reason)s",
                debtor=Lang.partner_id.name,
                reason=Lang._get_reason(),
            ),
            user_id=user.id,
        )

    def _get_worker(self):
        """Return who looks after the hold; a job or a customer cannot.

        :rtype: recordset of `res.users`
        """
        self.ensure_one()
        return self.company_id._get_dunning_worker(self.user_id)

    def _get_items_to_dun(self, today):
        """Return what is dunned of each hold when it is over: not protected debts.

        :rtype: dict[dunning.hold, account.move.line]
        """
        items = self._get_open_items()
        steps = self.env["account.move.line"].union(*items.values())
        steps = steps._get_dunning_steps(today)
        protected = {
            line_id for line_id, step in steps.items() if step.obstacle == "protected"
        }
        return {
            hold: lines.filtered(lambda line: line.id not in protected)
            for hold, lines in items.items()
        }

    def _get_open_items(self):
        """Return what is open of what each hold covers: one search.

        :rtype: dict[dunning.hold, account.move.line]
        """
        MoveLine = self.env["account.move.line"]
        wide = self.filtered("is_debtor_wide")
        owed = MoveLine.search(
            MoveLine._get_dunning_open_domain()
            & Domain("company_id", "in", wide.company_id.ids)
            & Domain("partner_id.commercial_partner_id", "in", wide.partner_id.ids)
        ).grouped(lambda line: (line.company_id, line.partner_id.commercial_partner_id))
        return {
            hold: owed.get((hold.company_id, hold.partner_id), MoveLine)
            if hold.is_debtor_wide
            else hold.move_line_ids.filtered(lambda line: not line.reconciled)
            for hold in self
        }

    def _log(self, bodies, items=None):
        """Tell in the chatter of debtors and invoices what happened to holds.

        :param dict bodies: the text by hold
        :param dict items: the open items by hold, when they are known
        """
        items = items or self._get_open_items()
        moves, partners = self.env["account.move"], self.env["res.partner"]
        texts = {}
        for hold in self:
            own = hold.move_ids | items[hold].move_id
            moves |= own
            partners |= hold.partner_id
            for record in (hold.partner_id, *own):
                texts.setdefault(record, []).append(bodies[hold])
        for records in (moves, partners):
            records._message_log_batch(
                bodies={record.id: "\n".join(texts[record]) for record in records}
            )

    # --- The time line of the debtor.

    def _get_events(self):
        """Return what the time line tells of this pause: that it began, and ended.

        :rtype: list[Event]
        """
        self.ensure_one()
        numbers = ", ".join(filter(None, self.move_ids.mapped("name")))
        begun = Event(
            day=self.date_from,
            kind="hold",
            title=self._get_kind_name(),
            detail=" · ".join(filter(None, (numbers, self.note))),
            model=self._name,
            record_id=self.id,
        )
        if not self.date_end:
            return [begun]
        title = self.env._("%s ended", begun.title)
        return [
            begun,
            begun._replace(day=self.date_end, title=title, detail=self.end_reason),
        ]
