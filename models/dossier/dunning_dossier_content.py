from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain

from ...law import notice_term

#: The published form of the data, see `static/schema`.
SCHEMA = "dossier-1"

#: Deliveries that may have brought a letter to the debtor.
ARRIVING = ("sent", "delivered")


class DunningDossierContent(models.AbstractModel):
    """What is known of a claim, as plain data: what the published schema describes.

    Later rooms add what they know with `super()`, and raise the number of the schema
    when a reader of the former one could misunderstand it.
    """

    _name = "dunning.dossier.content"
    _description = "Contents of a dossier"

    # === BUSINESS METHODS === #

    @api.model
    def _collect(self, dossier):
        """Return all that a dossier tells, but for its files.

        :param dossier: the `dunning.dossier`
        :return: texts, whole numbers, lists and dicts: ready to be written as JSON
        :rtype: dict
        """
        items = dossier.item_ids
        claims = self._get_claims(dossier, items)
        data = {
            "schema": SCHEMA,
            "reference": dossier.name,
            "date": dossier.date.isoformat(),
            "language": self.env.lang[:2],
            "creditor": self._get_creditor(dossier, items),
            "debtor": self._get_debtor(dossier),
            "claims": claims,
            "invoices": self._get_invoices(dossier, items),
            "letters": self._get_letters(dossier, items),
            "fourteen_day_letters": self._get_fourteen_day_letters(dossier, items),
            "contacts": self._get_contacts(dossier, items),
            "promises": self._get_promises(dossier, items),
            "disputes": self._get_disputes(dossier, items),
            "arrangements": self._get_arrangements(dossier, items),
        }
        return data | {"missing": self._get_missing(dossier, data)}

    # --- The parties.

    @api.model
    def _get_creditor(self, dossier, items):
        company = dossier.company_id
        bank = company._get_dunning_bank_account(items.move_id)
        return {
            "name": company.name,
            "address": company.partner_id._get_dunning_address(company),
            "seat": company.dunning_seat or company.city or "",
            "kvk": company.company_registry or "",
            "vat": company.vat or "",
            "deducts_vat": company.dunning_vat_deductible,
            "email": company.email or "",
            "phone": company.phone or "",
            "account": (bank.acc_number or "").replace(" ", ""),
            "account_holder": bank.acc_holder_name or company.name,
        }

    @api.model
    def _get_debtor(self, dossier):
        debtor = dossier.partner_id
        is_consumer = debtor.dunning_is_consumer
        return {
            "name": debtor.name,
            "reference": debtor.ref or "",
            "kind": "consumer" if is_consumer else "business",
            "kvk": debtor.company_registry or "",
            "vat": debtor.vat or "",
            "email": debtor.email or "",
            "phone": debtor.phone or "",
            "language": debtor.lang or "",
            "addresses": self._get_addresses(dossier),
            "addresses_used": self._get_addresses_used(dossier),
            "protections": [
                {
                    "kind": status.kind,
                    "since": _tell_day(status.date),
                    "until": _tell_day(status.date_end),
                    "ended_on": _tell_day(status.ended_on),
                    "reference": status.reference or "",
                    "representative": status.representative_id.display_name or "",
                    "address": status.representative_id
                    and status.representative_id._get_dunning_address(
                        dossier.company_id
                    )
                    or [],
                }
                for status in debtor.dunning_protection_ids.sorted("id")
            ],
        }

    @api.model
    def _get_addresses(self, dossier):
        """Return where the debtor can be reached: himself and his contacts."""
        people = dossier.partner_id + dossier.partner_id.child_ids.sorted("id")
        return [
            {
                "name": person.name or person.parent_id.name or "",
                "kind": person.type or "contact",
                "lines": person._get_dunning_address(dossier.company_id),
                "email": person.email or "",
                "phone": person.phone or "",
            }
            for person in people
        ]

    @api.model
    def _get_addresses_used(self, dossier):
        """Return where letters went, and from when: the history of the address."""
        rows = self.env["dunning.delivery"]._read_group(
            [
                ("partner_id", "=", dossier.partner_id.id),
                ("company_id", "=", dossier.company_id.id),
                ("state", "!=", "cancelled"),
                ("notice_id.date", "<=", dossier.date),
            ],
            ["address", "channel"],
            ["notice_id:recordset"],
        )
        used = [
            {
                "address": " ".join(address.split()),
                "channel": channel,
                "first": _tell_day(min(notices.mapped("date"))),
                "last": _tell_day(max(notices.mapped("date"))),
            }
            for address, channel, notices in rows
        ]
        return sorted(used, key=lambda row: (row["first"], row["address"]))

    # --- The claim.

    @api.model
    def _get_claims(self, dossier, items):
        """Return the claim by currency, to the day of the dossier."""
        numbers = items._get_dunning_numbers()
        company, debtor = dossier.company_id, dossier.partner_id
        is_consumer = debtor.dunning_is_consumer
        rate = {
            "kind": self._get_rate_kind(company, debtor, is_consumer),
            "compounds": company._compounds_dunning_interest(debtor, is_consumer),
            "basis": company.dunning_interest_basis,
        }
        claims = []
        for key, claim in items._get_dunning_claims(dossier.date).items():
            currency = key[2]
            rule = company._get_dunning_cost_rule(currency, is_consumer, claim.day)
            claims.append(
                {
                    "currency": currency.name,
                    "day": claim.day.isoformat(),
                    "interest_rule": rate,
                    "costs_rule": {
                        "kind": "flat" if rule.flat else "scale",
                        "vat_percent": _tell(rule.vat_percent),
                    },
                    **self._sum_claim(claim),
                    "items": [
                        self._get_claim_item(item, numbers) for item in claim.items
                    ],
                }
            )
        return claims

    @api.model
    def _get_rate_kind(self, company, debtor, is_consumer):
        if company._get_dunning_agreed_interest(debtor, is_consumer):
            return "agreed"
        return "statutory" if is_consumer else "commercial"

    @api.model
    def _sum_claim(self, claim):
        names = ("principal", "paid", "interest", "costs", "vat", "per_day")
        return {
            **{name: _tell(getattr(claim, name)) for name in names},
            "open_principal": _tell(claim.open_principal),
            "open_interest": _tell(claim.open_interest),
            "open_costs": _tell(claim.open_costs),
            "total": _tell(claim.total),
        }

    @api.model
    def _get_claim_item(self, item, numbers):
        """Return the claim on one item: how it came about, and what was paid of it."""
        debt = item.debt
        line = self.env["account.move.line"].browse(debt.key)
        in_time = debt.in_time_until
        return {
            "number": numbers[debt.key],
            "invoice": line.move_id.name,
            "due": debt.due.isoformat(),
            "in_default_since": _tell_day(in_time and in_time + timedelta(days=1)),
            "costs_since": _tell_day(debt.costs_from),
            "disputed": _tell(debt.suspended),
            "costs_waived": debt.costs_waived,
            **self._sum_claim(_ItemSums(item)),
            "charged_interest": _tell(item.charged_interest),
            "payments": [
                {"date": day.isoformat(), "amount": _tell(amount)}
                for day, amount in debt.payments
                if day <= item.day
            ],
            "paid_costs": _tell(item.paid_costs),
            "paid_interest": _tell(item.paid_interest),
            "paid_principal": _tell(item.paid_principal),
            "segments": [
                {
                    "start": segment.start.isoformat(),
                    "end": segment.end.isoformat(),
                    "days": segment.days,
                    "base": _tell(segment.base),
                    "percent": str(segment.percent),
                    "amount": _tell(segment.amount),
                }
                for segment in item.segments
            ],
        }

    @api.model
    def _get_invoices(self, dossier, items):
        """Return the invoices behind the items, with what was agreed."""
        known = self._find_terms(dossier)
        lang = (dossier.partner_id.lang or "nl")[:2]
        invoices = []
        for move in items.move_id.sorted(lambda move: (move.date, move.name)):
            day = move.invoice_date or move.date
            terms = known._pick(day, lang)
            invoices.append(
                {
                    "number": move.name,
                    "kind": move.move_type,
                    "date": day.isoformat(),
                    "delivered": _tell_day(move.delivery_date),
                    "due": _tell_day(move.invoice_date_due),
                    "order_number": move.ref or "",
                    "origin": move.invoice_origin or "",
                    "payment_reference": move.payment_reference or "",
                    "payment_term": move.invoice_payment_term_id.name or "",
                    "currency": move.currency_id.name,
                    "untaxed": _tell(move.amount_untaxed),
                    "tax": _tell(move.amount_tax),
                    "total": _tell(move.amount_total),
                    "is_sent": bool(move.is_move_sent),
                    "terms": terms.name or "",
                }
            )
        return invoices

    @api.model
    def _find_terms(self, dossier):
        return self.env["dunning.terms"].search(
            [("company_id", "=", dossier.company_id.id)]
        )

    # --- Letters and their proof.

    @api.model
    def _get_notices(self, dossier, items):
        """Return the letters about these items that were issued up to the day."""
        return (
            items.dunning_notice_line_ids.filtered("level_id")
            .notice_id.filtered(
                lambda notice: (
                    notice.name and notice.date and notice.date <= dossier.date
                )
            )
            .sorted(lambda notice: (notice.date, notice.id))
        )

    @api.model
    def _get_letters(self, dossier, items):
        letters = []
        for notice in self._get_notices(dossier, items):
            lines = notice.line_ids.filtered("level_id")
            letters.append(
                {
                    "reference": notice.name,
                    "kind": notice.level_kind,
                    "name": notice.level_id.name,
                    "date": notice.date.isoformat(),
                    "deadline": _tell_day(notice.deadline),
                    "state": notice.state,
                    "cancel_reason": notice.cancel_reason or "",
                    "recipient": notice.recipient_id.display_name or "",
                    "currency": notice.currency_id.name,
                    "claimed": _tell(notice.amount_claim),
                    "announced_costs": _tell(notice.amount_announced),
                    "items": sorted(set(lines.mapped("move_name"))),
                    "deliveries": [
                        self._get_delivery(delivery)
                        for delivery in notice.delivery_ids.sorted("id")
                    ],
                }
            )
        return letters

    @api.model
    def _get_delivery(self, delivery):
        """Return one attempt to deliver a letter, with what proves it."""
        notice = delivery.notice_id
        return {
            "channel": delivery.channel,
            "state": delivery.state,
            "address": " ".join(delivery.address.split()),
            "sent": _tell_moment(notice, delivery.date_sent),
            "delivered": _tell_moment(notice, delivery.date_delivered),
            "tracking_code": delivery.tracking_code or "",
            "message_id": delivery.message_id or "",
            "error": delivery.error or "",
        }

    @api.model
    def _get_fourteen_day_letters(self, dossier, items):
        """Return the fourteen-day letters, with when each arrived and its term lapsed.

        The term runs from receipt, proven or presumed: 6:96(6) BW, HR 25 November 2016,
        ECLI:NL:HR:2016:2704.
        """
        proofs = []
        for notice in self._get_notices(dossier, items):
            lines = notice.line_ids.filtered(
                lambda line: line.level_id.kind == "fourteen_day"
            )
            if lines and notice.state != "cancelled":
                proofs.append(self._get_proof(dossier, notice, lines))
        return proofs

    @api.model
    def _get_proof(self, dossier, notice, lines):
        """Return how one fourteen-day letter reached the debtor, and what followed."""
        terms = []
        for delivery in notice.delivery_ids.sorted("id"):
            if delivery.state not in ARRIVING or notice.state != "sent":
                continue
            sent = max(delivery._get_day(delivery.date_sent), notice.date)
            proven = delivery.date_delivered and max(
                delivery._get_day(delivery.date_delivered), sent
            )
            days = lines.level_id[:1].term_days
            term = notice_term(sent, days, received=proven or None)
            terms.append((term.last_day, delivery, sent, proven, term))
        proof = {
            "reference": notice.name,
            "items": sorted(set(lines.mapped("move_name"))),
            "asked": _tell(sum(lines.mapped("amount_residual"))),
            "announced_costs": _tell(notice.amount_announced),
            "currency": notice.currency_id.name,
            "days": lines.level_id[:1].term_days,
            "arrived": bool(terms),
        }
        if not terms:
            return proof | {"lapsed": False}
        _last, delivery, sent, proven, term = max(terms, key=lambda row: row[0])
        return proof | {
            "channel": delivery.channel,
            "address": " ".join(delivery.address.split()),
            "tracking_code": delivery.tracking_code or "",
            "message_id": delivery.message_id or "",
            "sent": sent.isoformat(),
            "proven_receipt": _tell_day(proven),
            "receipt": term.delivered.isoformat(),
            "first_day": term.first_day.isoformat(),
            "last_day": term.last_day.isoformat(),
            "costs_due_from": term.lapsed_on.isoformat(),
            "lapsed": term.lapsed_on <= dossier.date,
        }

    # --- What was said and agreed.

    @api.model
    def _about(self, dossier, items):
        """Return the domain of what is about these items, or all of the debtor."""
        return (
            Domain("company_id", "=", dossier.company_id.id)
            & Domain("partner_id", "=", dossier.partner_id.id)
            & (
                Domain("move_line_ids", "=", False)
                | Domain("move_line_ids", "in", items.ids)
            )
        )

    @api.model
    def _get_contacts(self, dossier, items):
        contacts = self.env["dunning.contact"].search(
            self._about(dossier, items) & Domain("outcome", "!=", "planned"),
            order="date, id",
        )
        tz = dossier.company_id._get_dunning_tz()
        return [
            {
                "moment": _local(contact, tz, contact.date),
                "kind": contact.type,
                "direction": contact.direction,
                "outcome": contact.outcome,
                "person": contact.person_id.name or "",
                "by": contact.user_id.name,
                "reason": contact.reason_id.name or "",
                "note": contact.note or "",
            }
            for contact in contacts
            if contact.date.date() <= dossier.date
        ]

    @api.model
    def _get_holds(self, dossier, items, kind):
        return self.env["dunning.hold"].search(
            self._about(dossier, items)
            & Domain("kind", "=", kind)
            & Domain("date_from", "<=", dossier.date),
            order="date_from, id",
        )

    @api.model
    def _get_promises(self, dossier, items):
        return [
            {
                "date": promise.date_from.isoformat(),
                "invoices": sorted(promise.move_ids.mapped("name")),
                "currency": promise.currency_id.name or "",
                "amount": _tell(promise.promise_amount),
                "pays_by": _tell_day(promise.promise_date),
                "result": promise.promise_result or "",
                "paid": _tell(promise.promise_paid),
            }
            for promise in self._get_holds(dossier, items, "promise")
        ]

    @api.model
    def _get_disputes(self, dossier, items):
        return [
            {
                "date": dispute.date_from.isoformat(),
                "invoices": sorted(dispute.move_ids.mapped("name")),
                "category": dispute.category_id.name or "",
                "currency": dispute.currency_id.name or "",
                "amount": _tell(dispute.amount_disputed),
                "text": dispute.note or "",
                "outcome": dispute.outcome or "",
                "ended_on": _tell_day(dispute.date_end),
                "answer": dispute.answer or "",
                "new_term": _tell_day(dispute.date_term),
            }
            for dispute in self._get_holds(dossier, items, "dispute")
        ]

    @api.model
    def _find_arrangements(self, dossier, items):
        return self.env["payment.arrangement"].search(
            [
                ("company_id", "=", dossier.company_id.id),
                ("partner_id", "=", dossier.partner_id.id),
                ("item_ids.move_line_id", "in", items.ids),
                ("state", "!=", "draft"),
            ],
            order="id",
        )

    @api.model
    def _get_arrangements(self, dossier, items):
        tz = dossier.company_id._get_dunning_tz()
        return [
            {
                "reference": plan.name,
                "state": plan.state,
                "offered_on": _tell_day(plan.offered_on),
                "offered_by": plan.offered_by_id.name or "",
                "signed_by": plan.signed_by or "",
                "signed_on": _local(plan, tz, plan.signed_on),
                "signed_how": plan.signed_how or "",
                "signed_from": plan.signed_ip or "",
                "broken_on": _tell_day(plan.broken_on),
                "end_reason": plan.end_reason or "",
                "currency": plan.currency_id.name,
                "total": _tell(plan.amount_total),
                "items": sorted(plan.item_ids.mapped("move_name")),
                "instalments": [
                    {
                        "date": line.date.isoformat(),
                        "amount": _tell(line.amount),
                        "paid": _tell(line.amount_paid),
                        "warned_on": _tell_day(line.warning_date),
                    }
                    for line in plan.line_ids.sorted(lambda line: (line.date, line.id))
                ],
            }
            for plan in self._find_arrangements(dossier, items)
        ]

    # --- What is missing, for whoever has to prove the claim.

    @api.model
    def _get_missing(self, dossier, data):
        """Return what the claim still lacks: codes with a sentence each.

        :param dict data: all else that the dossier tells
        :rtype: list[dict]
        """
        found = [
            *self._find_missing_invoices(dossier, data),
            *self._find_missing_notice(dossier, data),
        ]
        if any(not dispute["ended_on"] for dispute in data["disputes"]):
            found.append(
                ("dispute", self.env._("A dispute is still open: settle it first."))
            )
        creditor = data["creditor"]
        if not creditor["kvk"]:
            found.append(
                (
                    "kvk",
                    self.env._(
                        "The creditor's number in the trade register is missing."
                    ),
                )
            )
        return [{"code": code, "sentence": sentence} for code, sentence in found]

    @api.model
    def _find_missing_invoices(self, dossier, data):
        """Yield what invoices lack."""
        lacking = [
            invoice["number"]
            for invoice in data["invoices"]
            if invoice["kind"] == "out_invoice"
        ]
        without_terms = [
            invoice["number"]
            for invoice in data["invoices"]
            if invoice["number"] in lacking and not invoice["terms"]
        ]
        if without_terms:
            yield (
                "terms",
                self.env._(
                    "No general conditions are kept for: %s. Add them under "
                    "Configuration, if any were agreed.",
                    ", ".join(without_terms),
                ),
            )
        unsent = [
            invoice["number"] for invoice in data["invoices"] if not invoice["is_sent"]
        ]
        if unsent:
            yield (
                "not_sent",
                self.env._("Not known to have been sent: %s.", ", ".join(unsent)),
            )

    @api.model
    def _find_missing_notice(self, dossier, data):
        """Yield what the notices of default lack."""
        if data["debtor"]["kind"] == "consumer":
            proofs = data["fourteen_day_letters"]
            if not any(proof["lapsed"] for proof in proofs):
                yield (
                    "fourteen_day",
                    self.env._(
                        "No fourteen-day letter arrived and lapsed: collection costs "
                        "are not due yet (article 6:96(6) BW)."
                    ),
                )
            return
        late = [
            item["number"]
            for claim in data["claims"]
            for item in claim["items"]
            if not item["in_default_since"] and Decimal(item["principal"]) > 0
        ]
        if late:
            yield (
                "default",
                self.env._(
                    "Not in default yet, or without interest: %s.", ", ".join(late)
                ),
            )


class _ItemSums:
    """The claim on one item, with the names that the claim on a debtor has."""

    def __init__(self, item):
        self.principal = item.debt.principal
        self._item = item

    def __getattr__(self, name):
        return getattr(self._item, name)


def _tell(amount):
    """Return an amount as text: numbers in JSON are read as binary fractions.

    >>> _tell(Decimal("12.5")), _tell(0), _tell(-0.0)
    ('12.50', '0.00', '0.00')
    """
    exact = Decimal(f"{amount:.3f}") + 0  # no minus zero
    two = exact.quantize(Decimal("0.01"))
    return str(two if two == exact else exact)


def _tell_day(day):
    return day.isoformat() if day else ""


def _local(record, tz, moment):
    """Return a moment as it was for the company, to the minute."""
    if not moment:
        return ""
    record = record.with_context(tz=tz)
    local = fields.Datetime.context_timestamp(record, moment)
    return local.isoformat(timespec="minutes")


def _tell_moment(notice, moment):
    return _local(notice, notice.company_id._get_dunning_tz(), moment)
