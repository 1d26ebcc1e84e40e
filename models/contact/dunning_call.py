from odoo import api, fields, models
from odoo.tools import SQL

from .engine import CALL_KINDS

#: Ids are made of company and debtor, so that they stay what they are all day.
ID_FACTOR = 2**32


class DunningCall(models.Model):
    """A debtor to be called today: worked out anew whenever somebody looks."""

    _name = "dunning.call"
    _description = "Call to make"
    _order = "amount desc, id"
    _auto = False
    _rec_name = "partner_id"

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Debtor", readonly=True
    )
    kind = fields.Selection(selection=CALL_KINDS, string="Why", readonly=True)
    date = fields.Date(string="Since", readonly=True)
    amount = fields.Monetary(string="Open", readonly=True)
    item_count = fields.Integer(string="Items", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="max")
    person_id = fields.Many2one(
        comodel_name="res.partner", string="Contact", compute="_compute_person_id"
    )
    phone = fields.Char(compute="_compute_person_id")
    notice_id = fields.Many2one(
        comodel_name="dunning.notice",
        string="Last letter",
        compute="_compute_notice_id",
    )
    notice_date = fields.Date(string="Sent on", compute="_compute_notice_id")
    level_id = fields.Many2one(
        comodel_name="dunning.level", compute="_compute_notice_id"
    )
    contact_id = fields.Many2one(
        comodel_name="dunning.contact",
        string="Last contact",
        compute="_compute_contact_id",
    )
    reason_id = fields.Many2one(
        comodel_name="dunning.reason", compute="_compute_contact_id"
    )
    note = fields.Text(compute="_compute_contact_id")

    # === COMPUTE METHODS === #

    @api.depends("partner_id")
    def _compute_person_id(self):
        for call in self:
            call.person_id = call.partner_id._get_dunning_person()
            call.phone = call.person_id._get_dunning_phone(call.partner_id)

    @api.depends("partner_id", "company_id")
    def _compute_notice_id(self):
        letters = (
            self.env["dunning.notice"]
            .search_fetch(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", "sent"),
                ],
                ["partner_id", "company_id", "date", "level_id"],
            )
            .grouped(lambda notice: (notice.partner_id, notice.company_id))
        )
        nothing = self.env["dunning.notice"]
        for call in self:
            notice = letters.get((call.partner_id, call.company_id), nothing)[:1]
            call.notice_id = notice
            call.notice_date = notice.date
            call.level_id = notice.level_id

    @api.depends("partner_id", "company_id")
    def _compute_contact_id(self):
        contacts = (
            self.env["dunning.contact"]
            .search(
                [
                    ("partner_id", "in", self.partner_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ]
            )
            .grouped(lambda contact: (contact.partner_id, contact.company_id))
        )
        nothing = self.env["dunning.contact"]
        for call in self:
            found = contacts.get((call.partner_id, call.company_id), nothing)
            planned = found.filtered(lambda contact: contact.outcome == "planned")
            call.contact_id = (found - planned)[:1]
            call.reason_id = call.contact_id.reason_id
            call.note = planned[:1].note or call.contact_id.note

    # === CRUD METHODS === #

    @api.model
    def web_search_read(
        self, domain, specification, offset=0, limit=None, order=None, count_limit=None
    ):
        """Work the list out once, for the page and for its count: it is short."""
        # EXTENDS 'web'
        calls = self.search_fetch(domain, specification.keys(), order=order)
        page = calls[offset : offset + limit] if limit else calls[offset:]
        return {
            "length": len(calls),
            "records": page.with_prefetch(page.ids).web_read(specification),
        }

    # === ACTION METHODS === #

    def _open_or_finish(self):
        """Open the form for this debtor, or tell that nobody is left."""
        if self:
            return self.action_record()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("That was the last one of the list."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_record(self):
        """Open the form to call this debtor and to record the outcome."""
        self.ensure_one()
        company_id, partner_id = divmod(self.id, ID_FACTOR)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_contact_record_action"
        )
        action["context"] = {
            "default_company_id": company_id,
            "default_partner_id": partner_id,
            "default_is_call_list": True,
            "dialog_size": "extra-large",
        }
        return action

    # === BUSINESS METHODS === #

    @property
    def _table_query(self):
        rows = self._select_rows()
        columns = SQL(
            "id, company_id, partner_id, kind, date, amount, item_count, days_late"
        )
        if not rows:
            return SQL(
                "SELECT %s FROM (VALUES (0::bigint, 0, 0, '', NULL::date, 0.0, 0, 0))"
                " AS call (%s) WHERE FALSE",
                columns,
                columns,
            )
        values = SQL(", ").join(
            SQL("(%s::bigint, %s, %s, %s, %s::date, %s::numeric, %s, %s)", *row)
            for row in rows
        )
        return SQL("SELECT %s FROM (VALUES %s) AS call (%s)", columns, values, columns)

    @api.model
    def _make_id(self, company, partner_id):
        return company.id * ID_FACTOR + partner_id

    @api.model
    def _select_rows(self):
        """Return the rows of the list for the companies of the user.

        :rtype: list[tuple]
        """
        return [
            (
                self._make_id(company, call.partner_id),
                company.id,
                call.partner_id,
                call.kind,
                call.day,
                company.currency_id.round(call.amount),
                len(call.items),
                max((company._get_dunning_today() - call.due).days, 0),
            )
            for company in self.env.companies
            for call in self.env["dunning.contact"]._plan_calls(company)
        ]

    def _get_next(self):
        """Return the call after this one in the list, empty at its end.

        :rtype: recordset of `dunning.call`
        """
        self.ensure_one()
        # Each company has a list of its own, which nobody makes very long.
        queue = self.search([("company_id", "in", self.env.companies.ids)]).ids
        position = queue.index(self.id) + 1 if self.id in queue else 0
        return self.browse(queue[position : position + 1])
