from typing import NamedTuple

from odoo import http, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request
from odoo.tools.pdf import merge_pdf

from .portal import DunningPortal

ACCOUNT = "/my/dunning/account"

#: With what somebody came to a debtor's page last, to lead him back.
QUERY = "dunning_account_query"


class Looking(NamedTuple):
    """Whose page is shown to whom: records of `res.partner`, as superuser."""

    debtor: models.BaseModel  # empty when there is nothing to see
    debtors: models.BaseModel  # all whose pages the visitor may see
    visitor: models.BaseModel
    query: str  # what the addresses of the page end with


class AccountPortal(DunningPortal):
    """All that a customer owes, on one page."""

    # === ACCESS === #

    def _get_account_debtor(self, access_token=None, debtor=None):
        """Return whose page is shown to whom.

        Who has a link sees that debtor and nobody else, whoever is logged in.

        :param access_token: what should be the token of a debtor
        :param debtor: what should be the id of one of several debtors
        :rtype: Looking
        """
        # sudo: customers have no access rights on items, so their own are all they get
        Partner = request.env["res.partner"].sudo()
        if access_token:
            partner, recipient = Partner._find_dunning_account(access_token)
            return Looking(partner, partner, recipient, f"?access_token={access_token}")
        if request.env.user._is_public():
            return Looking(Partner, Partner, Partner, "")
        visitor = request.env.user.partner_id.sudo()
        debtors = visitor._get_dunning_debtors()
        if debtor:
            chosen = debtors.filtered(lambda partner: str(partner.id) == debtor)
        else:
            chosen = debtors[:1]
        is_own = chosen == visitor.commercial_partner_id
        query = "" if is_own else f"?debtor={chosen.id}"
        return Looking(chosen, debtors, visitor, query)

    def _refuse_account(self, access_token):
        """Say why a link does not work, or ask a visitor to log in."""
        if not access_token and request.env.user._is_public():
            return request.redirect(f"/web/login?redirect={ACCOUNT}")
        if not access_token:
            return request.not_found()
        response = request.render(
            "l10n_nl_dunning.portal_dunning_account_refused",
            {"page_name": "dunning_account"},
        )
        response.status_code = 403
        return response

    # === PAGE === #

    @http.route(ACCOUNT, type="http", auth="public", website=True, sitemap=False)
    def portal_dunning_account(self, access_token=None, debtor=None, show=None, **_kw):
        """Show all that is open, to who is logged in or has the debtor's link."""
        looking = self._get_account_debtor(access_token, debtor)
        if not looking.debtor:
            return self._refuse_account(access_token)
        lang = looking.debtor.lang if access_token else None
        path = ACCOUNT + looking.query
        if redirect := self._get_own_language_redirect(path, lang):
            return redirect
        return self._render_account(looking, show=show)

    @http.route(
        "/my/dunning/<int:notice_id>/account",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_dunning_notice_account(self, notice_id, access_token=None, **_kwargs):
        """Lead from a letter to all that its debtor owes."""
        notice = self._get_dunning_notice(notice_id, access_token)
        page = notice and notice._get_account_link(request.env.user.partner_id)
        return request.redirect(page) if page else self._refuse_account(access_token)

    def _render_account(self, looking, show=None, error=None):
        """Render the page of all that a debtor owes.

        :param Looking looking: whose page it is, and who looks at it
        :param str show: which items are shown
        :param str error: what was wrong with what was sent
        """
        request.session[QUERY] = looking.query
        values = {
            **self._prepare_portal_layout_values(),
            **looking.debtor._prepare_dunning_account(looking.visitor, show),
            "debtor": looking.debtor,
            "debtors": looking.debtors,
            "query": looking.query,
            "error": error,
            "page_name": "dunning_account",
        }
        response = request.render("l10n_nl_dunning.portal_dunning_account", values)
        if error:
            response.status_code = 422
        return response

    # === INVOICES === #

    @http.route(
        f"{ACCOUNT}/invoice/<int:move_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_dunning_account_invoice(
        self, move_id, access_token=None, debtor=None, **_kwargs
    ):
        """Lead to an open invoice as PDF, if it is one of the debtor's."""
        partner = self._get_account_debtor(access_token, debtor).debtor
        if not partner:
            return self._refuse_account(access_token)
        domain = partner._get_dunning_account_domain() & Domain("move_id", "=", move_id)
        move = partner.env["account.move.line"].search(domain, limit=1).move_id
        if not move.is_invoice():
            return request.not_found()
        return request.redirect(move.get_portal_url(report_type="pdf", download=True))

    @http.route(
        f"{ACCOUNT}/invoices",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_dunning_account_invoices(
        self, access_token=None, debtor=None, **_kwargs
    ):
        """Send all open invoices as one PDF."""
        looking = self._get_account_debtor(access_token, debtor)
        if not looking.debtor:
            return self._refuse_account(access_token)
        try:
            name, files = looking.debtor._get_dunning_account_invoices()
        except UserError as error:
            return self._render_account(looking, error=str(error))
        if not files:
            return request.not_found()
        return request.make_response(
            merge_pdf(files),
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
