from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

#: Letters that the pager of a page goes through.
HISTORY = "my_dunning_history"

#: That the customer was led to his own language in this session.
OWN_LANGUAGE = "dunning_own_language"


class DunningPortal(CustomerPortal):
    """Letters about overdue invoices, for whom they were sent to."""

    # === HOME === #

    def _prepare_home_portal_values(self, counters):
        # EXTENDS 'portal'
        values = super()._prepare_home_portal_values(counters)
        if "dunning_count" in counters:
            Notice, domain = self._get_own("dunning.notice")
            values["dunning_count"] = Notice.search_count(domain)
        return values

    # === ACCESS === #

    def _get_own(self, model):
        """Return a model, as superuser, and the domain of what the user has in it.

        Customers have no access rights on letters and arrangements, so this domain is
        all they get.

        :param str model: `dunning.notice` or `payment.arrangement`
        :rtype: tuple
        """
        Model = request.env[model].sudo()  # see above
        user = request.env.user
        if user._is_public():
            return Model, Domain.FALSE  # all visitors are the same partner
        return Model, Model._get_portal_domain(user.partner_id)

    def _get_record(self, model, record_id, access_token):
        """Return a letter or an arrangement, as superuser, for who may see it.

        :param str model: `dunning.notice` or `payment.arrangement`
        :param int record_id: its id, as anybody may have sent it
        :param access_token: what should be its token, as anybody may have sent it
        :return: the record, or None when there is nothing to see
        """
        Model, domain = self._get_own(model)
        record = Model.search(domain & Domain("id", "=", record_id))
        if not record:
            if access_token and not (
                isinstance(access_token, str) and access_token.isascii()
            ):
                return None  # no token, and nothing to compare with one
            try:
                record = self._document_check_access(model, record_id, access_token)
            except (AccessError, MissingError):
                return None
        return (
            record.with_company(record.company_id) if record._is_on_portal() else None
        )

    # === LIST === #

    @http.route(
        ["/my/dunning", "/my/dunning/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_dunning(self, page=1, sortby=None, **_kwargs):
        """List the letters of the customer who is logged in."""
        if redirect := self._get_own_language_redirect():
            return redirect
        sortings = self._get_dunning_sortings()
        sortby = sortby if sortby in sortings else "date"
        notices, values = self._get_list(
            "dunning.notice",
            "/my/dunning",
            page,
            order=sortings[sortby]["order"],
            url_args={"sortby": sortby},
        )
        request.session[HISTORY] = notices.ids[:100]
        values |= {
            "page_name": "dunning",
            "searchbar_sortings": sortings,
            "sortby": sortby,
        }
        return request.render("l10n_nl_dunning.portal_my_dunning", values)

    def _get_list(self, model, url, page, order=None, url_args=None):
        """Return one page of what the user has in a model, and what it shows.

        :param str model: `dunning.notice` or `payment.arrangement`
        :param str url: address of the list
        :param int page: which page
        :rtype: tuple[recordset, dict]
        """
        Model, domain = self._get_own(model)
        pager = portal_pager(
            url=url,
            url_args=url_args,
            total=Model.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        records = Model.search(
            domain, order=order, limit=self._items_per_page, offset=pager["offset"]
        )
        return records, {
            **self._prepare_portal_layout_values(),
            **records._prepare_portal_list(request.env.user.partner_id),
            "pager": pager,
            "default_url": url,
        }

    def _get_own_language_redirect(self, path="/my/dunning", lang=None):
        """Show customers their own language, whatever the browser asked for.

        Once in a session: who chooses another language after that, gets it.

        :param str path: the page that he asked for
        :param str lang: code of his language, where it is not that of the user
        :return: the answer that leads there, or None when he has it
        """
        code = lang or request.env.user.lang
        lang = request.env["res.lang"]._get_frontend().get(code)
        if request.session.get(OWN_LANGUAGE) == code or not lang:
            return None
        request.session[OWN_LANGUAGE] = code
        if lang.code == request.lang.code:
            return None
        address = request.env["ir.http"]._url_lang(path, lang.code)
        redirect = request.redirect(address)
        redirect.set_cookie("frontend_lang", lang.code)
        return redirect

    def _get_dunning_sortings(self):
        env = request.env
        return {
            "date": {"label": env._("Newest"), "order": "date desc, id desc"},
            "deadline": {"label": env._("Last day"), "order": "deadline, id desc"},
            "name": {"label": env._("Reference"), "order": "name"},
        }

    # === PAGE OF A LETTER === #

    @http.route(
        ["/my/dunning/<int:notice_id>"], type="http", auth="public", website=True
    )
    def portal_dunning_notice(
        self, notice_id, access_token=None, report_type=None, **_kwargs
    ):
        """Show a letter to who is logged in as its debtor or has its link."""
        notice = self._get_dunning_notice(notice_id, access_token)
        if not notice:
            return request.redirect("/my")
        if report_type == "pdf" and notice.letter_id:
            return self._send_dunning_letter(notice)
        return self._render_dunning_notice(notice, access_token)

    def _get_dunning_notice(self, notice_id, access_token):
        return self._get_record("dunning.notice", notice_id, access_token)

    def _render_dunning_notice(self, notice, access_token, **values):
        """Render the page of a letter.

        :param notice: the letter, as superuser
        :param dict values: what the page shows besides, after a form was sent
        """
        values = {
            **notice._prepare_portal_values(request.env.user.partner_id),
            **values,
            "page_name": "dunning",
            "res_company": notice.company_id,
        }
        values = self._get_page_view_values(
            notice, access_token, values, HISTORY, False
        )
        return request.render("l10n_nl_dunning.portal_dunning_notice", values)

    def _send_dunning_letter(self, notice):
        """Send the letter as it was sent then."""
        filename = notice._get_letter_filename()
        return request.make_response(
            notice.letter_id.raw,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(filename)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
