"""One debtor and one invoice of each sort, made as a user makes them.

The generator multiplies them in SQL, so what is generated has in every column what
Odoo itself writes there.
"""

from datetime import date, timedelta
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas
from session import COMPANY_NAME

from odoo.fields import Command

#: Of the prototypes; what is multiplied is moved to its own days.
INVOICE_DATE = date.today() - timedelta(days=60)
DUE_DATE = INVOICE_DATE + timedelta(days=30)
PAYMENT_DATE = INVOICE_DATE + timedelta(days=10)
#: Net and gross of the smallest invoice; others are whole multiples.
NET, GROSS, PART = 10.0, 12.1, 5.0

ADDRESS = {"street": "Dorpsstraat 1", "zip": "3811 AB", "city": "Amersfoort"}
#: Sorts of debtors: values, and how many of each hundred there are.
DEBTORS = {
    "business": (55, {"is_company": True, "email": "a@bench.example", **ADDRESS}),
    "contact": (10, {"is_company": True, "email": "b@bench.example", **ADDRESS}),
    "consumer": (18, {"email": "c@bench.example", **ADDRESS}),
    "english": (5, {"is_company": True, "email": "d@bench.example", "lang": "en_US"}),
    "post": (10, {"is_company": True, **ADDRESS}),
    "unreachable": (2, {"is_company": True}),
}
#: Sorts of invoices, and how many of each hundred there are.
INVOICES = {
    "plain": 63,
    "instalments": 10,
    "partial": 10,
    "paid": 10,
    "refund": 5,
    "unsent": 2,
}


def make_company(env):
    """Make a Dutch company with its own chart of accounts and a bank account."""
    no_lookup = (
        {"iap_enrich_auto_done": True}  # of a company that is not real
        if "iap_enrich_auto_done" in env["res.company"]._fields
        else {}
    )
    # Nothing else is installed for the new country while it is loaded as data.
    company = (
        env["res.company"]
        .with_context(install_mode=True)
        .create(
            {
                "name": COMPANY_NAME,
                "country_id": env.ref("base.nl").id,
                "currency_id": env.ref("base.EUR").id,
                "email": "debiteuren@bench.example",
                "phone": "+31 20 123 45 67",
                **no_lookup,
                **ADDRESS,
            }
        )
    )
    env.ref("base.EUR").active = True
    env["account.chart.template"].try_loading("nl", company, install_demo=False)
    env["res.partner.bank"].create(
        {
            "acc_number": "NL91ABNA0417164300",
            "partner_id": company.partner_id.id,
            "allow_out_payment": True,
        }
    )
    company.partner_id.lang = "nl_NL"
    return company.with_env(env).with_company(company)


def make_debtors(env):
    """Return a debtor of each sort."""
    country = env.ref("base.nl").id
    debtors = {
        sort: env["res.partner"].create(
            {
                "name": f"Debtor {sort}",
                "country_id": country,
                "lang": "nl_NL",
                "company_id": False,
                **values,
            }
        )
        for sort, (_weight, values) in DEBTORS.items()
    }
    env["res.partner"].create(
        {
            "name": "Administratie",
            "type": "invoice",
            "parent_id": debtors["contact"].id,
            "email": "administratie@bench.example",
        }
    )
    return debtors


def make_invoices(company, debtor):
    """Return the invoice of each sort, posted, with what belongs to it."""
    company.env["res.lang"]._activate_lang("nl_NL")
    moves = {
        sort: _make_invoice(company, debtor, sort) for sort in ("plain", "instalments")
    }
    for sort in ("partial", "paid", "unsent"):
        moves[sort] = _make_invoice(company, debtor, sort)
    moves["refund"] = _make_invoice(company, debtor, "refund", "out_refund")
    _pay(moves["partial"], PART)
    _pay(moves["paid"], GROSS)
    for sort, move in moves.items():
        if sort not in ("unsent", "refund"):
            _keep_pdf(move)
    return moves


def _make_invoice(company, debtor, sort, move_type="out_invoice"):
    env = company.env
    term = _get_instalment_term(env) if sort == "instalments" else False
    move = env["account.move"].create(
        {
            "move_type": move_type,
            "company_id": company.id,
            "partner_id": debtor.id,
            "invoice_date": INVOICE_DATE,
            "invoice_date_due": False if term else DUE_DATE,
            "invoice_payment_term_id": term and term.id,
            "currency_id": company.currency_id.id,
            "is_move_sent": sort != "unsent",
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": "Kantoorartikelen",
                        "price_unit": NET,
                        "tax_ids": company.account_sale_tax_id.ids,
                    }
                )
            ],
        }
    )
    move.action_post()
    return move


def _get_instalment_term(env):
    return env["account.payment.term"].create(
        {
            "name": "Two halves",
            "line_ids": [
                Command.create(
                    {"value": "percent", "value_amount": 50, "nb_days": days}
                )
                for days in (30, 60)
            ],
        }
    )


def _pay(move, amount):
    move.env["account.payment.register"].with_context(
        active_model="account.move", active_ids=move.ids
    ).create({"amount": amount, "payment_date": PAYMENT_DATE})._create_payments()


def _keep_pdf(move):
    """Keep a PDF as sending an invoice does."""
    stream = BytesIO()
    canvas = Canvas(stream)
    canvas.drawString(72, 720, "Factuur")
    canvas.showPage()
    canvas.save()
    move.env["ir.attachment"].create(
        {
            "name": f"{move.name.replace('/', '_')}.pdf",
            "res_model": "account.move",
            "res_field": "invoice_pdf_report_file",
            "res_id": move.id,
            "raw": stream.getvalue(),
            "mimetype": "application/pdf",
        }
    )
