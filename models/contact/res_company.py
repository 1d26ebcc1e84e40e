from odoo import fields, models

from ...law.notice_term import add_working_days


class ResCompany(models.Model):
    """How often a debtor is called."""

    _inherit = "res.company"

    dunning_call_retry_days = fields.Integer(
        string="Call again after (working days)",
        default=2,
        help="Working days after which a debtor who was not reached is called again.",
    )
    dunning_call_max_attempts = fields.Integer(
        string="Attempts to reach a debtor",
        default=3,
        help="After this number of calls in vain somebody must decide what to do.",
    )

    _check_dunning_calls = models.Constraint(
        "CHECK(dunning_call_retry_days > 0 AND dunning_call_max_attempts > 0)",
        "Calls need at least one attempt, and one working day before the next.",
    )

    # === BUSINESS METHODS === #

    def _get_dunning_retry_date(self, day, attempts):
        """Return when to call again.

        :param date day: the day of the last attempt
        :param int attempts: how often was tried, the last time included
        :return: False when it is no use
        :rtype: date or bool
        """
        self.ensure_one()
        company = self.sudo()  # the rule is the same for who may not read companies
        if attempts >= company.dunning_call_max_attempts:
            return False
        return add_working_days(day, company.dunning_call_retry_days)
