from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.http import request

from odoo.addons.account_payment.controllers.portal import PortalAccount

from .portal_account import ACCOUNT, QUERY, AccountPortal

#: The form of a thousand ticks takes less.
FORM_SIZE = 1024 * 1024

#: What the form of Odoo sends besides, which is known here.
IGNORED = ("landing_route", "is_validation", "payment_reference")


class DunningPaymentPortal(AccountPortal, PortalAccount):
    """Paying at once what a customer chose: online, or by bank."""

    # === CORE'S OWN PAGE OF OVERDUE INVOICES === #

    @http.route()
    def portal_my_overdue_invoices(self, access_token=None, **kw):
        """Lead to all that is open, so that nobody sees two sums."""
        # EXTENDS 'account_payment'
        return request.redirect(ACCOUNT)

    # === CHOOSING === #

    @http.route(
        f"{ACCOUNT}/choice",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        max_content_length=FORM_SIZE,
    )
    def portal_dunning_choice(self, access_token=None, debtor=None, **_form):
        """Return how to pay what is ticked, to show it beside the items."""
        looking = self._get_account_debtor(access_token, debtor)
        if not looking.debtor:
            return self._refuse_account(access_token)
        values = {"query": looking.query, "error": None}
        try:
            with request.env.cr.savepoint():
                account, choice = self._choose(looking)
                chosen = account.pick(choice.item_ids.ids)
                account = account._replace(payment=choice._prepare_choice(chosen))
                values |= {"account": account, "fmt": account.fmt}
        except UserError as error:
            values["error"] = str(error)
        return request.render("l10n_nl_dunning.portal_dunning_choice", values)

    @http.route(
        f"{ACCOUNT}/pay",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        max_content_length=FORM_SIZE,
    )
    def portal_dunning_account_pay(self, access_token=None, debtor=None, **_form):
        """Lead to the page on which what is ticked can be paid."""
        looking = self._get_account_debtor(access_token, debtor)
        if not looking.debtor:
            return self._refuse_account(access_token)
        try:
            with request.env.cr.savepoint():
                _account, choice = self._choose(looking)
        except UserError as error:
            return self._render_account(looking, error=str(error))
        return request.redirect(choice.get_portal_url())

    def _choose(self, looking):
        """Return the account of which something was ticked, and the choice.

        :param Looking looking: whose page it is, and who looks at it
        :rtype: tuple
        :raise UserError: when nothing of it can be paid
        """
        form = request.httprequest.form
        wanted = form.get("company_id"), form.get("currency_id")
        keys = [int(key) for key in form.getlist("item") if _is_id(key)]
        debtor, visitor = looking.debtor, looking.visitor
        for account in debtor._list_dunning_accounts(visitor):
            if (str(account.company.id), str(account.currency.id)) == wanted:
                other = visitor if visitor.commercial_partner_id != debtor else None
                choice = debtor._choose_dunning_payment(account, keys, visitor=other)
                return account, choice
        raise UserError(request.env._("Nothing is open any more. You need not pay."))

    @http.route(
        "/my/dunning/<int:notice_id>/pay",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
        max_content_length=FORM_SIZE,
    )
    def portal_dunning_notice_pay(self, notice_id, access_token=None, **_form):
        """Lead from the page of a letter to where all of it can be paid."""
        notice = self._get_dunning_notice(notice_id, access_token)
        if not notice:
            return request.redirect("/my")
        visitor = request.env.user.partner_id.sudo()  # as for the letter itself
        account = notice._get_account_today(visitor)
        keys = [item.line.id for item in account.items]
        try:
            with request.env.cr.savepoint():
                choice = notice.partner_id._choose_dunning_payment(
                    account, keys, notice, visitor
                )
        except UserError:
            return request.redirect(notice.get_portal_url())  # which says it is settled
        return request.redirect(choice.get_portal_url())

    # === PAYING === #

    def _get_choice(self, payment_id, access_token):
        return self._get_record("dunning.payment", payment_id, access_token)

    @http.route(
        "/my/dunning/pay/<int:payment_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_dunning_pay(self, payment_id, access_token=None, amount=None, **_kwargs):
        """Show what a customer chose, and how to pay it."""
        choice = self._get_choice(payment_id, access_token)
        if not choice:
            return self._refuse_account(access_token)
        values = choice._prepare_portal_values(amount)
        if values["amount"]:
            values |= self._prepare_payment_form(choice, values["amount"])
        return request.render(
            "l10n_nl_dunning.portal_dunning_pay",
            {
                **self._prepare_portal_layout_values(),
                **values,
                **self._get_way_back(choice),
                "res_company": choice.company_id,
                "page_name": "dunning_pay",
            },
        )

    def _prepare_payment_form(self, choice, amount):
        """Return what Odoo's form to pay online needs.

        :param choice: what is paid, as superuser
        :param Decimal amount: what is paid online
        :rtype: dict
        """
        token = choice._portal_ensure_token()
        values = self._get_common_page_view_values(
            {
                "partner": choice.partner_id,
                "company": choice.company_id,
                "total_amount": float(amount),
                "currency": choice.currency_id,
                "amount_residual": float(amount),
                "landing_route": choice.get_portal_url(),
                "transaction_route": f"/my/dunning/pay/{choice.id}/transaction",
                "payment_reference": choice.name,
            },
            access_token=token,
        )
        return values | {"form_amount": float(amount)}

    def _get_way_back(self, choice):
        """Return where a customer came from, and what it is called."""
        if notice := choice.notice_id:
            return {"back_url": notice.get_portal_url(), "back_name": notice.name}
        query = request.session.get(QUERY)
        if query is None and request.env.user._is_public():
            return {"back_url": None, "back_name": None}
        return {
            "back_url": ACCOUNT + (query or ""),
            "back_name": request.env._("All that is open"),
        }

    @http.route(
        "/my/dunning/pay/<int:payment_id>/transaction", type="jsonrpc", auth="public"
    )
    def portal_dunning_transaction(
        self, payment_id, access_token=None, amount=None, **kwargs
    ):
        """Begin to pay online what a customer chose.

        What is asked for it is worked out anew: the page may be of yesterday.
        """
        choice = self._get_choice(payment_id, access_token)
        if not choice:
            raise ValidationError(
                request.env._(
                    "This link does not work any more. Open the page again from our "
                    "newest letter or e-mail."
                )
            )
        self._validate_transaction_kwargs(kwargs, ("payment_reference",))
        choice._check_free()
        online = choice._get_online(choice._get_account())
        amount = choice._check_amount(amount, online)
        self._check_provider(choice, amount, kwargs.get("provider_id"))
        values = choice._prepare_transaction(amount, online)
        partner = request.env.user.partner_id
        if request.env.user._is_public():
            partner = choice.partner_id
        transaction = self._create_transaction(
            **{name: kwargs[name] for name in kwargs if name not in IGNORED},
            amount=float(amount),
            currency_id=choice.currency_id.id,
            partner_id=partner.id,
            reference_prefix=choice.name,
            landing_route=choice.get_portal_url(),
            custom_create_values={
                **values,
                "invoice_ids": [Command.set(values["invoice_ids"])],
            },
        )
        return transaction._get_processing_values()

    def _check_provider(self, choice, amount, provider_id):
        """Let nobody pay with a provider that is not offered for this payment.

        :raise ValidationError: when it is another, or there is none at all
        """
        values = self._prepare_payment_form(choice, amount)
        if provider_id not in values["providers_sudo"].ids:
            raise ValidationError(
                request.env._(
                    "You cannot pay in this way. Choose another one, or pay by bank."
                )
            )


def _is_id(text):
    return text.isascii() and text.isdigit() and len(text) < 10
