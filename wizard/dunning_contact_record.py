from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..law.notice_term import add_working_days
from ..models.contact.dunning_contact import FAILED_OUTCOMES

#: How many letters and contacts the form shows.
HISTORY = 4


#: Working days that a debtor is given to keep his promise, unless somebody says other.
PROMISE_DAYS = 5


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
    agreement = fields.Selection(
        selection=[("promise", "Promise to pay"), ("dispute", "Dispute")],
        string="Agreed",
    )
    promise_currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_promise_currency_id"
    )
    promise_amount = fields.Monetary(
        string="Pays",
        currency_field="promise_currency_id",
        compute="_compute_promise_amount",
        store=True,
        readonly=False,
    )
    promise_date = fields.Date(
        string="Pays by",
        compute="_compute_promise_date",
        store=True,
        readonly=False,
    )
    promise_is_exception = fields.Boolean(string="One-time exception")
    promise_warning = fields.Char(compute="_compute_promise_warning")
    promise_is_confirmed = fields.Boolean(string="Accept the promise all the same")

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

    @api.depends("move_line_ids")
    def _compute_promise_currency_id(self):
        for wizard in self:
            currency = wizard.move_line_ids.currency_id[:1]
            wizard.promise_currency_id = currency or wizard.currency_id

    @api.depends("move_line_ids")
    def _compute_promise_amount(self):
        for wizard in self:
            wizard.promise_amount = wizard._get_promisable()

    @api.depends("company_id")
    def _compute_promise_date(self):
        for wizard in self:
            today = wizard.company_id._get_dunning_today()
            wizard.promise_date = add_working_days(today, PROMISE_DAYS)

    @api.depends("agreement", "move_line_ids")
    def _compute_promise_warning(self):
        Hold = self.env["dunning.hold"]
        for wizard in self:
            wizard.promise_warning = (
                wizard.agreement == "promise"
                and Hold._get_promise_warning(wizard.move_line_ids._origin)
            )

    # === ACTION METHODS === #

    def action_arrange(self):
        """Record the contact and draw up an arrangement."""
        self.ensure_one()
        items = self.move_line_ids
        return self._record() or self.env["payment.arrangement.wizard"]._open_for(items)

    def action_save(self):
        """Record the outcome and close."""
        self.ensure_one()
        return self._record() or {"type": "ir.actions.act_window_close"}

    def action_save_next(self):
        """Record the outcome and open the next debtor of the list."""
        self.ensure_one()
        following = self._get_following()
        action = self._record()
        if not action:
            return following._open_or_finish()
        context = {"dunning_following_call": following.ids, **action["context"]}
        return {**action, "context": context}

    def action_skip(self):
        """Leave this debtor on the list and open the next one."""
        self.ensure_one()
        return self._get_following()._open_or_finish()

    # === BUSINESS METHODS === #

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
            Domain("company_id", "=", self.company_id.id)
            & Domain("partner_id.commercial_partner_id", "=", self.partner_id.id)
            & Domain(self.env["account.move.line"]._get_dunning_open_domain()),
            order="date_maturity, id",
        )
        if self.move_id:
            return items & self.move_id.line_ids
        return items.filtered(lambda i: (i.date_maturity or i.date) < today) or items

    # --- What was agreed with the debtor: a promise, or that he disputes the items.

    def _follow_up(self, contact):
        """Return the action by which what was agreed is worked out further.

        To be extended where more can be agreed on.

        :param contact: the `dunning.contact` that was recorded
        :rtype: dict or bool
        """
        if self.outcome == "reached" and self.agreement == "promise":
            self._promise()
        elif self.outcome == "reached" and self.agreement == "dispute":
            return self._dispute()
        return False

    def _get_promisable(self):
        """Return what is open of the items, in their currency."""
        self.ensure_one()
        return sum(self.move_line_ids.mapped("amount_residual_currency"))

    def _promise(self):
        """Record the promise.

        :raise UserError: when it makes no sense, or needs a second look
        """
        self._check_promise()
        self.env["dunning.hold"]._promise(
            self.move_line_ids,
            {
                "date_from": self.company_id._get_dunning_today(),
                "promise_amount": self.promise_amount,
                "promise_date": self.promise_date,
                "promise_is_exception": self.promise_is_exception,
                "user_id": self.env.uid,
                "note": self.note,
            },
        )

    def _check_promise(self):
        """Check that the promise makes sense, and was looked at twice where needed.

        :raise UserError: saying what to do
        """
        self._check_promised_items()
        self._check_promised_amount()
        today = self.company_id._get_dunning_today()
        if not self.promise_date or self.promise_date < today:
            raise UserError(self.env._("Enter by when the debtor promised to pay."))
        if self.promise_warning and not self.promise_is_confirmed:
            raise UserError(
                self.env._(
                    "%s Tick that you accept the promise all the same, or agree on "
                    "something else.",
                    self.promise_warning,
                )
            )

    def _check_promised_items(self):
        """Check that the items are in one currency, and that they may be asked for.

        :raise UserError: saying what to do
        """
        if len(self.move_line_ids.currency_id) != 1:
            raise UserError(
                self.env._(
                    "Leave items of one currency in the list: a promise to pay is "
                    "about one amount."
                )
            )
        if "protected" in self.move_line_ids.mapped("dunning_obstacle"):
            raise UserError(
                self.env._(
                    "The law protects %(debtor)s: no payment may be asked for. "
                    "%(status)s",
                    debtor=self.partner_id.display_name,
                    status=self.protection_text,
                )
            )

    def _check_promised_amount(self):
        """Check that something is promised, and no more than is open.

        :raise UserError: saying what to do
        """
        currency = self.promise_currency_id
        if (
            currency.compare_amounts(self.promise_amount, 0) <= 0
            or currency.compare_amounts(self.promise_amount, self._get_promisable()) > 0
        ):
            raise UserError(
                self.env._(
                    "Enter what the debtor promised to pay: more than nothing, and no "
                    "more than is open."
                )
            )

    def _dispute(self):
        """Return the form that asks what is disputed."""
        action = self.move_line_ids.action_dunning_pause()
        action["name"] = self.env._("Dispute")
        action["context"] = {
            **action["context"],
            "default_kind": "dispute",
            "default_note": self.note,
        }
        return action

    # --- What happens with the outcome of a contact.

    def _get_following(self):
        """Return the next call of the list.

        :rtype: recordset of `dunning.call`
        """
        Call = self.env["dunning.call"]
        number = Call._make_id(self.company_id, self.partner_id.id)
        return Call.browse(number)._get_next()

    def _record(self):
        """Record the contact and do at once what was agreed.

        :return: an action when the user has to enter more, else False
        :rtype: dict or bool
        """
        self._check_outcome()
        self._save_contact_details()
        contact = self._save_contact()
        if self.send_copy:
            self._send_copies()
        return self._follow_up(contact)

    def _check_outcome(self):
        if not self.outcome:
            raise UserError(self.env._("Choose the outcome: was the debtor reached?"))

    def _save_contact(self):
        """Record the contact, or the outcome of the call that was planned.

        :rtype: recordset of `dunning.contact`
        """
        values = self._prepare_contact()
        if planned := self._get_planned():
            planned.write(values)
            planned._log()
            planned._escalate()
            return planned
        return self.env["dunning.contact"].create(values)

    def _prepare_contact(self):
        """Return the values of the contact.

        :rtype: dict
        """
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "person_id": self.person_id.id,
            "move_line_ids": [Command.set(self.move_line_ids.ids)],
            "type": self.type,
            "direction": self.direction,
            "date": fields.Datetime.now(),
            "user_id": self.env.uid,
            "outcome": self.outcome,
            "reason_id": self.reason_id.id,
            "note": self.note,
            "next_date": self.next_date,
        }

    def _save_contact_details(self):
        """Write what the user changed of telephone, e-mail and contact for letters."""
        person = self.person_id or self.partner_id
        for name in ("phone", "email"):
            known = person[name] or self.partner_id[name]
            if (self[name] or False) != (known or False):
                person[name] = self[name]
        if self.letter_contact_id != self.partner_id.dunning_contact_id:
            self.partner_id.dunning_contact_id = self.letter_contact_id

    def _send_copies(self):
        """Have the invoices sent again, by the way in which the customer gets them."""
        moves = self.move_line_ids.move_id.filtered(lambda move: move.is_invoice())
        if not moves:
            raise UserError(self.env._("There is no invoice to send a copy of."))
        if not (self.email or self.partner_id.email):
            raise UserError(
                self.env._(
                    "Enter the e-mail address of %s to send the copy to.",
                    self.partner_id.display_name,
                )
            )
        self.env["account.move.send"]._check_move_constraints(moves)
        # As the wizard of core that sends several invoices: its job does the rest.
        moves.sending_data = {
            "author_user_id": self.env.uid,
            "author_partner_id": self.env.user.partner_id.id,
        }
        # sudo: clerks start the job, but may not read scheduled actions
        self.env.ref("account.ir_cron_account_move_send").sudo()._trigger()

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
