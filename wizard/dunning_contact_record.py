from odoo import api, fields, models
from odoo.fields import Domain

from ..models.contact.dunning_contact import FAILED_OUTCOMES

#: How many letters and contacts the form shows.
HISTORY = 4


class DunningContactRecord(models.TransientModel):
    """All one needs to call a debtor, and the outcome of the call."""

    _name = "dunning.contact.record"
    _description = "Record a contact about open items"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Debtor", required=True
    )
    move_id = fields.Many2one(comodel_name="account.move", string="Invoice")
    is_call_list = fields.Boolean(help="The next debtor of the list opens afterwards.")
    can_edit_partner = fields.Boolean(compute="_compute_can_edit_partner")

    # What one needs to know.
    person_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        compute="_compute_person_id",
        store=True,
        readonly=False,
        domain="['|', ('id', '=', partner_id), ('parent_id', '=', partner_id)]",
    )
    phone = fields.Char(compute="_compute_phone", store=True, readonly=False)
    email = fields.Char(compute="_compute_phone", store=True, readonly=False)
    letter_contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Letters go to",
        compute="_compute_letter_contact_id",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', partner_id), ('id', '!=', partner_id)]",
    )
    move_line_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Items",
        compute="_compute_move_line_ids",
        store=True,
        readonly=False,
    )
    amount_open = fields.Monetary(string="Open", compute="_compute_amount_open")
    notice_ids = fields.Many2many(
        comodel_name="dunning.notice", string="Letters", compute="_compute_history"
    )
    contact_ids = fields.Many2many(
        comodel_name="dunning.contact",
        string="Earlier contacts",
        compute="_compute_history",
    )
    protection_text = fields.Char(related="partner_id.dunning_protection_text")
    wish = fields.Text(compute="_compute_wish", help="Note of the planned call.")

    # The outcome.
    type = fields.Selection(
        selection=lambda self: self._selection_of("type"),
        required=True,
        default="call",
    )
    direction = fields.Selection(
        selection=lambda self: self._selection_of("direction"),
        required=True,
        default="out",
    )
    outcome = fields.Selection(selection="_selection_outcome")
    reason_id = fields.Many2one(comodel_name="dunning.reason")
    note = fields.Text()
    next_date = fields.Date(
        string="Call again on",
        compute="_compute_next_date",
        store=True,
        readonly=False,
    )
    is_last_attempt = fields.Boolean(compute="_compute_is_last_attempt")
    send_copy = fields.Boolean(string="Send a copy of the invoices now")

    # === SELECTION METHODS === #

    @api.model
    def _selection_of(self, name):
        return (
            self.env["dunning.contact"]._fields[name]._description_selection(self.env)
        )

    @api.model
    def _selection_outcome(self):
        """A contact that took place has another outcome than being planned."""
        return [row for row in self._selection_of("outcome") if row[0] != "planned"]

    # === COMPUTE METHODS === #

    @api.depends("person_id")
    def _compute_can_edit_partner(self):
        self.can_edit_partner = self.env["res.partner"].has_access("write")

    @api.depends("partner_id")
    def _compute_person_id(self):
        for wizard in self:
            partner = wizard.partner_id
            wizard.person_id = partner and partner._get_dunning_person()

    @api.depends("person_id", "partner_id")
    def _compute_phone(self):
        for wizard in self:
            wizard.phone = wizard.person_id._get_dunning_phone(wizard.partner_id)
            wizard.email = wizard.person_id.email or wizard.partner_id.email

    @api.depends("partner_id")
    def _compute_letter_contact_id(self):
        for wizard in self:
            wizard.letter_contact_id = wizard.partner_id.dunning_contact_id

    @api.depends("partner_id", "company_id", "move_id")
    def _compute_move_line_ids(self):
        """The items of the call, else of the invoice, else whatever is overdue."""
        for wizard in self:
            wizard.move_line_ids = wizard._get_call_items() or wizard._get_open_items()

    @api.depends("move_line_ids")
    def _compute_amount_open(self):
        for wizard in self:
            wizard.amount_open = sum(wizard.move_line_ids.mapped("amount_residual"))

    @api.depends("partner_id", "company_id")
    def _compute_history(self):
        for wizard in self:
            domain = wizard._get_debtor_domain()
            wizard.notice_ids = self.env["dunning.notice"].search(
                domain & Domain("state", "=", "sent"), limit=HISTORY
            )
            wizard.contact_ids = self.env["dunning.contact"].search(
                domain & Domain("outcome", "!=", "planned"), limit=HISTORY
            )

    @api.depends("partner_id", "company_id")
    def _compute_wish(self):
        for wizard in self:
            wizard.wish = wizard._get_planned().note

    @api.depends("outcome", "type")
    def _compute_next_date(self):
        """As the contact itself would have it."""
        for wizard in self:
            values = {
                "company_id": wizard.company_id.id,
                "partner_id": wizard.partner_id.id,
                "outcome": wizard.outcome,
            }
            wizard.next_date = self.env["dunning.contact"].new(values).next_date

    @api.depends("outcome", "next_date")
    def _compute_is_last_attempt(self):
        for wizard in self:
            wizard.is_last_attempt = (
                wizard.outcome in FAILED_OUTCOMES and not wizard.next_date
            )

    # === BUSINESS METHODS === #

    def _follow_up(self, contact):
        """Return the action by which what was agreed is worked out further.

        To be extended: a promise, a dispute, an arrangement.

        :param contact: the `dunning.contact` that was recorded
        :rtype: dict or bool
        """
        return False

    def _get_debtor_domain(self):
        self.ensure_one()
        return Domain(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )

    def _get_planned(self):
        """Return the planned call whose outcome this is, if there is one.

        That is a call to this debtor of which the day has come, whoever planned it, or
        one that the user planned for himself and makes earlier. What a colleague wants
        to speak about later stays planned.

        :rtype: recordset of `dunning.contact`
        """
        self.ensure_one()
        due = Domain("next_date", "<=", self.company_id._get_dunning_today())
        return self.env["dunning.contact"].search(
            self._get_debtor_domain()
            & Domain("outcome", "=", "planned")
            & (due | Domain("user_id", "=", self.env.uid)),
            order="next_date, id",
            limit=1,
        )

    def _get_call_items(self):
        """Return the items for which the debtor is on the list of calls."""
        self.ensure_one()
        if not self.is_call_list:
            return self.env["account.move.line"]
        calls = self.env["dunning.contact"]._plan_calls(
            self.company_id, self.partner_id
        )
        return self.env["account.move.line"].browse(
            item.line_id for call in calls for item in call.items
        )

    def _get_open_items(self):
        """Return the open items of the invoice, else the overdue ones of the debtor."""
        self.ensure_one()
        today = self.company_id._get_dunning_today()
        items = self.env["account.move.line"].search(
            self._get_debtor_domain()
            & Domain(self.env["account.move.line"]._get_dunning_open_domain()),
            order="date_maturity, id",
        )
        if self.move_id:
            return items & self.move_id.line_ids
        return items.filtered(lambda i: (i.date_maturity or i.date) < today) or items
