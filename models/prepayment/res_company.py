from odoo import fields, models
from odoo.exceptions import UserError


class ResCompany(models.Model):
    """When a customer had better pay in advance."""

    _inherit = "res.company"

    dunning_prepayment_notices = fields.Integer(
        string="Formal letters in a year",
        default=2,
        help="Prepayment is advised for customers who got this number of default "
        "notices, fourteen-day notices and final demands in the last twelve months. "
        "Zero: not counted.",
    )
    dunning_prepayment_promises = fields.Integer(
        string="Broken promises in a year",
        default=2,
        help="Prepayment is advised for customers who broke this number of promises "
        "to pay in the last twelve months. Zero: not counted.",
    )
    dunning_prepayment_days = fields.Integer(
        string="Average number of days late",
        default=30,
        help="Prepayment is advised for customers who paid this number of days late "
        "on average. Zero: not counted.",
    )
    dunning_prepayment_invoices = fields.Integer(
        string="Over the last paid invoices",
        default=3,
        help="The number of invoices over which the average is taken, paid in the "
        "last twelve months. Who paid fewer is not judged by it.",
    )

    _check_dunning_prepayment = models.Constraint(
        "CHECK(dunning_prepayment_notices >= 0 AND dunning_prepayment_days >= 0 "
        "AND dunning_prepayment_promises >= 0 AND dunning_prepayment_invoices > 0)",
        "The numbers for prepayment advice cannot be negative, and the average is "
        "taken over at least one invoice.",
    )

    # === BUSINESS METHODS === #

    def _get_dunning_immediate_term(self):
        """Return the payment term that asks for all at once.

        :rtype: recordset of `account.payment.term`
        :raise UserError: when there is none
        """
        self.ensure_one()
        Term = self.env["account.payment.term"]
        core = self.env.ref("account.account_payment_term_immediate", False)
        terms = (core or Term) | Term.search(Term._check_company_domain(self))
        for term in terms:
            line = term.line_ids
            if (
                term.active
                and len(line) == 1
                and (line.delay_type, line.nb_days) == ("days_after", 0)
            ):
                return term
        raise UserError(
            self.env._(
                "No payment term asks for payment at once. Add one with a single line "
                "of 0 days."
            )
        )
