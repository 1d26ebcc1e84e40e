from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import ormcache

from ...law.interest import ACTUAL_365, ACTUAL_ACTUAL
from .engine.costs import CostRule


class ResCompany(models.Model):
    """What the company claims from those who pay late."""

    _inherit = "res.company"

    dunning_interest_basis = fields.Selection(
        selection=[
            (ACTUAL_ACTUAL, "Days of the calendar year (365 or 366)"),
            (ACTUAL_365, "Always 365 days"),
        ],
        string="Interest days",
        default=ACTUAL_ACTUAL,
        required=True,
        help="The law does not say how the days of a leap year are counted.",
    )
    dunning_interest_percent = fields.Float(
        string="Agreed interest (%)",
        digits=(5, 2),
        help="Interest a year agreed with business customers, instead of the statutory "
        "commercial interest. Leave at zero for the statutory rate.",
    )
    dunning_interest_compounds = fields.Boolean(
        string="Agreed interest compounds",
        help="It was agreed that interest which is not paid bears interest itself "
        "after a year, as statutory interest does (article 6:119(2) BW).",
    )
    dunning_costs = fields.Selection(
        selection=[
            ("scale", "Statutory scale over the sum of the invoices"),
            ("flat", "€ 40 for each invoice"),
        ],
        string="Collection costs of businesses",
        default="scale",
        required=True,
    )
    dunning_vat_deductible = fields.Boolean(
        string="VAT is deductible",
        default=True,
        help="Switch off when the company cannot deduct the VAT that a collector "
        "charges: collection costs are then increased by VAT where a third party "
        "collects, and the letters say so.",
    )
    dunning_third_party = fields.Boolean(
        string="A third party collects",
        help="Somebody else collects for the company and charges VAT for it. Who "
        "collects his own invoices is charged none and may add none (article 2(3) of "
        "the Decree on collection costs).",
    )
    dunning_vat_percent = fields.Float(
        string="VAT on collection costs (%)", digits=(4, 2), default=21
    )
    dunning_sum_instalments = fields.Boolean(
        string="Costs over all instalments",
        help="Collection costs of consumers over the sum of the unpaid instalments of "
        "an invoice. Otherwise only the highest unpaid instalment counts, the cautious "
        "reading of article 2a of the Decree on collection costs.",
    )

    _check_dunning_percents = models.Constraint(
        "CHECK(dunning_interest_percent >= 0 AND dunning_interest_percent < 100 "
        "AND dunning_vat_percent >= 0 AND dunning_vat_percent < 100)",
        "Enter interest and VAT as percentages from 0 up to 100.",
    )

    # === BUSINESS METHODS === #

    def _get_dunning_cost_rule(self, currency, is_consumer, day):
        """Return how collection costs are worked out.

        :param currency: currency of the items
        :param bool is_consumer: the scale is mandatory for consumers
        :param date day: the day of the claim
        :rtype: CostRule
        """
        self.ensure_one()
        rate = 1
        if currency.name != "EUR":
            euro = self.env.ref("base.EUR")
            rate = currency._get_conversion_rate(currency, euro, self, day)
        return CostRule(
            flat=self.dunning_costs == "flat" and not is_consumer,
            vat_percent=self._get_dunning_costs_vat(),
            highest_instalment=is_consumer and not self.dunning_sum_instalments,
            euro_rate=Decimal(str(rate)),
            digits=currency.decimal_places,
        )

    def _get_dunning_creditor(self):
        """Return the company that is the creditor by law: that of a branch is its head.

        A branch with a VAT number of its own is another legal entity.
        """
        self.ensure_one()
        company = self.sudo()
        while company.parent_id and company.vat in (False, company.parent_id.vat):
            company = company.parent_id
        return company

    def _get_dunning_branches(self):
        """Return all companies that are the same creditor as one of these.

        :rtype: recordset of `res.company`
        """
        ids = {
            id_
            for company_id in self.ids
            for id_ in self._get_dunning_family(company_id)
        }
        if ids <= set(self.ids):
            return self
        creditors = {company._get_dunning_creditor() for company in self}
        return self | self.sudo().browse(sorted(ids)).filtered(
            lambda company: company._get_dunning_creditor() in creditors
        )

    @api.model
    @ormcache("company_id")
    def _get_dunning_family(self, company_id):
        """Return the ids of a company, its head and all branches of that.

        They change only when a company is made, which clears the cache.
        """
        root = self.sudo().browse(company_id).root_id
        return tuple(root.search([("id", "child_of", root.ids)]).ids)

    def _get_dunning_costs_vat(self):
        """Return the percent of VAT that is added to collection costs.

        Only where a third party charges it and the company cannot deduct it: article
        2(3) of the Decree on collection costs.

        :rtype: Decimal
        """
        self.ensure_one()
        if self.dunning_vat_deductible or not self.dunning_third_party:
            return Decimal(0)
        return Decimal(str(self.dunning_vat_percent))

    def _get_dunning_rates(self, partner, is_consumer):
        """Return the interest a debtor owes: agreed with him, by all, or by law.

        :param partner: the debtor
        :param bool is_consumer: whether he is a consumer
        :return: pairs of first day and percent a year
        :rtype: tuple[tuple[date, Decimal], ...]
        """
        self.ensure_one()
        if agreed := self._get_dunning_agreed_interest(partner, is_consumer):
            return ((fields.Date.to_date("1900-01-01"), Decimal(str(agreed))),)
        kind = "statutory" if is_consumer else "commercial"
        return self.env["dunning.interest.rate"]._get_rates(kind)

    def _get_dunning_agreed_interest(self, partner, is_consumer):
        """Return the percent a year that was agreed with a debtor, zero without."""
        self.ensure_one()
        return partner.dunning_interest_percent or (
            0 if is_consumer else self.dunning_interest_percent
        )

    def _compounds_dunning_interest(self, partner, is_consumer):
        """Whether the interest that a debtor owes bears interest after a year.

        Statutory interest does (6:119(2), 6:119a(3) BW), an agreed one when that was
        agreed too.
        """
        self.ensure_one()
        if not self._get_dunning_agreed_interest(partner, is_consumer):
            return True
        if partner.dunning_interest_percent:
            return partner.dunning_interest_compounds
        return self.dunning_interest_compounds

    def _get_dunning_rate_name(self, partner, is_consumer):
        """Return what the interest that a debtor owes is called, to show on screens."""
        self.ensure_one()
        if self._get_dunning_agreed_interest(partner, is_consumer):
            return self.env._("Agreed interest")
        if is_consumer:
            return self.env._("Statutory interest")
        return self.env._("Statutory commercial interest")
