from odoo import fields, models

from .engine.items import Settings


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_contact_interval = fields.Integer(
        string="Days between two letters",
        default=7,
        help="A debtor gets no second letter within this number of days.",
    )
    dunning_correction_days = fields.Integer(
        string="Days for payments in transit",
        help="Days added to each due date and deadline before the next letter, for "
        "payments that the bank has not yet reported.",
    )
    dunning_require_sent = fields.Boolean(
        string="Only sent invoices",
        default=True,
        help="An invoice that was not sent to the customer is not dunned.",
    )
    dunning_skip_direct_debit = fields.Boolean(
        string="Not with direct debit",
        default=True,
        help="An invoice that is collected by direct debit is not dunned.",
    )

    _check_dunning_days = models.Constraint(
        "CHECK(dunning_contact_interval >= 0 AND dunning_correction_days >= 0 "
        "AND dunning_bank_max_age >= 0)",
        "Numbers of days for dunning cannot be negative.",
    )

    # === BUSINESS METHODS === #

    def _get_dunning_settings(self):
        """Return the settings of this company as the pure plan sees them."""
        self.ensure_one()
        company = self.sudo()  # the plan is the same for users who may not read these
        return Settings(
            correction_days=company.dunning_correction_days,
            contact_interval=company.dunning_contact_interval,
            require_sent=company.dunning_require_sent,
            skip_direct_debit=company.dunning_skip_direct_debit,
        )
