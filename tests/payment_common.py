import json
import re
import unittest

from odoo.fields import Command

from .portal_common import PortalCommon


class PaymentCommon(PortalCommon):
    """Debtors who pay online, with the demo provider of Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        module = cls.env["ir.module.module"].sudo()._get("payment_demo")
        if module.state != "installed":
            raise unittest.SkipTest("payment_demo is not installed")
        cls.env["ir.config_parameter"].sudo().set_param(
            "account_payment.enable_portal_payment", "True"
        )
        cls.provider = cls._create_provider(cls.company)
        cls.method = cls.env.ref("payment_demo.payment_method_demo").sudo()
        cls.final_demand = cls._get_level("final_demand")

    @classmethod
    def _create_provider(cls, company):
        demo = cls.env.ref("payment.payment_provider_demo").sudo()
        return demo.copy(
            {
                "name": "Demo",
                "company_id": company.id,
                "state": "test",
                "is_published": True,
                "payment_method_ids": [Command.set(demo.payment_method_ids.ids)],
            }
        )

    # === WHAT A CUSTOMER DOES === #

    def _choose(self, *moves, notice=None, partner=None):
        """Choose invoices, all that is open without any, or what a letter asks."""
        partner = (partner or self.debtor).sudo()  # as controllers see it
        if notice:
            account = notice.sudo()._get_account_today(partner)
        else:
            [account] = partner._list_dunning_accounts()
        keys = [
            item.line.id
            for item in account.items
            if not moves or item.line.move_id in moves
        ]
        return partner._choose_dunning_payment(account, keys, notice)

    def _begin(self, choice, amount=None):
        """Begin an online payment of a choice, of all of it without an amount."""
        account = choice._get_account()
        online = choice._get_online(account)
        amount = choice._check_amount(float(amount or online.everything), online)
        values = choice._prepare_transaction(amount, online)
        Transaction = self.env["payment.transaction"].sudo()
        return Transaction.create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "amount": float(amount),
                "currency_id": choice.currency_id.id,
                "partner_id": choice.partner_id.id,
                "operation": "online_direct",
                "reference": Transaction._compute_reference("demo", prefix=choice.name),
                **values,
                "invoice_ids": [Command.set(values["invoice_ids"])],
            }
        )

    def _finish(self, transaction, state="done"):
        """Do as the provider does when it tells what became of a payment."""
        data = {"reference": transaction.reference, "simulated_state": state}
        transaction._process("demo", data)
        transaction._post_process()
        return transaction

    def _pay_online(self, choice, amount=None):
        return self._finish(self._begin(choice, amount))

    # === OVER THE WEB === #

    def _call(self, url, **params):
        """Call a JSON route; return its result, or the message of its error."""
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        answer = self.url_open(
            url, data=body, headers={"Content-Type": "application/json"}
        ).json()
        if "error" in answer:
            return answer["error"]["data"]["message"]
        return answer["result"]

    def _start(self, choice, amount, token=None, **params):
        """Begin to pay over the web, as the form of Odoo does."""
        return self._call(
            f"/my/dunning/pay/{choice.id}/transaction",
            **{
                "access_token": choice._portal_ensure_token()
                if token is None
                else token,
                "amount": amount,
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "token_id": None,
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": "/my",
                "is_validation": False,
                **params,
            },
        )

    def _post(self, url, page, **data):
        """Send a form; the token of the session stands on a page."""
        html = self.url_open(page).text
        csrf = re.search(r'csrf_token: "([^"]+)"', html)[1]
        return self.url_open(url, {"csrf_token": csrf, **data})
