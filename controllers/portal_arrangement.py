from datetime import date

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from .portal import DunningPortal

#: Arrangements that the pager of a page goes through.
HISTORY = "my_arrangements_history"
#: A drawn signature of a large screen has some hundreds of kilobytes.
SIGNATURE_SIZE = 4 * 1024 * 1024
#: A number and a date take less.
FORM_SIZE = 1024 * 1024
#: Of what was typed in a form this much is shown again.
VALUE_SIZE = 20


class ArrangementPortal(DunningPortal):
    """Payment arrangements: read, sign, follow."""

    # === HOME === #

    def _prepare_home_portal_values(self, counters):
        # EXTENDS 'portal'
        values = super()._prepare_home_portal_values(counters)
        if "arrangement_count" in counters:
            Arrangement, domain = self._get_own("payment.arrangement")
            values["arrangement_count"] = Arrangement.search_count(domain)
        return values

    # === LIST === #

    @http.route(
        ["/my/arrangements", "/my/arrangements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_arrangements(self, page=1, **_kwargs):
        """List the arrangements of the customer who is logged in."""
        arrangements, values = self._get_list(
            "payment.arrangement", "/my/arrangements", page
        )
        request.session[HISTORY] = arrangements.ids[:100]
        values["page_name"] = "arrangement"
        return request.render("l10n_nl_dunning.portal_my_arrangements", values)

    # === PAGE === #

    def _get_arrangement(self, arrangement_id, access_token):
        return self._get_record("payment.arrangement", arrangement_id, access_token)

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
                **arrangement._prepare_portal_values(request.env.user.partner_id),
                "page_name": "arrangement",
                "res_company": arrangement.company_id,
            },
            HISTORY,
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
        return request.make_response(code.png, [("Content-Type", "image/png")])

    # === SIGNING === #

    @http.route(
        ["/my/arrangements/<int:arrangement_id>/accept"],
        type="jsonrpc",
        auth="public",
        website=True,
        max_content_length=SIGNATURE_SIZE,
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
                arrangement._check_portal_signer(request.env.user.partner_id)
                arrangement._sign(name, signature, request.httprequest.remote_addr)
        except UserError as error:
            return {"error": str(error)}
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
        max_content_length=FORM_SIZE,
    )
    def portal_arrangement_ask(
        self, notice_id, access_token=None, count=None, first_date=None, **_kwargs
    ):
        """Ask on the page of a letter to pay in instalments."""
        notice = self._get_dunning_notice(notice_id, access_token)
        if not notice:
            return request.redirect("/my")
        form = {"count": count, "first_date": first_date}
        try:
            with request.env.cr.savepoint():
                arrangement = notice._ask_arrangement(
                    int(count or 0), fields.Date.to_date(first_date) or date.min
                )
        except (UserError, TypeError, ValueError) as error:
            reason = str(error) if isinstance(error, UserError) else False
            response = self._render_dunning_notice(
                notice,
                access_token,
                arrangement_error=reason or request.env._("Enter a number and a date."),
                arrangement_form={k: self._read_value(v) for k, v in form.items()},
            )
            response.status_code = 422
            return response
        if arrangement:
            visitor = request.env.user.partner_id
            return request.redirect(notice._get_portal_link(arrangement, visitor))
        return request.redirect(
            notice.get_portal_url(query_string="&arrangement=asked")
        )

    def _read_value(self, value):
        """Return what somebody typed, to show it again; none of it that is no value."""
        return value[:VALUE_SIZE] if isinstance(value, str) else ""
