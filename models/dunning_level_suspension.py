from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..law.notice_term import add_working_days
from .dunning_level import DATELESS_KINDS


class DunningLevel(models.Model):
    """Whether the letter announces that delivery or service is suspended."""

    _inherit = "dunning.level"

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

    _check_suspend_days = models.Constraint(
        "CHECK(suspend_days > 0)",
        "Delivery can be suspended from the first working day after the deadline, not "
        "earlier: enter 1 or more.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("kind", "suspend_delivery")
    def _check_suspension_has_date(self):
        for level in self:
            if level.suspend_delivery and level.kind in DATELESS_KINDS:
                raise ValidationError(
                    self.env._(
                        "Level %s cannot announce a suspension: its letter names no "
                        "last day to pay. Announce it in another letter.",
                        level.display_name,
                    )
                )

    # === BUSINESS METHODS === #

    def _get_suspension_day(self, deadline):
        """Return the day from which these levels suspend deliveries.

        :param date deadline: last day to pay of the letter
        :rtype: date or None
        """
        days = self.filtered("suspend_delivery").mapped("suspend_days")
        return add_working_days(deadline, max(days)) if days else None
