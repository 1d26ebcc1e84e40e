from collections import defaultdict
from itertools import takewhile

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from .engine import Trigger, plan_calls

#: Outcomes after which somebody has to try again.
FAILED_OUTCOMES = ("not_reached", "voicemail", "wrong_number")


class DunningContact(models.Model):
    """A contactmoment: a call, mail or visit about what a debtor owes.

    A contact that is only planned is a wish to speak to the debtor on a day; recording
    its outcome turns it into the contact itself.
    """

    _name = "dunning.contact"
    _description = "Contact about open items"
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    person_id = fields.Many2one(
        comodel_name="res.partner",
        string="Spoken to",
        index="btree_not_null",
        ondelete="set null",
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    move_line_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="dunning_contact_move_line_rel",
        column1="contact_id",
        column2="move_line_id",
        string="Items",
        check_company=True,
        domain="[('partner_id.commercial_partner_id', '=', partner_id), "
        "('reconciled', '=', False), "
        "('account_type', '=', 'asset_receivable'), ('parent_state', '=', 'posted')]",
    )
    type = fields.Selection(
        selection=[("call", "Phone call"), ("mail", "E-mail"), ("visit", "Visit")],
        required=True,
        default="call",
    )
    direction = fields.Selection(
        selection=[("out", "Outgoing"), ("in", "Incoming")],
        required=True,
        default="out",
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    outcome = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("reached", "Reached"),
            ("not_reached", "Not reached"),
            ("voicemail", "Voicemail"),
            ("wrong_number", "Wrong number"),
        ],
        required=True,
        default="reached",
    )
    reason_id = fields.Many2one(
        comodel_name="dunning.reason",
        index="btree_not_null",
        ondelete="restrict",
        help="Why the debtor has not paid, as he says himself.",
    )
    note = fields.Text()
    next_date = fields.Date(
        string="Call again on",
        compute="_compute_next_date",
        store=True,
        readonly=False,
        help="From this day the debtor stands on the list of calls, unless there was a "
        "contact in the meantime.",
    )

    _check_planned = models.Constraint(
        "CHECK(outcome != 'planned' OR next_date IS NOT NULL)",
        "Enter the day on which the debtor is to be called.",
    )
    _debtor_idx = models.Index("(partner_id, company_id, date DESC, id DESC)")
    _next_date_idx = models.Index("(company_id, next_date) WHERE next_date IS NOT NULL")

    # === COMPUTE METHODS === #

    @api.depends("type", "date", "outcome")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        kinds = dict(self._fields["type"]._description_selection(self.env))
        outcomes = dict(self._fields["outcome"]._description_selection(self.env))
        for contact in self:
            contact.display_name = self.env._(
                "%(type)s %(day)s: %(outcome)s",
                type=kinds.get(contact.type, ""),
                day=format_date(self.env, contact._get_day()),
                outcome=outcomes.get(contact.outcome, ""),
            )

    @api.depends("outcome", "date", "partner_id", "company_id")
    def _compute_next_date(self):
        """Whoever was not reached is called again, as often as the company wants."""
        failed = self.filtered(lambda c: c.outcome in FAILED_OUTCOMES and c.partner_id)
        attempts = failed._count_earlier_attempts()
        for contact in self:
            contact.next_date = contact in failed and (
                contact.company_id._get_dunning_retry_date(
                    contact._get_day(), attempts[contact] + 1
                )
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        contacts = super().create(vals_list)
        contacts._log()
        contacts._escalate()
        return contacts

    # === ACTION METHODS === #

    @api.model
    def action_record(self):
        """Open the form that records a contact with the debtor in the context."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_contact_record_action"
        )
        partner = self.env.context.get("default_partner_id")
        action["context"] = {
            "default_partner_id": partner,
            "default_move_id": self.env.context.get("default_move_id"),
            "dialog_size": "extra-large",
        }
        return action

    @api.model
    def action_plan(self):
        """Ask for the day on which the debtor in the context is to be called."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_contact_action_plan"
        )
        action["context"] = {
            "default_partner_id": self.env.context.get("default_partner_id"),
            "default_outcome": "planned",
        }
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _plan_calls(self, company, partners=None):
        """Return the debtors of a company to be called today.

        :param company: the `res.company`
        :param partners: debtors (`res.partner`), all of them without
        :rtype: list[Call]
        """
        today = company._get_dunning_today()
        triggers = self._select_call_triggers(company, today, partners)
        debtors = self.env["res.partner"].browse({row.partner_id for row in triggers})
        if not debtors:
            return []
        steps = self.env["account.move.line"]._plan_dunning(company, today, debtors)
        return plan_calls(triggers, steps, today)

    @api.model
    def _select_call_triggers(self, company, today, partners=None):
        """Select why debtors might have to be called: one statement.

        :rtype: list[Trigger]
        """
        self.env.flush_all()
        among = (
            SQL("IN %s", tuple(partners.ids or [0]))
            if partners is not None
            else SQL("IS NOT NULL")
        )
        rows = self.env.execute_query(
            SQL(
                "%s UNION ALL %s",
                self._call_sql_letters(company, today, among),
                self._call_sql_contacts(company, today, among),
            )
        )
        return [Trigger(*row) for row in rows]

    @api.model
    def _call_sql_letters(self, company, today, among):
        """Open items whose last letter asks for a call that was not made."""
        return SQL(
            """
            SELECT 'letter' AS kind, debtor.id AS partner_id, item.id AS line_id,
                   notice.date AS since, level.call_delay AS delay
              FROM dunning_level level
              JOIN dunning_notice_line line ON line.level_id = level.id
              JOIN dunning_notice notice ON notice.id = line.notice_id
              JOIN account_move_line item ON item.id = line.move_line_id
              JOIN res_partner partner ON partner.id = item.partner_id
              JOIN res_partner debtor ON debtor.id = partner.commercial_partner_id
              JOIN res_partner addressed
                ON addressed.id = notice.partner_id
               AND addressed.commercial_partner_id = debtor.id
             WHERE level.with_call
               AND line.state = 'sent'
               AND notice.company_id = %(company_id)s
               AND notice.date <= %(today)s - level.call_delay
               AND item.reconciled IS NOT TRUE
               AND debtor.id %(among)s
               AND %(is_last)s
               AND NOT EXISTS (
                   SELECT 1
                     FROM dunning_contact contact
                    WHERE contact.partner_id = debtor.id
                      AND contact.company_id = notice.company_id
                      AND contact.date >= notice.date
                   )
            """,
            company_id=company.id,
            today=today,
            among=among,
            is_last=self._call_sql_is_last(),
        )

    @api.model
    def _call_sql_is_last(self):
        """Whether the letter of `line` is the last one about its item."""
        return SQL(
            """
            NOT EXISTS (
                SELECT 1
                  FROM dunning_notice_line later
                 WHERE later.move_line_id = line.move_line_id
                   AND later.state = 'sent'
                   AND later.is_limitation IS NOT TRUE
                   AND (later.deadline, later.id) > (line.deadline, line.id)
            )
            """
        )

    @api.model
    def _call_sql_contacts(self, company, today, among):
        """Calls planned for today, and last contacts after which to call again."""
        return SQL(
            """
            SELECT CASE WHEN contact.outcome IN %(failed)s
                        THEN 'retry' ELSE 'planned' END,
                   contact.partner_id, rel.move_line_id, contact.next_date, 0
              FROM dunning_contact contact
         LEFT JOIN dunning_contact_move_line_rel rel ON rel.contact_id = contact.id
             WHERE contact.company_id = %(company_id)s
               AND contact.next_date <= %(today)s
               AND contact.partner_id %(among)s
               AND (contact.outcome = 'planned' OR NOT EXISTS (
                   SELECT 1
                     FROM dunning_contact later
                    WHERE later.partner_id = contact.partner_id
                      AND later.company_id = contact.company_id
                      AND (later.date, later.id) > (contact.date, contact.id)
                   ))
            """,
            failed=FAILED_OUTCOMES,
            company_id=company.id,
            today=today,
            among=among,
        )

    # --- What follows from a contact: a new attempt, a trace on debtor and invoices.

    def _get_day(self):
        """Return the day of the contact where the company is.

        :rtype: date
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        moment = fields.Datetime.context_timestamp(
            self.with_context(tz=company._get_dunning_tz()),
            self.date or fields.Datetime.now(),
        )
        return moment.date()

    def _get_earlier(self):
        """Return the contacts with the debtors of these, newest first: one statement.

        :return: by debtor and company, without those that are only planned
        :rtype: dict
        """
        contacts = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("outcome", "!=", "planned"),
            ]
        )
        return contacts.grouped(lambda c: (c.partner_id, c.company_id))

    def _count_earlier_attempts(self):
        """Count how often in a row nobody was reached before, since the last letter.

        :rtype: dict[dunning.contact, int]
        """
        if not self:
            return {}
        groups = self._get_earlier()
        letters = self._get_last_letters()
        counts = defaultdict(int)
        for contact in self:
            key = contact.partner_id._origin, contact.company_id._origin
            earlier = groups.get(key, self.browse()).filtered(
                lambda other, contact=contact, key=key: (
                    other != contact._origin
                    and other.date <= contact.date
                    and (not letters.get(key) or other._get_day() >= letters[key])
                )
            )
            failed = takewhile(lambda other: other.outcome in FAILED_OUTCOMES, earlier)
            counts[contact] = len(list(failed))
        return counts

    def _get_last_letters(self):
        """Return the date of the last letter to the debtors of these contacts.

        :rtype: dict
        """
        groups = self.env["dunning.notice"]._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "sent"),
            ],
            ["partner_id", "company_id"],
            ["date:max"],
        )
        return {(partner, company): day for partner, company, day in groups}

    def _log(self):
        """Leave a note on the debtors and on the invoices that were spoken about."""
        for contact in self:
            body = contact._get_log()
            contact.partner_id._message_log(body=body)
            moves = contact.move_line_ids.move_id
            if moves and contact.outcome != "planned":
                moves._message_log_batch(bodies=dict.fromkeys(moves.ids, body))

    def _get_log(self):
        """Return the note: what kind of contact, its outcome, and what was said."""
        self.ensure_one()
        what = self.display_name
        if self.outcome == "planned":
            what = self.env._("Call planned")
        parts = [what, self.reason_id.name]
        if self.next_date:
            day = format_date(self.env, self.next_date)
            parts.append(self.env._("call on %s", day))
        text = Markup("<p>%s</p>") % " · ".join(filter(None, parts))
        if self.note:
            text += Markup('<p style="white-space: pre-line">%s</p>') % self.note
        return text

    def _escalate(self):
        """Tell who called that no further attempt follows: somebody must decide.

        On the first invoice that it was about, else on the debtor.
        """
        for contact in self:
            if contact.outcome not in FAILED_OUTCOMES or contact.next_date:
                continue
            # sudo: who calls may not be allowed to change customers
            about = contact.move_line_ids.move_id[:1] or contact.partner_id.sudo()
            about.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._(
                    "%s was not reached by telephone",
                    contact.partner_id.display_name,
                ),
                note=self.env._(
                    "All attempts failed. Decide what to do next: another number, "
                    "a visit, or the next letter."
                ),
                user_id=contact.user_id.id,
            )
