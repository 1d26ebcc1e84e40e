from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ..tools.protection import PROTECTIONS


class DunningProtection(models.Model):
    """A debtor who is protected by law: since when, and who represents him.

    A fact about a person, so it counts for every company. It is ended, never deleted.
    """

    _name = "dunning.protection"
    _inherit = ["mail.thread"]
    _description = "Protected debtor"
    _order = "date desc, id desc"
    _mail_post_access = "read"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
    )
    kind = fields.Selection(
        selection=[
            ("bankruptcy", "Bankruptcy"),
            ("moratorium", "Suspension of payments"),
            ("debt_restructuring", "Statutory debt restructuring"),
            ("debt_counselling", "Debt counselling"),
            ("cooling_off", "Cooling-off period"),
            ("administration", "Protective administration"),
            ("guardianship", "Guardianship"),
            ("deceased", "Deceased"),
        ],
        string="Status",
        required=True,
        tracking=True,
    )
    date = fields.Date(
        string="Since",
        required=True,
        default=lambda self: self.env.company._get_dunning_today(),
        tracking=True,
        help="Day of the ruling, of the notification or of death.",
    )
    date_end = fields.Date(
        string="Up to and including",
        tracking=True,
        help="Last day of the cooling-off period, as the court set it.",
    )
    reference = fields.Char(
        string="Court and number",
        help="Such as the number in the insolvency register.",
        tracking=True,
    )
    representative_id = fields.Many2one(
        comodel_name="res.partner",
        string="Represented by",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Trustee, administrator, guardian, debt counsellor, executor or heirs. "
        "Letters go to this address and no longer to the customer.",
    )
    note = fields.Text()
    ended_on = fields.Date(readonly=True, tracking=True)
    end_reason = fields.Char(string="Why it ended", readonly=True, tracking=True)
    is_active = fields.Boolean(string="In force", compute="_compute_is_active")

    # One status at a time; also what the selection of open items looks up.
    _active_uniq = models.UniqueIndex(
        "(partner_id) WHERE ended_on IS NULL",
        "This customer already has a protected status. End that one first.",
    )
    _check_dates = models.Constraint(
        "CHECK(date_end >= date AND ended_on >= date)",
        "A protected status cannot end before it began.",
    )

    # === COMPUTE METHODS === #

    @api.depends("kind", "partner_id")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for protection in self:
            protection.display_name = ": ".join(
                filter(None, (protection.partner_id.name, labels.get(protection.kind)))
            )

    @api.depends("ended_on", "date_end")
    def _compute_is_active(self):
        today = self.env.company._get_dunning_today()
        for protection in self:
            protection.is_active = not protection.ended_on and (
                not protection.date_end or protection.date_end >= today
            )

    # === CONSTRAINT METHODS === #

    @api.constrains("date", "ended_on")
    def _check_date(self):
        today = self.env.company._get_dunning_today()
        for protection in self:
            if protection.ended_on and protection.ended_on > today:
                raise ValidationError(
                    self.env._(
                        "A protected status cannot be ended beforehand (%s): letters "
                        "would go out at once. End it on that day.",
                        format_date(self.env, protection.ended_on),
                    )
                )
            if protection.date > today:
                raise ValidationError(
                    self.env._(
                        "A protected status cannot begin in the future (%s). Enter the "
                        "day of the ruling.",
                        format_date(self.env, protection.date),
                    )
                )

    @api.constrains("kind", "date_end", "representative_id", "partner_id")
    def _check_complete(self):
        for protection in self:
            effect = protection._get_effect()
            if effect.has_end and not protection.date_end:
                raise ValidationError(
                    self.env._(
                        "A cooling-off period ends on a day that the court sets. Enter "
                        "that day."
                    )
                )
            if effect.needs_representative and not protection.representative_id:
                raise ValidationError(
                    self.env._(
                        "Enter who represents %s: letters may only go to that address.",
                        protection.partner_id.display_name,
                    )
                )
            if protection.representative_id == protection.partner_id:
                raise ValidationError(
                    self.env._("Customers do not represent themselves.")
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        partners = self.env["res.partner"].browse(
            vals["partner_id"] for vals in vals_list if vals.get("partner_id")
        )
        for vals in vals_list:
            if vals.get("partner_id"):
                partner = self.env["res.partner"].browse(vals["partner_id"])
                vals["partner_id"] = partner.commercial_partner_id.id
            if kind := vals.get("kind"):
                vals["date_end"] = PROTECTIONS[kind].has_end and vals.get("date_end")
        self._get_open(partners.commercial_partner_id)._end(
            self.env.company._get_dunning_today(),
            self.env._("Followed by another status"),
        )
        protections = super().create(vals_list)
        protections._take_effect()
        return protections

    def write(self, vals):
        if {"kind", "partner_id"} & vals.keys():
            raise UserError(
                self.env._(
                    "What a status was stays on record. End it and record another one."
                )
            )
        result = super().write(vals)
        if {"date", "date_end", "representative_id"} & vals.keys():
            self.filtered("is_active")._withdraw_letters()
        return result

    # === ACTION METHODS === #

    def action_end(self):
        """Ask when and why the status ended."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("End protected status"),
            "res_model": "dunning.protection.end",
            "view_mode": "form",
            "target": "new",
            "context": {"default_protection_id": self.id},
        }

    # === BUSINESS METHODS === #

    @api.model
    def _get_open(self, partners):
        """Return the statuses of some customers that were not ended.

        :param partners: commercial partners (`res.partner`)
        :rtype: recordset of `dunning.protection`
        """
        return self.search(
            [("partner_id", "in", partners.ids), ("ended_on", "=", False)]
        )

    def _get_in_force(self):
        """Return the one of these statuses that is in force today, if any."""
        return self.filtered("is_active")[:1]

    def _get_effect(self):
        """Return what the status does.

        :rtype: Protection
        """
        self.ensure_one()
        return PROTECTIONS[self.kind]

    def _end(self, day, reason):
        """End these statuses: from now on dunning goes on as it did before.

        :param date day: the day on which they ended
        :param str reason: why
        """
        if not self:
            return
        self.write({"ended_on": day, "end_reason": reason})
        self.flush_recordset(["ended_on"])  # another one may take its place at once
        self._withdraw_letters()
        for protection in self:
            protection.partner_id._message_log(
                body=self.env._(
                    "%(status)s ended on %(day)s: %(reason)s",
                    status=protection._get_kind_label(),
                    day=format_date(self.env, day),
                    reason=reason,
                )
            )
