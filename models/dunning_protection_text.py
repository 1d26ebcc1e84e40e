from odoo import api, fields, models
from odoo.tools import LazyTranslate, format_date

_lt = LazyTranslate(__name__)

#: What a status means for dunning, and what to do.
ADVICE = {
    "bankruptcy": _lt(
        "No letters go out, and no interest runs after that day. File the claim with "
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

#: Subject, opening and closing of the statement of claim.
STATEMENT_TEXTS = {
    "bankruptcy": (
        _lt("Filing of our claim in the bankruptcy of %(debtor)s"),
        _lt(
            "On %(day)s %(debtor)s was declared bankrupt. We hereby file our claim "
            "with you, specified below up to and including that day, and ask you to "
            "admit it."
        ),
        _lt(
            "Would you please confirm that you have received this statement, and keep "
            "us informed? We reserve all our rights."
        ),
    ),
    "moratorium": (
        _lt("Filing of our claim in the suspension of payments of %(debtor)s"),
        _lt(
            "On %(day)s suspension of payments was granted to %(debtor)s. We hereby "
            "file our claim with you, specified below up to and including that day."
        ),
        _lt(
            "Would you please confirm that you have received this statement, and keep "
            "us informed? We reserve all our rights."
        ),
    ),
    "debt_restructuring": (
        _lt("Filing of our claim in the statutory debt restructuring of %(debtor)s"),
        _lt(
            "On %(day)s the statutory debt restructuring scheme was declared "
            "applicable to %(debtor)s. We hereby file our claim with you, without "
            "interest from that day, and ask you to admit it."
        ),
        _lt(
            "Would you please confirm that you have received this statement, and keep "
            "us informed? We reserve all our rights."
        ),
    ),
    "debt_counselling": (
        _lt("Statement of our claim on %(debtor)s"),
        _lt(
            "We understand that you assist %(debtor)s in settling debts. Below we "
            "state what we are owed up to and including %(day)s. We wait with further "
            "steps and let interest and costs rest from that day."
        ),
        _lt("Would you please let us know when we may expect your proposal?"),
    ),
    "deceased": (
        _lt("Claim on the estate of %(debtor)s"),
        _lt(
            "Please accept our condolences on the death of %(debtor)s. We are sorry to "
            "have to trouble you with business matters. Invoices of ours are still "
            "open, and you find them below as they stand on %(today)s."
        ),
        _lt(
            "Would you please let us know, when it suits you, who settles the estate? "
            "If you have any questions or need more time, please contact us."
        ),
    ),
}


class DunningProtection(models.Model):
    """What is said about a protected debtor."""

    _inherit = "dunning.protection"

    summary = fields.Char(compute="_compute_summary")
    role = fields.Char(compute="_compute_role")

    # === COMPUTE METHODS === #

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

    # === BUSINESS METHODS === #

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

    def _get_work(self):
        """Say what somebody has to do."""
        self.ensure_one()
        if self.kind == "deceased":
            return self.env._("Write to the heirs of the customer")
        return self.env._("File the claim on the customer")
