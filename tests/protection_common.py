from datetime import date

from odoo.tests import freeze_time

from .claim_common import ClaimCommon

#: The day of the ruling in most tests: ten days after the invoice was due.
RULING = date(2026, 11, 12)
LATER = date(2026, 11, 30)


class ProtectionCommon(ClaimCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.env.user.lang = "en_US"
        cls.company._get_dunning_responsible().lang = "en_US"
        cls.trustee = cls._create_debtor(
            "Mr. A.J. van Loon",
            is_company=False,
            email="vanloon@curatoren.example",
            street="Postbus 412",
            zip="3500 AK",
            city="Utrecht",
        )

    @classmethod
    def _protect(cls, kind, day=RULING, partner=None, now=None, **values):
        """Record a status, on the day itself unless said otherwise."""
        values.setdefault("representative_id", cls.trustee.id)
        with freeze_time(now or day):
            return cls.env["dunning.protection"].create(
                {
                    "partner_id": (partner or cls.debtor).id,
                    "kind": kind,
                    "date": day,
                    **values,
                }
            )

    def _end(self, protection, day=LATER, **values):
        with freeze_time(day):
            self.env["dunning.protection.end"].create(
                {
                    "protection_id": protection.id,
                    "date": day,
                    "reason": "Opgeheven",
                    **values,
                }
            ).action_end()
