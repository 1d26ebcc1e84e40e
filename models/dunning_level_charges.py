from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .dunning_level import TEXT_FIELDS


class DunningLevel(models.Model):
    """What a letter charges, and the limits that the law sets to a ladder."""

    _inherit = "dunning.level"

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

    # === CONSTRAINT METHODS === #

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

    # === BUSINESS METHODS === #

    def _claims_costs(self):
        """Whether the letter asks for collection costs."""
        self.ensure_one()
        return self.charges in ("claim", "charge")

    def _claims_besides(self):
        """Whether the letter claims or announces anything besides the invoices."""
        self.ensure_one()
        return self.with_interest or self._claims_costs() or self.kind == "fourteen_day"
