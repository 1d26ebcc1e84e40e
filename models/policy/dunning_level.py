from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date

from ...law.notice_term import add_working_days, is_working_day
from ...tools.placeholders import PLACEHOLDERS, PlaceholderError, check_placeholders
from .engine import Rung, first_day
from .level_kinds import BY_CODE, KIND_RANK, LEVEL_KINDS

TEXT_FIELDS = ("letter_subject", "letter_opening", "letter_closing", "email_text")


class DunningLevel(models.Model):
    """One rung of a ladder: which letter goes out, when, how and with what texts."""

    _name = "dunning.level"
    _inherit = ["dunning.cached.mixin", "dunning.channel.mixin"]
    _description = "Dunning level"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        comodel_name="dunning.policy", index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id")
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=LEVEL_KINDS,
        string="Letter",
        required=True,
        default="reminder",
        help="Decides which letter is printed and what it may say.",
    )
    debtor_kind = fields.Selection(
        selection=[
            ("any", "Any debtor"),
            ("business", "Businesses"),
            ("consumer", "Consumers"),
        ],
        string="For",
        default="any",
        required=True,
        help="A level for one kind of debtor is passed over for the other kind.",
    )
    delay = fields.Integer(
        string="Wait (working days)",
        default=3,
        help="Working days after the due date, or after the deadline given in the "
        "previous letter, before this letter goes out.",
    )
    term_days = fields.Integer(
        string="Term (days)",
        default=14,
        help="Days the debtor gets to pay, counted from the date of the letter. A "
        "deadline on a weekend or holiday moves to the next working day.",
    )
    by_email = fields.Boolean(default=True)
    post_fallback = fields.Boolean(
        string="By post without e-mail address",
        default=True,
        help="Send the letter by post to a debtor who has no e-mail address.",
    )
    channel_rule = fields.Selection(
        selection=[
            ("all", "By all of them"),
            ("first", "By the first that works"),
        ],
        string="Which channels",
        default="all",
        required=True,
        help="Of the channels of this level, for which the debtor has an address.",
    )
    is_automatic = fields.Boolean(
        string="Send without approval",
        help="Letters that the daily proposal makes for this level are sent without "
        "waiting for somebody to approve them.",
    )
    attach_invoices = fields.Boolean(
        string="Attach invoices",
        default=True,
        help="Add a copy of each invoice to the letter.",
    )
    responsible_id = fields.Many2one(
        comodel_name="res.users",
        help="Signs the letters and gets the failed deliveries of this level. Without "
        "one, the user who confirmed the round.",
    )
    letter_subject = fields.Char(string="Subject", translate=True)
    letter_opening = fields.Text(
        string="Opening",
        translate=True,
        help="Stands between the salutation and the table of invoices.",
    )
    letter_closing = fields.Text(
        string="Closing",
        translate=True,
        help="Stands between the payment details and the signature.",
    )
    email_text = fields.Text(
        string="E-mail text",
        translate=True,
        help="Text of the e-mail that carries the letter.",
    )
    placeholder_help = fields.Char(compute="_compute_placeholder_help")
    example = fields.Char(compute="_compute_example")
    charges = fields.Selection(
        selection=[
            ("none", "None"),
            ("announce", "Announce"),
            ("claim", "Claim"),
            ("charge", "Charge"),
        ],
        string="Collection costs",
        default="none",
        required=True,
        help="Announce: the letter says that costs will be due. Claim: the letter asks "
        "for them. Charge: it does, and they are posted on an invoice of their own, "
        "with the interest that the letter claims. A consumer owes costs only after a "
        "fourteen-day notice.",
    )
    with_interest = fields.Boolean(
        string="Claim interest",
        help="The letter asks for the interest up to its date and states the amount "
        "per day.",
    )
    suspend_delivery = fields.Boolean(
        string="Announce suspension",
        help="The letter says that deliveries and services stop when the deadline "
        "passes without payment in full (articles 6:52 and 6:262 BW).",
    )
    suspend_days = fields.Integer(
        string="Suspended after (working days)",
        default=1,
        help="Working days after the deadline of the letter; with 1, the first "
        "working day after it.",
    )

    _check_delay = models.Constraint(
        "CHECK(delay >= 0)",
        "The number of working days before a letter cannot be negative.",
    )
    _check_term_days = models.Constraint(
        "CHECK(term_days > 0)",
        "The debtor needs at least one day to pay: enter a term of one day or more.",
    )
    _check_suspend_days = models.Constraint(
        "CHECK(suspend_days > 0)",
        "Delivery can be suspended from the first working day after the deadline, not "
        "earlier: enter 1 or more.",
    )

    _check_letter = models.Constraint(
        "CHECK(kind = 'handover' "
        "OR letter_subject IS NOT NULL AND letter_opening IS NOT NULL)",
        "A letter needs a subject and an opening: enter both on the level.",
    )

    # === COMPUTE METHODS === #

    def _compute_display_name(self):
        for level in self:
            level.display_name = level.name or ""

    def _compute_placeholder_help(self):
        self.placeholder_help = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)

    @api.depends("delay", "term_days", "sequence", "policy_id.level_ids.sequence")
    def _compute_example(self):
        """Tell what delay and term mean, with today as the day to count from."""
        for level in self:
            is_valid = level.policy_id and level.delay >= 0 and level.term_days > 0
            level.example = is_valid and level._get_example()

    def _get_example(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        correction = self.env.company.dunning_correction_days
        day = first_day(today, correction, self.delay)
        values = {
            name: format_date(self.env, value, date_format="EEEE d MMMM")
            for name, value in [("day", day), ("deadline", self._get_deadline(day))]
            if value
        }
        if not BY_CODE[self.kind].is_letter:
            return self.env._(
                "Example: when the deadline of the letter before is today, the "
                "handover is proposed on %(day)s. No letter goes out; the debtor is "
                "told when the agency has accepted.",
                **values,
            )
        if self == self.policy_id.level_ids.sorted()[:1]:
            return self.env._(
                "Example: an invoice due today gets this letter on %(day)s, with "
                "%(deadline)s as the last day to pay.",
                **values,
            )
        return self.env._(
            "Example: when the deadline of the letter before is today, this letter "
            "goes out on %(day)s, with %(deadline)s as the last day to pay.",
            **values,
        )

    # === CONSTRAINT METHODS === #

    @api.constrains("sequence", "kind", "debtor_kind", "policy_id", "active")
    def _check_order(self):
        self.policy_id._check_level_order()

    @api.constrains(
        lambda self: ["kind", *(f"by_{c.code}" for c in self._list_channels())]
    )
    def _check_channel(self):
        for level in self:
            if BY_CODE[level.kind].is_letter and not level._get_channels():
                raise ValidationError(
                    self.env._(
                        "Level %s has no channel. Choose e-mail, post or registered "
                        "post.",
                        level.display_name,
                    )
                )

    @api.constrains(*TEXT_FIELDS)
    def _check_texts(self):
        """Check the placeholders of the texts in every language."""
        for lang, _name in self.env["res.lang"].get_installed():
            for level in self.with_context(lang=lang):
                level._check_texts_of_language()

    def _check_texts_of_language(self):
        for name in TEXT_FIELDS:
            try:
                check_placeholders(self[name])
            except PlaceholderError as error:
                raise ValidationError(
                    self.env._(
                        "%(field)s of level %(level)s cannot be used, because of "
                        "“%(part)s”. Write placeholders in braces and use only these: "
                        "%(known)s.",
                        field=self._fields[name]._description_string(self.env),
                        level=self.display_name,
                        part=error.part,
                        known=self.placeholder_help,
                    )
                ) from error

    @api.constrains("kind", "debtor_kind", "charges", "term_days", "policy_id")
    def _check_fourteen_day(self):
        """The fourteen-day notice of article 6:96(6) BW."""
        for level in self.filtered(lambda level: level.kind == "fourteen_day"):
            if level.policy_id.debtor_kind != "consumer" and (
                level.debtor_kind != "consumer"
            ):
                raise ValidationError(
                    self.env._(
                        "Level %s is a fourteen-day notice, which is for consumers "
                        "only. Set “For” to Consumers.",
                        level.display_name,
                    )
                )
            if level.term_days < 14:
                raise ValidationError(
                    self.env._(
                        "Level %s gives less than fourteen days. A fourteen-day notice "
                        "with a shorter term has no effect (article 6:96(6) BW).",
                        level.display_name,
                    )
                )
            if level.charges != "announce":
                raise ValidationError(
                    self.env._(
                        "Level %s must announce the collection costs and cannot claim "
                        "them yet (article 6:96(6) BW).",
                        level.display_name,
                    )
                )

    @api.constrains("kind", *TEXT_FIELDS)
    def _check_no_date_in_fourteen_day(self):
        """A date in the notice may be earlier than the true end of its term."""
        for lang, _name in self.env["res.lang"].get_installed():
            for level in self.with_context(lang=lang):
                if level.kind == "fourteen_day" and any(
                    "{deadline}" in (level[name] or "") for name in TEXT_FIELDS
                ):
                    raise ValidationError(
                        self.env._(
                            "The texts of %s cannot name {deadline}: the fourteen days "
                            "run from the day after delivery, and a date that is too "
                            "early takes away the effect of the notice.",
                            level.display_name,
                        )
                    )

    @api.constrains("kind", "debtor_kind", "charges", "sequence", "active", "policy_id")
    def _check_costs_of_consumers(self):
        """No costs for consumers without a fourteen-day notice before."""
        for policy in self.policy_id:
            if policy.debtor_kind != "business":
                policy._get_levels("consumer")._check_announced_before_charged()

    def _check_announced_before_charged(self):
        """Check levels, lowest first, as a consumer climbs them."""
        for level in self:
            if level.kind == "fourteen_day":
                return
            if level.charges != "none":
                raise ValidationError(
                    self.env._(
                        "Level %s would confront consumers with collection costs "
                        "before a fourteen-day notice (article 6:96(6) BW): they would "
                        "not be due, and the notice itself would lose its effect. "
                        "Put a level with the fourteen-day notice before it, or let "
                        "the level be for businesses only.",
                        level.display_name,
                    )
                )

    @api.constrains("kind", "suspend_delivery")
    def _check_suspension_has_date(self):
        for level in self:
            if level.suspend_delivery and not BY_CODE[level.kind].is_dated:
                raise ValidationError(
                    self.env._(
                        "Level %s cannot announce a suspension: its letter names no "
                        "last day to pay. Announce it in another letter.",
                        level.display_name,
                    )
                )

    # === CRUD METHODS === #

    def write(self, vals):
        """A level that moves to another policy is missed in its own."""
        left = self.policy_id if "policy_id" in vals else self.policy_id.browse()
        result = super().write(vals)
        left._check_level_order()
        return result

    def unlink(self):
        """Without a level the ladder must still be lawful."""
        policies = self.policy_id
        result = super().unlink()
        policies.exists()._check_level_order()
        return result

    def update_field_translations(self, field_name, translations, source_lang=""):
        """Check translations too: they bypass `write` and its constraints."""
        # EXTENDS 'base'
        result = super().update_field_translations(
            field_name, translations, source_lang=source_lang
        )
        if field_name in TEXT_FIELDS:
            self._check_texts()
        return result

    # === BUSINESS METHODS === #

    def _choose_channels(self, reachable):
        """Return by which channels a letter of this level goes out.

        :param reachable: what the debtor has: `email`, `post`, `phone`
        :rtype: list[Channel]
        """
        self.ensure_one()
        working = [c for c in self._get_chosen_channels() if c.needs in reachable]
        if self.channel_rule == "first":
            return working[:1] or self._fall_back(reachable)
        return working + self._fall_back(reachable)

    def _fall_back(self, reachable):
        """Return the post in the place of e-mail, where that is wanted and needed."""
        if not self.by_email or not self.post_fallback or self.by_post:
            return []
        if "email" in reachable or "post" not in reachable:
            return []
        return [c for c in self._list_channels() if c.code == "post"]

    def _needs_writing(self):
        """Whether the letter has its effect in law in writing alone."""
        kind = BY_CODE.get(self.kind)
        return bool(kind) and (kind.puts_in_default or kind.interrupts)

    def _to_rung(self):
        """Return this level as the pure plan sees it."""
        self.ensure_one()
        needs = [channel.needs for channel in self._get_chosen_channels()]
        if self.post_fallback:
            needs.append("post")
        return Rung(
            level_id=self.id,
            sequence=self.sequence,
            rank=KIND_RANK[self.kind],
            debtor_kind=self.debtor_kind,
            delay=self.delay,
            needs=tuple(dict.fromkeys(needs)),
            is_alone=BY_CODE[self.kind].is_alone,
            needs_dutch_law=BY_CODE[self.kind].needs_dutch_law,
            is_letter=BY_CODE[self.kind].is_letter,
        )

    def _get_deadline(self, today):
        """Return the last day to pay for a letter of a day.

        :param date today: the date of the letter
        :return: the end of the term, on a working day; False for a letter without term
        :rtype: date or bool
        """
        self.ensure_one()
        if self.kind == "limitation_notice" or not BY_CODE[self.kind].is_letter:
            return False
        deadline = today + timedelta(days=self.term_days)
        return deadline if is_working_day(deadline) else add_working_days(deadline, 1)

    def _get_rank(self):
        """Return a sort key: the higher, the stricter the letter."""
        self.ensure_one()
        return KIND_RANK[self.kind], self.sequence, self.id

    @api.model
    def _dunning_sql_rank(self, alias):
        """Return the height of the kind of a level as SQL, see `KIND_RANK`."""
        kinds = SQL(" ").join(
            SQL("WHEN %s THEN %s", kind, rank) for kind, rank in KIND_RANK.items()
        )
        return SQL("CASE %s %s END", SQL.identifier(alias, "kind"), kinds)

    # --- What a letter charges, and the limits that the law sets to a ladder.

    def _claims_costs(self):
        """Whether the letter asks for collection costs."""
        self.ensure_one()
        return self.charges in ("claim", "charge")

    def _claims_besides(self):
        """Whether the letter claims or announces anything besides the invoices."""
        self.ensure_one()
        return self.with_interest or self._claims_costs() or self.kind == "fourteen_day"

    # --- Whether the letter announces that delivery or service is suspended.

    def _get_suspension_day(self, deadline):
        """Return the day from which these levels suspend deliveries.

        :param date deadline: last day to pay of the letter
        :rtype: date or None
        """
        days = self.filtered("suspend_delivery").mapped("suspend_days")
        return add_working_days(deadline, max(days)) if days else None
