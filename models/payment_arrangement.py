from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class PaymentArrangement(models.Model):
    """An agreement to pay open items in instalments.

    It lies over the items and never changes an entry. What people decide is stored:
    the offer, the signatures, that it lapsed or was cancelled. What follows from the
    ledger is derived, see `_get_progress`; that it was fulfilled is confirmed once.
    """

    _name = "payment.arrangement"
    _inherit = [
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "payment.arrangement.terms",
    ]
    _description = "Payment arrangement"
    _order = "date desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
        index="trigram",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    protection_text = fields.Char(related="partner_id.dunning_protection_text")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("offered", "Offered"),
            ("active", "Running"),
            ("fulfilled", "Fulfilled"),
            ("broken", "Lapsed"),
            ("expired", "Offer expired"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    date = fields.Date(
        string="Claim of", readonly=True, help="The day of the claim that it covers."
    )
    responsible_id = fields.Many2one(
        comodel_name="res.users",
        default=lambda self: self.env.user,
        help="Signs for the company and is told what needs attention.",
    )
    item_ids = fields.One2many(
        comodel_name="payment.arrangement.item",
        inverse_name="arrangement_id",
        string="Items",
        readonly=True,
    )
    line_ids = fields.One2many(
        comodel_name="payment.arrangement.line",
        inverse_name="arrangement_id",
        string="Instalments",
    )
    amount_principal = fields.Monetary(
        string="Open on the items", compute="_compute_amounts", store=True
    )
    amount_interest = fields.Monetary(
        string="Interest", compute="_compute_amounts", store=True
    )
    amount_costs = fields.Monetary(
        string="Collection costs", compute="_compute_amounts", store=True
    )
    amount_running = fields.Monetary(
        string="Interest in advance",
        readonly=True,
        help="Worked out in advance, as if each instalment is paid on its day.",
    )
    amount_total = fields.Monetary(
        string="To be paid in total", compute="_compute_amounts", store=True
    )
    replaces_id = fields.Many2one(
        comodel_name="payment.arrangement",
        string="In the place of",
        readonly=True,
        copy=False,
        check_company=True,
        index="btree_not_null",
    )
    replaced_by_ids = fields.One2many(
        comodel_name="payment.arrangement",
        inverse_name="replaces_id",
        string="Replaced by",
        readonly=True,
    )
    broken_on = fields.Date(string="Lapsed on", readonly=True, copy=False)
    lapse_deadline = fields.Date(
        string="Pay all by",
        readonly=True,
        copy=False,
        help="Last day to pay of the letter that says that it lapsed. Dunning goes on "
        "from there, at the level where it stood.",
    )
    fulfilled_on = fields.Date(readonly=True, copy=False)
    end_reason = fields.Char(string="Reason", readonly=True, copy=False)

    _active_idx = models.Index("(company_id, partner_id) WHERE state = 'active'")

    # === COMPUTE METHODS === #

    @api.depends("item_ids", "amount_running", "currency_id")
    def _compute_amounts(self):
        for arrangement in self:
            items, currency = arrangement.item_ids, arrangement.currency_id
            arrangement.amount_principal = sum(items.mapped("principal"))
            arrangement.amount_interest = sum(items.mapped("interest"))
            arrangement.amount_costs = sum(items.mapped("costs"))
            arrangement.amount_total = currency.round(
                arrangement.amount_principal
                + arrangement.amount_interest
                + arrangement.amount_costs
                + arrangement.amount_running
            )

    def _compute_access_url(self):
        # EXTENDS 'portal'
        result = super()._compute_access_url()
        for arrangement in self:
            arrangement.access_url = f"/my/arrangements/{arrangement.id}"
        return result

    # === CONSTRAINT METHODS === #

    @api.constrains("line_ids", "state")
    def _check_sum(self):
        """The instalments are what has to be paid, to the cent."""
        for arrangement in self:
            difference = arrangement._get_difference()
            if difference:
                raise ValidationError(
                    arrangement.env._(
                        "The instalments of %(arrangement)s must add up to %(total)s. "
                        "Change one of them: %(difference)s is %(direction)s.",
                        arrangement=arrangement.display_name,
                        total=arrangement.currency_id.format(arrangement.amount_total),
                        difference=arrangement.currency_id.format(abs(difference)),
                        direction=arrangement.env._("missing")
                        if difference > 0
                        else arrangement.env._("too much"),
                    )
                )

    @api.constrains("interest_policy", "partner_id")
    def _check_consumer_interest(self):
        paying = self.filtered(lambda a: a.interest_policy != "none")
        consumers = paying.partner_id._get_dunning_consumers()
        for arrangement in paying:
            if arrangement.partner_id.id in consumers:
                raise ValidationError(
                    arrangement.env._(
                        "%s is a consumer and pays no interest for an arrangement. "
                        "Choose “No interest”.",
                        arrangement.partner_id.display_name,
                    )
                )

    def _get_difference(self):
        """Return what the instalments fall short of the total."""
        self.ensure_one()
        amounts = sum(self.line_ids.mapped("amount"))
        return self.currency_id.round(self.amount_total - amounts)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        Sequence = self.env["ir.sequence"]
        for vals in vals_list:
            vals["name"] = Sequence.next_by_code("payment.arrangement")
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            # Items are let go before another arrangement takes them.
            self.item_ids.flush_recordset(["is_live"])
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_offered(self):
        if self.filtered(lambda arrangement: arrangement.state != "draft"):
            raise UserError(
                self.env._(
                    "An arrangement that was offered is kept. Cancel it instead."
                )
            )

    # === BUSINESS METHODS === #

    def _lock(self):
        """Keep others out of these arrangements, and read what they did before.

        :raise UserError: when somebody is busy with one of them
        """
        self._lock_records(self)
        self.invalidate_recordset()

    @api.model
    def _lock_records(self, records):
        """Keep others out of some records.

        :raise UserError: when somebody is busy with one of them
        """
        if records.try_lock_for_update(allow_referencing=True) != records:
            raise UserError(
                self.env._(
                    "Somebody else is busy with this arrangement or what it is about. "
                    "Please try again in a minute."
                )
            )

    def _check_state(self, *states):
        """Check that the arrangements are where an action starts from.

        :raise UserError: when somebody else was first
        """
        for arrangement in self:
            if arrangement.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(arrangement)s is not what you saw any more, but: %(state)s. "
                        "Reload the page.",
                        arrangement=arrangement.name,
                        state=labels[arrangement.state],
                    )
                )

    # === ACTION METHODS === #

    def action_open(self):
        """Open this arrangement."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
