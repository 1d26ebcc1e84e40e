from itertools import pairwise

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from .engine import Ladder
from .level_kinds import BY_CODE, KIND_RANK

#: What screens about open items show of a level, or decide by.
SHOWN_FIELDS = ("policy_id", "sequence", "name", "kind", "charges", "with_interest")


class DunningPolicy(models.Model):
    """An ordered ladder of levels and the debtors and invoices it is meant for.

    Which policy an item follows: the one set on the invoice, else the one set on
    the debtor, else the first by sequence whose debtor kind and amounts fit.
    """

    _name = "dunning.policy"
    _inherit = ["dunning.cached.mixin"]
    _description = "Dunning policy"
    _order = "sequence, id"
    _check_company_auto = True

    _check_company_domain = models.check_company_domain_parent_of
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Leave empty to share the policy between all companies.",
    )
    company_currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_company_currency_id"
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
    )
    amount_from = fields.Monetary(
        string="Invoices from",
        currency_field="company_currency_id",
        help="The policy fits invoices with at least this total, in company currency.",
    )
    amount_to = fields.Monetary(
        string="Invoices up to",
        currency_field="company_currency_id",
        help="The policy fits invoices with at most this total, in company currency. "
        "Leave at zero for no upper limit.",
    )
    minimum_amount = fields.Monetary(
        string="Minimum claim",
        currency_field="company_currency_id",
        help="No letter goes out for less than this, after credit notes and "
        "unallocated payments.",
    )
    dutch_law_abroad = fields.Boolean(
        string="Dutch law for consumers abroad",
        help="Consumers who live outside the Netherlands keep the protection of their "
        "own law (article 6 Rome I): they get friendly letters alone, without costs "
        "and without a fourteen-day notice. Switch on where Dutch law applies to them.",
    )
    dutch_law_abroad_reason = fields.Char(
        string="Why it applies",
        help="The law that applies and why, for example a choice of law that leaves "
        "the consumer no less protection.",
    )
    level_ids = fields.One2many(
        comodel_name="dunning.level",
        inverse_name="policy_id",
        string="Levels",
        copy=True,
    )

    _check_amounts = models.Constraint(
        "CHECK(amount_from >= 0 AND amount_to >= 0 AND minimum_amount >= 0)",
        "Amounts of a dunning policy cannot be negative.",
    )
    _check_dutch_law_abroad = models.Constraint(
        "CHECK(dutch_law_abroad IS NOT TRUE OR dutch_law_abroad_reason IS NOT NULL)",
        "Say why Dutch law applies to consumers abroad: enter the law and the reason.",
    )
    _check_amount_range = models.Constraint(
        "CHECK(amount_to = 0 OR amount_to >= amount_from)",
        "The upper limit of a dunning policy must not be lower than the lower limit.",
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_company_currency_id(self):
        for policy in self:
            company = policy.company_id or self.env.company
            policy.company_currency_id = company.currency_id

    # === CONSTRAINT METHODS === #

    @api.constrains("debtor_kind", "level_ids", "company_id")
    def _check_level_order(self):
        """A ladder climbs: no friendly letter after a formal one."""
        for policy in self:
            for kind in ("business", "consumer"):
                policy._check_level_order_for(kind)
            policy.level_ids._check_costs_of_consumers()
        self._check_default_first()
        self._check_handover_last()

    def _check_level_order_for(self, debtor_kind):
        for lower, higher in pairwise(self._get_levels(debtor_kind)):
            climbs = KIND_RANK[higher.kind] > KIND_RANK[lower.kind]
            repeats = higher.kind == lower.kind and BY_CODE[higher.kind].is_repeatable
            if not climbs and not repeats:
                raise ValidationError(
                    self.env._(
                        "The ladder %(policy)s is out of order: %(higher)s cannot come "
                        "after %(lower)s. Put the levels in the order reminder, "
                        "demand, default notice, fourteen-day notice, final demand, "
                        "handover; a formal letter goes out once.",
                        policy=self.display_name,
                        higher=higher.display_name,
                        lower=lower.display_name,
                    )
                )

    def _check_default_first(self):
        """A consumer is in default before he gets a fourteen-day notice.

        He is by a written demand whose term has passed, or by a term that was agreed
        with him: articles 6:81 to 6:83 and 6:96(6) BW.
        """
        for policy in self.filtered(lambda policy: policy.debtor_kind != "business"):
            kinds = policy._get_levels("consumer").mapped("kind")
            if "fourteen_day" not in kinds:
                continue
            before = kinds[: kinds.index("fourteen_day")]
            if any(BY_CODE[kind].puts_in_default for kind in before):
                continue
            if not policy._has_agreed("dunning_fatal_term"):
                raise ValidationError(
                    self.env._(
                        "The ladder %(policy)s sends consumers a fourteen-day notice "
                        "before they are in default, so that they would not owe the "
                        "costs that it announces (articles 6:82 and 6:96(6) BW). Put a "
                        "demand for payment before it, or say in the settings that the "
                        "payment term was agreed with consumers.",
                        policy=policy.display_name,
                    )
                )

    def _check_handover_last(self):
        """Before a file goes to an agency, the debtor had the letter the law asks for.

        A consumer owes collection costs after a fourteen-day notice alone, and a
        business is in default by a notice of default, or by a term that was agreed.
        """
        for policy in self:
            kinds = policy._get_kinds_before_handover("consumer")
            if kinds is not None and "fourteen_day" not in kinds:
                raise ValidationError(
                    self.env._(
                        "The ladder %(policy)s hands consumers over without a "
                        "fourteen-day notice, so that no collection costs would be due "
                        "(article 6:96(6) BW). Put one before the handover, or let "
                        "the level be for businesses only.",
                        policy=policy.display_name,
                    )
                )
            kinds = policy._get_kinds_before_handover("business")
            if (
                kinds is not None
                and not {"default_notice", "final_demand"}.intersection(kinds)
                and not policy._has_agreed("dunning_trade_term")
            ):
                raise ValidationError(
                    self.env._(
                        "The ladder %(policy)s hands businesses over that are not in "
                        "default (article 6:82 BW). Put a default notice or a final "
                        "demand before the handover, or say in the settings that the "
                        "payment term was agreed with businesses.",
                        policy=policy.display_name,
                    )
                )

    def _get_kinds_before_handover(self, debtor_kind):
        """Return the kinds of letter before a handover; None when there is none.

        :param str debtor_kind: `business` or `consumer`
        :rtype: list[str] or None
        """
        self.ensure_one()
        if self.debtor_kind not in ("any", debtor_kind):
            return None
        kinds = self._get_levels(debtor_kind).mapped("kind")
        return kinds[: kinds.index("handover")] if "handover" in kinds else None

    def _has_agreed(self, name):
        """Whether all companies of this policy agreed a payment term.

        :param str name: the setting that says so
        """
        self.ensure_one()
        # sudo: a shared policy counts for companies that the user cannot see
        Company = self.env["res.company"].sudo()
        among = [("id", "=", self.company_id.id)] if self.company_id else []
        return not Company.search([*among, (name, "=", False)], limit=1)

    # === CRUD METHODS === #

    def copy_data(self, default=None):
        return [
            {**vals, "name": self.env._("%s (copy)", policy.name)}
            for policy, vals in zip(self, super().copy_data(default), strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.with_context(active_test=False).level_ids._unlink_except_used()

    # === BUSINESS METHODS === #

    def _get_levels(self, debtor_kind):
        """Return the active levels that apply to a kind of debtor, lowest first.

        :param str debtor_kind: `business` or `consumer`
        :rtype: recordset of `dunning.level`
        """
        self.ensure_one()
        return self.level_ids.filtered(
            lambda level: level.active and level.debtor_kind in ("any", debtor_kind)
        ).sorted(lambda level: (level.sequence, level.id))

    @api.model
    @ormcache("company.id")
    def _get_ladders(self, company):
        """Snapshot the policies a company may use, as the pure plan sees them.

        :param company: the `res.company` whose items are planned
        :return: ladders in the order in which they are tried
        :rtype: tuple[Ladder, ...]
        """
        # sudo: the plan is the same for who may not read the configuration
        model = self.sudo().with_context(active_test=True)
        policies = model.search_fetch(model._check_company_domain(company))
        rungs = policies._get_rungs()
        return tuple(
            Ladder(
                policy_id=policy.id,
                debtor_kind=policy.debtor_kind,
                amount_from=policy.amount_from,
                amount_to=policy.amount_to,
                minimum=policy.minimum_amount,
                rungs=rungs[policy],
                dutch_law_abroad=policy.dutch_law_abroad,
            )
            for policy in policies
        )

    def _get_rungs(self):
        """Return the levels of these policies in their order, for `_get_ladders`.

        :rtype: dict[dunning.policy, tuple]
        """
        levels = (
            self.env["dunning.level"]
            .search_fetch([("policy_id", "in", self.ids)], order="sequence, id")
            .grouped("policy_id")
        )
        return {
            policy: tuple(level._to_rung() for level in levels.get(policy, ()))
            for policy in self
        }

    @api.model
    def _read_shown_levels(self, company):
        """Read at once what screens show of the levels of all ladders of a company.

        :param company: the `res.company` whose items are shown
        """
        ladders = self._get_ladders(company)
        level_ids = [rung.level_id for ladder in ladders for rung in ladder.rungs]
        self.env["dunning.level"].browse(level_ids).fetch(SHOWN_FIELDS)
