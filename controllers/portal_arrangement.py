import base64
import binascii
from datetime import date

from odoo import fields, http
from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Domain
from odoo.http import content_disposition, request

from .portal import DunningPortal


class ArrangementPortal(DunningPortal):
    """Payment arrangements: read, sign, follow."""

    # === ACCESS === #

    def _get_arrangement(self, arrangement_id, access_token):
        """Return an arrangement, as superuser, for who may see it.

        :return: the arrangement, or None when there is nothing to see
        """
        Arrangement = request.env["payment.arrangement"].sudo()
        domain = Arrangement._get_portal_domain(request.env.user.partner_id)
        arrangement = Arrangement.search(domain & Domain("id", "=", arrangement_id))
        if not arrangement:
            if not access_token or not access_token.isascii():
                return None  # no token, and nothing to compare with one
            try:
                arrangement = self._document_check_access(
                    "payment.arrangement", arrangement_id, access_token
                )
            except (AccessError, MissingError):
                return None
        if not arrangement._is_on_portal():
            return None
        return arrangement.with_company(arrangement.company_id)

    # === PAGE === #

    @http.route(
        ["/my/arrangements/<int:arrangement_id>"],
        type="http",
        auth="public",
        website=True,
    )
    def portal_arrangement(
        self, arrangement_id, access_token=None, report_type=None, **_kwargs
    ):
        """Show an arrangement to who is logged in as its debtor or has its link."""
        arrangement = self._get_arrangement(arrangement_id, access_token)
        if not arrangement:
            return request.redirect("/my")
        if report_type == "pdf":
            return self._send_agreement(arrangement)
        values = self._get_page_view_values(
            arrangement,
            access_token,
            {
                **arrangement._prepare_portal_values(),
                "page_name": "arrangement",
                "res_company": arrangement.company_id,
            },
            "my_arrangements_history",
            False,
        )
        return request.render("l10n_nl_dunning.portal_arrangement", values)

    def _send_agreement(self, arrangement):
        filename = arrangement._get_letter_filename()
        return request.make_response(
            arrangement._get_letters()[arrangement.id],
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(filename)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    @http.route(
        ["/my/arrangements/<int:arrangement_id>/code/<int:line_id>"],
        type="http",
        auth="public",
    )
    def portal_arrangement_code(
        self, arrangement_id, line_id, access_token=None, **_kwargs
    ):
        """Return the code to scan for an instalment, for e-mails."""
        arrangement = self._get_arrangement(arrangement_id, access_token)
        line = arrangement and arrangement.line_ids.filtered(
            lambda line: line.id == line_id
        )
        if not line:
            return request.not_found()
        letter = arrangement._get_letter()
        code = arrangement._prepare_instalment(letter, line)["qr"]
        if not code:
            return request.not_found()
        return request.make_response(
            base64.b64decode(code.split(",", 1)[1]), [("Content-Type", "image/png")]
        )

    # === SIGNING === #

    @http.route(
        ["/my/arrangements/<int:arrangement_id>/accept"],
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_arrangement_accept(
        self, arrangement_id, access_token=None, name=None, signature=None
    ):
        """Sign an offer on behalf of the debtor."""
        access_token = access_token or request.httprequest.args.get("access_token")
        arrangement = self._get_arrangement(arrangement_id, access_token)
        if not arrangement:
            return {"error": request.env._("This arrangement does not exist.")}
        try:
            with request.env.cr.savepoint():
                arrangement._sign(name, signature, request.httprequest.remote_addr)
        except (UserError, ValidationError) as error:
            return {"error": str(error)}
        except (TypeError, ValueError, binascii.Error):
            return {"error": request.env._("The signature cannot be read.")}
        return {
            "force_refresh": True,
            "redirect_url": arrangement.get_portal_url(query_string="&signed=1"),
        }

    # === ASKING === #

    @http.route(
        ["/my/dunning/<int:notice_id>/arrangement"],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_arrangement_ask(
        self, notice_id, access_token=None, count=None, first_date=None, **_kwargs
    ):
        """Ask on the page of a letter to pay in instalments."""
        notice = self._get_dunning_notice(notice_id, access_token)
        if not notice:
            return request.redirect("/my")
        try:
            with request.env.cr.savepoint():
                arrangement = notice._ask_arrangement(
                    int(count or 0), fields.Date.to_date(first_date) or date.min
                )
        except (UserError, ValueError) as error:
            reason = str(error) if isinstance(error, UserError) else False
            return self._render_dunning_notice(
                notice,
                access_token,
                arrangement_error=reason or request.env._("Enter a number and a date."),
            )
        if arrangement:
            return request.redirect(arrangement.get_portal_url())
        return self._render_dunning_notice(notice, access_token, arrangement_asked=True)
