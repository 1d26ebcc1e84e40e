from odoo import fields, models


class PaymentArrangementLine(models.Model):
    """What became of the warning about an instalment."""

    _inherit = "payment.arrangement.line"

    warning_mail_id = fields.Many2one(
        comodel_name="mail.mail",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
    )
    warning_error = fields.Text(
        string="Why the warning did not arrive", readonly=True, copy=False
    )

    # === BUSINESS METHODS === #

    def _is_warning_waiting(self):
        """Whether the warning stands in the mail queue still: its term does not run."""
        self.ensure_one()
        mail = self.sudo().warning_mail_id  # sudo: the queue belongs to the system
        return bool(mail) and mail.state not in ("sent", "received")

    def _set_warned(self, day, until):
        """Record the warning, and up to when it gives time to pay."""
        for line in self:
            line.write(
                {
                    "warning_date": day,
                    "warned_until": until,
                    "warning_error": False,
                    # After a warning no friendlier reminder follows.
                    "reminder_date": line.reminder_date or day,
                }
            )

    def _set_warning_failed(self, error):
        """The warning did not arrive: no term runs, until somebody warns again.

        :param str error: why, in plain words
        """
        self.write(
            {"warning_date": False, "warned_until": False, "warning_error": error}
        )
