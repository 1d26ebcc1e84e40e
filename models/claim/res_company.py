from decimal import Decimal

from odoo import fields, models

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
        "charges: collection costs are then increased by VAT, and the letters say so.",
    )
    dunning_vat_percent = fields.Float(
        string="VAT on collection costs (%)", digits=(4, 2), default=21
    )
    dunning_fatal_term = fields.Boolean(
        string="Payment term agreed with consumers",
        help="Consumers are in default from the day after the due date, because the "
        "payment term was agreed with them and not only printed on the invoice. "
        "Otherwise they are in default when the term of a written demand has passed.",
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
            vat_percent=Decimal(0)
            if self.dunning_vat_deductible
            else Decimal(str(self.dunning_vat_percent)),
            highest_instalment=is_consumer and not self.dunning_sum_instalments,
            euro_rate=Decimal(str(rate)),
            digits=currency.decimal_places,
        )

    def _get_dunning_rates(self, partner, is_consumer):
        """Return the interest a debtor owes: agreed with him, by all, or by law.

        :param partner: the debtor
        :param bool is_consumer: whether he is a consumer
        :return: pairs of first day and percent a year
        :rtype: tuple[tuple[date, Decimal], ...]
        """
        self.ensure_one()
        agreed = partner.dunning_interest_percent or (
            not is_consumer and self.dunning_interest_percent
        )
        if agreed:
            return ((fields.Date.to_date("1900-01-01"), Decimal(str(agreed))),)
        kind = "statutory" if is_consumer else "commercial"
        return self.env["dunning.interest.rate"]._get_rates(kind)

    def _get_dunning_rate_name(self, partner, is_consumer):
        """Return what the interest that a debtor owes is called, to show on screens."""
        self.ensure_one()
        if partner.dunning_interest_percent or (
            not is_consumer and self.dunning_interest_percent
        ):
            return self.env._("Agreed interest")
        if is_consumer:
            return self.env._("Statutory interest")
        return self.env._("Statutory commercial interest")
