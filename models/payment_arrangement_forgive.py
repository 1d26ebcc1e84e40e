from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class PaymentArrangement(models.Model):
    """Once, somebody may look through the fingers."""

    _inherit = "payment.arrangement"

    lapse_document_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Letter that it lapsed",
        readonly=True,
        copy=False,
    )
    can_forgive = fields.Boolean(compute="_compute_can_forgive")

    # === COMPUTE METHODS === #

    def _compute_can_forgive(self):
        for arrangement in self:
            arrangement.can_forgive = not arrangement.forgiven_until and (
                arrangement.state == "broken" or arrangement.days_late > 0
            )

    # === ACTION METHODS === #

    def action_forgive(self):
        """Ask why and until when it is forgiven."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Forgive once"),
            "res_model": "payment.arrangement.forgive",
            "view_mode": "form",
            "target": "new",
            "context": {"default_arrangement_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _forgive(self, reason, until):
        """Forgive once that an instalment is late; what has lapsed runs again.

        :param str reason: why
        :param date until: last day to pay what is late
        :raise UserError: when it was forgiven before, or there is nothing to forgive
        """
        self.ensure_one()
        self._lock()
        self._check_forgivable(until)
        if self.state == "broken":
            self._claim_items()
        self.write(
            {
                "state": "active",
                "broken_on": False,
                "lapse_deadline": False,
                "forgiven_until": until,
                "forgiven_reason": reason,
            }
        )
        self._message_log(
            body=self.env._(
                "Forgiven once, up to and including %(day)s: %(reason)s",
                day=format_date(self.env, until),
                reason=reason,
            )
        )

    def _check_forgivable(self, until):
        """Check that it can be forgiven.

        :param date until: last day to pay what is late
        :raise UserError: saying why it cannot
        """
        self._check_state("active", "broken")
        if self.forgiven_until:
            raise UserError(
                self.env._(
                    "This arrangement was forgiven before. Draw up a new one in its "
                    "place."
                )
            )
        if until < self.company_id._get_dunning_today():
            raise UserError(self.env._("Choose a last day that is not in the past."))
