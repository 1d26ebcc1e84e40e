from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_datetime

#: States of an arrangement that the debtor has heard of.
SHOWN_STATES = ("offered", "active", "fulfilled", "broken", "expired", "cancelled")


class PaymentArrangement(models.Model):
    """The page of an arrangement, for the debtor.

    Debtors have no access rights: the controller shows them what belongs on the page
    and nothing else.
    """

    _inherit = "payment.arrangement"

    # === BUSINESS METHODS === #

    @api.model
    def _get_portal_domain(self, partner):
        """Return the domain of the arrangements that a customer may see.

        :param partner: any contact of the customer
        :rtype: Domain
        """
        return Domain("partner_id", "=", partner.commercial_partner_id.id) & Domain(
            "offered_on", "!=", False
        )

    def _is_on_portal(self):
        """Whether the debtor may see this arrangement: it was offered to him."""
        self.ensure_one()
        return bool(self.offered_on) and self.state in SHOWN_STATES

    def _prepare_portal_values(self):
        """Return what the page shows.

        :rtype: dict
        """
        self.ensure_one()
        letter = self._get_letter().with_context(lang=self.env.lang)
        line = self.next_line_id
        labels = dict(self._fields["state"]._description_selection(self.env))
        return {
            "arrangement": self,
            "fmt": self._get_format(),
            "state_label": labels[self.state],
            "terms": self._get_terms(),
            "lines": self._get_ordered_lines(),
            "payment": line and self._prepare_instalment(letter, line),
            "has_to_be_signed": self._has_to_be_signed(),
            "company": self.company_id,
        }

    def _get_signed_moment(self):
        """Return when the debtor signed, in the time of the company."""
        self.ensure_one()
        return format_datetime(
            self.env,
            self.signed_on,
            tz=self.company_id._get_dunning_tz(),
            dt_format="d MMMM y HH:mm",
        )
