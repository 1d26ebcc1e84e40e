from odoo import api, models

from ...law.court import (
    AGREED_INTEREST,
    CONTRACT_CODES,
    NOT_PAID,
    PLACE_OF_PERFORMANCE,
    STATUTORY_INTEREST,
    WRITTEN_EVIDENCE,
)


class DunningCourtForm(models.AbstractModel):
    """Form A of the European order for payment: Regulation 1896/2006, annex I."""

    _name = "dunning.court.form"
    _description = "Form A of the European order for payment"

    # === BUSINESS METHODS === #

    @api.model
    def _fill(self, claim, data):
        """Return the form, by its boxes.

        :param claim: the `dunning.court.claim`
        :param dict data: what the dossier tells
        :rtype: dict
        """
        part = data["claims"][0]
        return {
            "form": "1896/2006-A",
            "reference": claim.name,
            "date": data["date"],
            # Box 1. In the Netherlands one court hears all of these.
            "court": {"name": "Rechtbank Den Haag", "country": "NL"},
            "parties": self._fill_parties(claim, data),
            # Box 3.
            "jurisdiction": {
                "code": PLACE_OF_PERFORMANCE,
                "specified": data["creditor"]["seat"],
            },
            # Boxes 4 and 5.
            "cross_border": {
                "claimant": claim.company_id.country_id.code,
                "defendant": claim.partner_id.country_id.code,
                "court": "NL",
            },
            "bank": {
                "holder": data["creditor"]["account_holder"],
                "iban": data["creditor"]["account"],
            },
            "principal": self._fill_principal(data, part),
            "interest": self._fill_interest(part),
            # Box 9.
            "costs": [{"code": "02", "amount": part["open_costs"]}],
            "evidence": self._fill_evidence(data),
            "currency": part["currency"],
            "total": part["total"],
        }

    @api.model
    def _fill_parties(self, claim, data):
        """Return box 2: the parties and their representatives."""
        creditor, debtor = data["creditor"], data["debtor"]
        return [
            {
                "code": "01",  # claimant
                "name": creditor["name"],
                "address": creditor["address"],
                "registration": creditor["kvk"],
                "vat": creditor["vat"],
                "email": creditor["email"],
                "phone": creditor["phone"],
            },
            {
                "code": "02",  # defendant
                "name": debtor["name"],
                "address": debtor["addresses"][0]["lines"],
                "country": claim.partner_id.country_id.code,
                "registration": debtor["kvk"],
                "vat": debtor["vat"],
                "email": debtor["email"],
                "phone": debtor["phone"],
            },
        ]

    @api.model
    def _fill_principal(self, data, part):
        """Return box 6: what each item comes to, and why it is owed."""
        dates = {row["number"]: row["date"] for row in data["invoices"]}
        return [
            {
                "cause": CONTRACT_CODES["service"],
                "circumstances": NOT_PAID,
                "number": item["number"],
                "date": dates.get(item["invoice"], ""),
                "due": item["due"],
                "amount": item["open_principal"],
            }
            for item in part["items"]
        ]

    @api.model
    def _fill_interest(self, part):
        """Return box 7: interest up to the day, and from then on."""
        agreed = part["interest_rule"]["kind"] == "agreed"
        return [
            {
                "code": AGREED_INTEREST if agreed else STATUTORY_INTEREST,
                "number": item["number"],
                "on": item["open_principal"],
                "from": item["in_default_since"],
                "amount": item["open_interest"],
                "per_day": item["per_day"],
            }
            for item in part["items"]
        ]

    @api.model
    def _fill_evidence(self, data):
        """Return box 10: the documents of the dossier."""
        return [
            {
                "code": WRITTEN_EVIDENCE,
                "description": file["title"],
                "group": file["group"],
            }
            for file in data["files"]
            if file["group"]
        ]
