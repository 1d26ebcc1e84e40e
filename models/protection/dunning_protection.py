from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate, format_date

from ...law.protection import PROTECTIONS
from ...tools.actions import open_dialog

#: Letters that can still be called back.
WITHDRAWN_STATES = ("queued", "pending", "failed")


_lt = LazyTranslate(__name__)


#: What a status means for dunning, and what to do.
ADVICE = {
    "bankruptcy": _lt(
        "No letters go out, and no interest runs from that day. File the claim with "
        "the trustee."
    ),
    "moratorium": _lt(
        "No letters go out about invoices from before that day: file those with the "
        "administrator. Later ones are dunned as usual."
    ),
    "debt_restructuring": _lt(
        "No letters go out, and no interest runs from that day. File the claim with "
        "the administrator."
    ),
    "debt_counselling": _lt(
        "No letters go out, and interest and costs rest from that day. Tell the debt "
        "counsellor what is owed."
    ),
    "cooling_off": _lt("No letters go out until that period is over."),
    "administration": _lt("Letters go to the administrator. Do not call the customer."),
    "guardianship": _lt("Letters go to the guardian. Do not call the customer."),
    "deceased": _lt(
        "No letters go out by themselves. Write to the heirs or the executor, with "
        "consideration."
    ),
}


#: Who represents the debtor.
ROLES = {
    "bankruptcy": _lt("Trustee"),
    "moratorium": _lt("Appointed administrator"),
    "debt_restructuring": _lt("Appointed administrator"),
    "debt_counselling": _lt("Debt counsellor"),
    "cooling_off": _lt("Contact"),
    "administration": _lt("Appointed administrator"),
    "guardianship": _lt("Guardian"),
    "deceased": _lt("Executor or heirs"),
}


#: The capacity in which somebody gets letters about the debtor.
CAPACITIES = {
    "bankruptcy": _lt("trustee in the bankruptcy of %(debtor)s"),
    "moratorium": _lt("administrator of %(debtor)s"),
    "debt_restructuring": _lt("administrator of %(debtor)s"),
    "debt_counselling": _lt("debt counsellor of %(debtor)s"),
    "cooling_off": _lt("contact for %(debtor)s"),
    "administration": _lt("administrator of %(debtor)s"),
    "guardianship": _lt("guardian of %(debtor)s"),
    "deceased": _lt("for the heirs of %(debtor)s"),
}


#: Where the text of a letter says it in more words than the window of the envelope has
#: room for.
FULL_CAPACITIES = {
    "administration": _lt("administrator of the property of %(debtor)s"),
    "deceased": _lt("executor or heir in the estate of %(debtor)s"),
}


