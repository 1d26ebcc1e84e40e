from odoo import api, fields, models
from odoo.exceptions import UserError

from ..law.notice_term import add_working_days

#: Working days that a debtor is given to keep his promise, unless somebody says other.
PROMISE_DAYS = 5


class DunningContactRecord(models.TransientModel):
    """What was agreed with the debtor: a promise, or that he disputes the items."""

    _inherit = "dunning.contact.record"

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

    # === BUSINESS METHODS === #

    def _follow_up(self, contact):
        # EXTENDS 'l10n_nl_dunning'
        if self.outcome == "reached" and self.agreement == "promise":
            self._promise()
        elif self.outcome == "reached" and self.agreement == "dispute":
            return self._dispute()
        return super()._follow_up(contact)

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
