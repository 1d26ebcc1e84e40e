from odoo import api, fields, models
from odoo.tools import format_date

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
        domain="[('partner_id', '=', partner_id), ('reconciled', '=', False), "
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
