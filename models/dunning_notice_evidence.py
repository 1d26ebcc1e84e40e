from odoo import api, models
from odoo.exceptions import UserError

from .dunning_notice import OPEN_STATES

#: What nobody changes once the letter was issued. Its deadline is not among them: the
#: term of a fourteen-day notice is only known when it was delivered.
FROZEN_FIELDS = {
    "company_id",
    "partner_id",
    "recipient_id",
    "currency_id",
    "level_id",
    "name",
    "date",
    "lang",
    "by_email",
    "by_post",
    "by_registered",
    "line_ids",
    "amount_total",
    "amount_interest",
    "amount_costs",
    "amount_costs_vat",
    "amount_claim",
    "amount_announced",
    "interest_per_day",
    "claim_data",
}


class DunningNotice(models.Model):
    """An issued letter is evidence: it is neither changed nor deleted."""

    _inherit = "dunning.notice"

    # === CRUD METHODS === #

    def write(self, vals):
        if FROZEN_FIELDS.intersection(vals):
            self._check_not_issued()
        return super().write(vals)

    def _check_not_issued(self):
        """Check that these letters are proposals still.

        :raise UserError: when a letter is evidence already
        """
        if issued := self.filtered(lambda n: n.state not in OPEN_STATES):
            raise UserError(
                self.env._(
                    "Letter %s was issued and cannot be changed: it is evidence of "
                    "what was sent to the debtor.",
                    issued[0].display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if issued := self.filtered(lambda notice: notice.state not in OPEN_STATES):
            raise UserError(
                self.env._(
                    "Letter %s cannot be deleted: it is evidence of what was sent to "
                    "the debtor. Cancel it instead.",
                    issued[0].display_name,
                )
            )
