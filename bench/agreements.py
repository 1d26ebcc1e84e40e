"""What was agreed with debtors: pauses, promises, disputes, arrangements, contacts.

Made through Odoo in batches, in the state they reached: offers are not printed or
mailed. What was paid of promises and instalments are the payments of the invoices.
"""

from datetime import timedelta
from decimal import Decimal

from odoo.fields import Command, Domain

#: One in so many debtors has an agreement of a sort; one in ten was called.
EVERY, CALLED_EVERY = 40, 10
#: Items in an arrangement, instalments of it.
ITEMS, INSTALMENTS = 3, 4
#: Days from today to the start and the first instalment of arrangements, and what
#: else is known in that state, in days from today as well.
ARRANGEMENTS = {
    "offered": (-2, 14, {"offered_on": -2, "offer_until": 12, "pause_until": 5}),
    "active": (-40, -20, {"offered_on": -40, "started_on": -36}),
    "broken": (-80, -66, {"started_on": -76, "broken_on": -8, "lapse_deadline": 6}),
    "fulfilled": (-130, -120, {"started_on": -126, "fulfilled_on": -20}),
}
OUTCOMES = ("reached", "not_reached", "voicemail", "planned")


def make_agreements(company, debtors, today) -> None:
    """Make agreements with some of the debtors, each debtor one.

    :param company: the `res.company`
    :param debtors: all debtors (`res.partner`), in order
    :param date today: the day
    """
    company = company.with_context(tracking_disable=True, mail_create_nolog=True)
    shares = [debtors[number::EVERY] for number in range(3 + len(ARRANGEMENTS))]
    make_pauses(company, shares[0], today)
    make_promises(company, _find_items(company, shares[1]), today)
    make_disputes(company, _find_items(company, shares[2]), today)
    for state, share in zip(ARRANGEMENTS, shares[3:], strict=True):
        make_arrangements(company, state, share, today)
    make_contacts(company, debtors[len(shares) :: CALLED_EVERY], today)
    announce_what_is_over(company, today)


def announce_what_is_over(company, today) -> None:
    """Count the owners as asked what follows: the daily job asks on the day itself."""
    over = company.env["dunning.hold"].search([("date_review", "<=", today)])
    for hold in over:
        hold.date_announced = hold.date_review


def make_pauses(company, debtors, today) -> None:
    """Pause all that debtors owe; every fourth pause is over."""
    company.env["dunning.hold"].create(
        [
            {
                "company_id": company.id,
                "partner_id": debtor.id,
                "kind": "internal",
                "date_from": today - timedelta(days=30 if number % 4 == 0 else 3),
            }
            for number, debtor in enumerate(debtors)
        ]
    )


def make_promises(company, items, today) -> None:
    """Half of the promises can still be kept, the days of the others are over."""
    company.env["dunning.hold"].create(
        [
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "kind": "promise",
                "move_line_ids": lines[:1].ids,
                "date_from": today - timedelta(days=3 if number % 2 else 40),
                "promise_date": today - timedelta(days=-4 if number % 2 else 30),
                "promise_amount": lines[0].balance,
            }
            for number, (partner, lines) in enumerate(items)
        ]
    )


def make_disputes(company, items, today) -> None:
    """Every other dispute is about a part, every fourth found justified."""
    items = [(partner, lines.filtered("amount_residual")) for partner, lines in items]
    disputes = company.env["dunning.hold"].create(
        [
            {
                "company_id": company.id,
                "partner_id": partner.id,
                "kind": "dispute",
                "move_line_ids": lines[:1].ids,
                "date_from": today - timedelta(days=10),
                "amount_disputed": round(lines[0].amount_residual / (1 + number % 2)),
            }
            for number, (partner, lines) in enumerate(items)
            if lines
        ]
    )
    disputes[::4].write({"date_end": today - timedelta(days=2), "outcome": "justified"})


def make_arrangements(company, state, debtors, today) -> None:
    """Make arrangements that reached a state.

    Items are as they were before they were paid: what was paid since, and stands in
    the ledger, pays the instalments.
    """
    Arrangement = company.env["payment.arrangement"].with_company(company)
    start, first, known = ARRANGEMENTS[state]
    days = {name: today + timedelta(days=number) for name, number in known.items()}
    arrangements = Arrangement.create(
        [
            _prepare_arrangement(
                Arrangement,
                partner,
                _choose_items(lines, state),
                "amount_residual" if state == "offered" else "balance",
                today + timedelta(days=start),
                today + timedelta(days=first),
            )
            for partner, lines in _find_items(company, debtors)
        ]
    )
    arrangements.write({"state": state, **days})


def make_contacts(company, debtors, today) -> None:
    """Record a call with debtors, or a wish to call."""
    reasons = company.env["dunning.reason"].search([])
    company.env["dunning.contact"].create(
        [
            {
                "company_id": company.id,
                "partner_id": debtor.id,
                "date": today - timedelta(days=number % 60),
                "outcome": OUTCOMES[number % 4],
                "reason_id": reasons[number % len(reasons)].id,
                "note": "Belt later terug.",
                **({"next_date": today} if number % 4 == 3 else {}),
            }
            for number, debtor in enumerate(debtors)
        ]
    )


def _find_items(company, debtors) -> list:
    """Return the items of invoices of each debtor, paid and open: one search."""
    lines = company.env["account.move.line"].search(
        Domain("company_id", "=", company.id)
        & Domain("partner_id", "in", debtors.ids)
        & Domain("account_type", "=", "asset_receivable")
        & Domain("parent_state", "=", "posted")
        & Domain("move_type", "=", "out_invoice"),
        order="partner_id, id",
    )
    return list(lines.grouped("partner_id").items())


def _choose_items(lines, state):
    """Return items for an arrangement: paid ones first, an offer has open ones."""
    if state == "offered":
        return lines.filtered(lambda line: not line.reconciled)[:ITEMS]
    return lines.sorted(lambda line: (line.amount_residual / line.balance, line.id))[
        : 1 if state == "fulfilled" else ITEMS
    ]


def _prepare_arrangement(Arrangement, partner, items, amount, day, first) -> dict:
    """Return the values of an arrangement over items, for what a field of them says."""
    principals = items.mapped(amount)
    terms = {
        "company_id": Arrangement.env.company.id,
        "currency_id": items.currency_id.id,
        "division": "count",
        "instalment_count": INSTALMENTS,
        "first_date": first,
    }
    total = sum((Decimal(f"{amount:.2f}") for amount in principals), Decimal())
    return {
        **terms,
        "partner_id": partner.id,
        "date": day,
        "item_ids": [
            Command.create(
                {
                    "move_line_id": line.id,
                    "move_id": line.move_id.id,
                    "move_name": line.move_id.name,
                    "invoice_date": line.invoice_date,
                    "date_maturity": line.date_maturity,
                    "principal": principal,
                }
            )
            for line, principal in zip(items, principals, strict=True)
        ],
        "line_ids": [
            Command.create({"date": due, "amount": float(amount)})
            for due, amount in Arrangement.new(terms)._get_schedule(total)
        ],
    }
