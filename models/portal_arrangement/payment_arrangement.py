from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

#: States of an arrangement that the debtor has heard of.
SHOWN_STATES = ("offered", "active", "fulfilled", "broken", "expired", "cancelled")


ACTIVITY = "mail.mail_activity_data_todo"


#: The form proposes to begin after so many days.
FIRST_DAYS = 14


class PaymentArrangement(models.Model):
    """The page of an arrangement, for the debtor.

    Debtors have no access rights: the controller shows them what belongs on the page
    and nothing else.
    """

    _inherit = "payment.arrangement"

    # === BUSINESS METHODS === #

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **_link):
        # EXTENDS 'portal': there are no messages on the page, so who has its link
        # neither reads nor writes any.
        return super()._get_thread_with_access(thread_id, mode=mode)

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

    def _prepare_portal_list(self, visitor):
        """Return what the list of arrangements shows.

        :param visitor: the `res.partner` who looks at it
        :rtype: dict
        """
        return {
            "arrangements": self,
            "formats": {
                arrangement.id: arrangement._get_format() for arrangement in self
            },
            "state_labels": self._get_state_labels(),
            "is_asked": {
                arrangement.id: arrangement._is_asked_of(visitor)
                for arrangement in self
            },
        }

    def _prepare_portal_values(self, visitor):
        """Return what the page shows.

        :param visitor: the `res.partner` who looks at it
        :rtype: dict
        """
        self.ensure_one()
        letter = self._get_letter().with_context(lang=self.env.lang)
        is_asked = self._is_asked_of(visitor)
        line = is_asked and self.next_line_id
        return {
            "arrangement": self,
            "fmt": self._get_format(),
            "state_label": self._get_state_labels()[self.state],
            "is_asked": is_asked,
            "terms": self._get_terms(),
            "lines": self._get_ordered_lines(),
            "payment": line and self._prepare_instalment(letter, line),
            "has_to_be_signed": is_asked and self._has_to_be_signed(),
            "company": self.company_id,
        }

    def _get_state_labels(self):
        return dict(self._fields["state"]._description_selection(self.env))

    def _is_asked_of(self, visitor):
        """Whether the page asks who looks at it to sign or to pay.

        It rests while the law protects the debtor. Where somebody acts for the debtor,
        the link to the page went to that person: it is not for the debtor himself.

        :param visitor: the `res.partner`
        """
        self.ensure_one()
        status = self.partner_id.dunning_protection_id
        if not status:
            return True
        return not (
            status._get_effect().stops
            or status._is_represented()
            and visitor.commercial_partner_id == self.partner_id
        )

    def _check_portal_signer(self, visitor):
        """Check that who looks at the page may sign on it.

        :param visitor: the `res.partner`
        :raise UserError: when the offer is not for him to sign
        """
        self.ensure_one()
        if not self._is_asked_of(visitor):
            raise UserError(
                self.env._(
                    "This cannot be signed here at the moment. Please contact us."
                )
            )

    def _get_signed_moment(self):
        """Return when the debtor signed, in the time of the company.

        Paper tells the day and no hour.
        """
        self.ensure_one()
        if self.signed_how == "paper":
            return format_date(self.env, self.started_on, date_format="d MMMM y")
        return format_datetime(
            self.env,
            self.signed_on,
            tz=self.company_id._get_dunning_tz(),
            dt_format="d MMMM y HH:mm",
        )

    def _get_signed_text(self):
        """Say who signed and when."""
        self.ensure_one()
        return self.env._(
            "Signed by %(name)s on %(moment)s.",
            name=self.signed_by,
            moment=self._get_signed_moment(),
        )

    # --- What a company agrees to without looking.

    def _get_limit(self, today):
        """Return why this is more than the company offers by itself, or False.

        :param date today: the day
        :rtype: str or bool
        """
        self.ensure_one()
        company, lines = self.company_id, self._get_ordered_lines()
        if self.partner_id.dunning_protection_id:
            return self.env._("the customer is protected by law.")
        if self.search_count(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", self.partner_id.id),
                ("state", "=", "broken"),
            ],
            limit=1,
        ):
            return self.env._("an earlier arrangement has lapsed.")
        if len(lines) > company.dunning_arrangement_max_count:
            return self.env._("there are too many instalments.")
        smallest = company.currency_id._convert(
            company.dunning_arrangement_min_amount, self.currency_id, company, today
        )
        if self.currency_id.compare_amounts(min(lines.mapped("amount")), smallest) < 0:
            return self.env._("the instalments are too small.")
        if (lines[0].date - today).days > 31:
            return self.env._("the first date is more than a month away.")
        return False