class DunningProtection(models.Model):
    """A debtor who is protected by law: since when, and who represents him.

    A fact about a person, so it counts for every company. It is ended, never deleted.
    """

    _name = "dunning.protection"
    _inherit = ["dunning.watched.mixin", "mail.thread"]
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
    date_announced = fields.Date(
        string="Announced on",
        readonly=True,
        copy=False,
        help="Day on which it was told that letters go out again.",
    )
    summary = fields.Char(compute="_compute_summary")
    role = fields.Char(compute="_compute_role")

    # One status at a time; also what the selection of open items looks up.
    _active_uniq = models.UniqueIndex(
        "(partner_id) WHERE ended_on IS NULL",
        "This customer already has a protected status. End that one first.",
    )
    _check_dates = models.Constraint(
        "CHECK(date_end >= date AND ended_on >= date)",
        "A protected status cannot end before it began.",
    )
    _unannounced_idx = models.Index(
        "(date_end) WHERE ended_on IS NULL AND date_announced IS NULL"
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

    @api.depends(
        "kind", "date", "date_end", "reference", "representative_id.name", "ended_on"
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for protection in self:
            parts = []
            if protection.kind and protection.date:
                parts = [
                    protection._get_headline(),
                    self.env._(ADVICE[protection.kind]),
                ]
                if protection.representative_id:
                    parts.append(
                        self.env._(
                            "%(role)s: %(name)s",
                            role=protection.role,
                            name=protection.representative_id.display_name,
                        )
                    )
            protection.summary = " ".join(parts)

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_role(self):
        for protection in self:
            protection.role = protection.kind and self.env._(ROLES[protection.kind])

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
        if "date_end" in vals:
            # The court lengthened it: its new end is told as well.
            vals = {"date_announced": False, **vals}
        result = super().write(vals)
        if {"date", "date_end", "representative_id"} & vals.keys():
            self.filtered("is_active")._withdraw_letters()
        return result

    # === ACTION METHODS === #

    def action_end(self):
        """Ask when and why the status ended."""
        self.ensure_one()
        return open_dialog(
            "dunning.protection.end",
            self.env._("End protected status"),
            default_protection_id=self.id,
        )

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

    def _is_represented(self):
        """Whether letters go to the representative."""
        self.ensure_one()
        return bool(self._get_effect().represented and self.representative_id)

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

    # --- A status that ends on a day known beforehand: somebody is told, once.

    @api.model
    def _announce_expiry(self, company):
        """Tell all creditors of statuses of which today is the last day, once.

        :param company: the `res.company` whose today it is
        :return: the statuses that are over
        :rtype: recordset of `dunning.protection`
        """
        today = company._get_dunning_today()
        over = self.search(
            [
                ("ended_on", "=", False),
                ("date_announced", "=", False),
                ("date_end", "<=", today),
            ]
        )
        over.date_announced = today
        for protection in over:
            protection._schedule_expiry(today)
        return over

    def _schedule_expiry(self, today):
        """Put an activity on the customer for those who dun him again."""
        self.ensure_one()
        for user in self._get_creditors()._get_dunning_responsibles():
            protection = self.with_context(lang=user.lang or self.env.lang)
            protection.partner_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=today,
                summary=protection.env._("%s is over", protection._get_kind_label()),
                note=protection.env._(
                    "After %(day)s letters to %(debtor)s go out again. When the court "
                    "lengthened it, enter the new day; when another status followed, "
                    "record that one.",
                    day=format_date(protection.env, protection.date_end),
                    debtor=protection.partner_id.name,
                ),
                user_id=user.id,
            )

    # --- What happens at once to the letters of a debtor whose status changes.

    def _take_effect(self):
        """Stop what is under way and tell whoever has to act, in all companies."""
        for protection in self:
            count = protection._withdraw_letters()
            parts = [protection.summary]
            if count:
                parts.append(self.env._("Letters withdrawn: %s.", count))
            protection.partner_id._message_log(body=" ".join(parts))
            protection._schedule_work()

    def _withdraw_letters(self):
        """Call back all letters to these debtors that have not left yet.

        Proposals disappear; letters in the queue, with the mail server or on the pile
        for the post are cancelled with the reason. What has left stays as it is.

        :return: how many letters did not go out
        :rtype: int
        """
        count = 0
        for protection in self:
            # sudo: the status counts for all companies, also those of colleagues
            notices = (
                self.env["dunning.notice"]
                .sudo()
                .search(
                    [
                        ("partner_id", "=", protection.partner_id.id),
                        ("state", "in", ("draft", *WITHDRAWN_STATES)),
                    ]
                )
            )
            count += len(notices)
            drafts = notices.filtered(lambda notice: notice.state == "draft")
            (notices - drafts)._cancel(protection._get_headline())
            drafts.unlink()
            protection._cancel_deliveries()
        return count

    def _cancel_deliveries(self):
        """Stop what still waits of letters that left by another channel."""
        self.ensure_one()
        deliveries = (
            self.env["dunning.delivery"]
            .sudo()  # of all companies
            .search(
                [
                    ("notice_id.partner_id", "=", self.partner_id.id),
                    ("notice_id.state", "=", "sent"),
                    ("state", "=", "pending"),
                ]
            )
        )
        deliveries._cancel()

    def _schedule_work(self):
        """Put an activity on the customer for those who file the claim."""
        self.ensure_one()
        if not self._get_effect().filing:
            return
        for user in self._get_creditors()._get_dunning_responsibles():
            protection = self.with_context(lang=user.lang or self.env.lang)
            protection.partner_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=protection._get_work(),
                note=protection.summary,
                user_id=user.id,
            )

    def _get_creditors(self):
        """Return the companies that this debtor owes something.

        :rtype: recordset of `res.company`
        """
        self.ensure_one()
        MoveLine = self.env["account.move.line"].sudo()  # of all companies
        groups = MoveLine._read_group(
            [
                *MoveLine._get_dunning_open_domain(),
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
            ],
            ["company_id"],
        )
        # sudo: colleagues there are told as well
        return self.env["res.company"].sudo().union(*(company for [company] in groups))

    def _exclude_items(self):
        """Exclude what these debtors still owe from dunning.

        Only in the companies of the user: whether a debt is lost is for its creditor.
        """
        MoveLine = self.env["account.move.line"]
        items = MoveLine.search(
            [
                *MoveLine._get_dunning_open_domain(),
                ("partner_id.commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        items.no_followup = True

    # --- What is said about a protected debtor.

    def _get_kind_label(self):
        self.ensure_one()
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    def _get_headline(self):
        """Say what the status is, and since when."""
        self.ensure_one()
        parts = {
            "status": self._get_kind_label(),
            "since": format_date(self.env, self.date, date_format="d MMMM y"),
        }
        if self.date_end:
            end = format_date(self.env, self.date_end, date_format="d MMMM y")
            return self.env._(
                "%(status)s from %(since)s up to and including %(end)s.",
                end=end,
                **parts,
            )
        if self.reference:
            return self.env._(
                "%(status)s since %(since)s (%(reference)s).",
                reference=self.reference,
                **parts,
            )
        return self.env._("%(status)s since %(since)s.", **parts)

    def _get_capacity(self):
        """Say in which capacity the representative gets a letter."""
        self.ensure_one()
        capacity = self.env._(CAPACITIES[self.kind])
        return capacity % {"debtor": self.partner_id.name}

    def _get_full_capacity(self):
        """Say the same in the text of the letter; nothing without a status."""
        if not self:
            return ""
        if self.kind not in FULL_CAPACITIES:
            return self._get_capacity()
        capacity = self.env._(FULL_CAPACITIES[self.kind])
        return capacity % {"debtor": self.partner_id.name}

    def _get_work(self):
        """Say what somebody has to do."""
        self.ensure_one()
        if self.kind == "deceased":
            return self.env._("Write to the heirs of the customer")
        return self.env._("File the claim on the customer")
