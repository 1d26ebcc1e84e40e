from odoo import http
from odoo.fields import Domain
from odoo.http import request

from .portal import DunningPortal


class AccountPortal(DunningPortal):
    """All that a customer owes, on one page."""

    @http.route("/my/dunning/account", type="http", auth="user", website=True)
    def portal_dunning_account(self, **_kwargs):
        """Show all that is open of the customer who is logged in."""
        path = "/my/dunning/account"
        if redirect := self._get_own_language_redirect(path):
            return redirect
        # sudo: customers have no access rights on items, so their own are all they get
        partner = request.env.user.partner_id.sudo()
        values = {
            **self._prepare_portal_layout_values(),
            "accounts": partner._get_dunning_accounts_open(),
            "page_name": "dunning_account",
        }
        return request.render("l10n_nl_dunning.portal_dunning_account", values)

    @http.route(
        "/my/dunning/account/invoice/<int:move_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_dunning_account_invoice(self, move_id, **_kwargs):
        """Lead to an open invoice as PDF, if it is one of the customer's own."""
        partner = request.env.user.partner_id.sudo()  # see above
        domain = partner._get_dunning_account_domain() & Domain("move_id", "=", move_id)
        move = partner.env["account.move.line"].search(domain, limit=1).move_id
        if not move.is_invoice():
            return request.not_found()
        return request.redirect(move.get_portal_url(report_type="pdf", download=True))
