from datetime import timedelta

from odoo import models


class DunningNotice(models.Model):
    """Letters lead to all that their debtor owes."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _get_account_page(self):
        """Return the address of all that is open, for whom this letter was sent to.

        The token of the letter opens it, see `_may_lead_to_account`: a mail has no
        secret of its own to keep.
        """
        self.ensure_one()
        lang = self.env["res.lang"]._get_frontend().get(self.lang or self._get_lang())
        prefix = f"/{lang.url_code}" if lang else ""
        path = self.get_portal_url(suffix="/account")
        return f"{self.get_base_url()}{prefix}{path}"

    def _may_lead_to_account(self):
        """Whether this letter still opens all that its debtor owes, without a login.

        It does for some time, and until the links of the debtor are withdrawn.
        """
        self.ensure_one()
        days = self.company_id.dunning_account_days
        today = self.company_id._get_dunning_today()
        if not self.date or self.date + timedelta(days=days) < today:
            return False
        withdrawn = self.partner_id.dunning_account_withdrawn
        sent = min(self.delivery_ids.mapped("create_date"), default=self.create_date)
        return not withdrawn or sent > withdrawn

    def _prepare_email_values(self, letter):
        """Let the e-mail link to all that is open."""
        # EXTENDS 'l10n_nl_dunning'
        values = super()._prepare_email_values(letter)
        return {**values, "account_page": self._get_account_page()}

    def _prepare_portal_values(self, visitor):
        """Lead from the page of a letter to all that is open."""
        # EXTENDS 'l10n_nl_dunning'
        values = super()._prepare_portal_values(visitor)
        return {**values, "account_page": self._get_account_link(visitor)}

    def _get_account_link(self, visitor):
        """Return the address of all that is open, for who looks at this letter.

        Without login for whom letters go to now, as for other pages.

        :param visitor: the `res.partner` who looks at this page
        """
        self.ensure_one()
        debtor = self.partner_id
        if visitor.commercial_partner_id == debtor:
            return "/my/dunning/account"
        if self._get_portal_link(self, visitor) == self.access_url:
            return False  # the letter was for somebody else
        if not self._may_lead_to_account():
            return False
        return debtor._get_dunning_account_url(
            self.company_id, self.recipient_id, since=self.date
        )
