from datetime import date

from odoo.tests import freeze_time

from .dossier_common import DossierCommon

#: The final demand of 23 November gives seven days, to Monday the 30th.
HANDED_ON = date(2026, 12, 15)


class HandoverCommon(DossierCommon):
    """An agency, and letters of which the term passed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.final = cls._get_level("final_demand")
        cls.agency_partner = cls.env["res.partner"].create(
            {
                "name": "Incasso Rijn B.V.",
                "is_company": True,
                "email": "dossiers@rijn.example",
                "phone": "+31 30 765 43 21",
            }
        )
        cls.agency = cls.env["dunning.agency"].create(
            {
                "company_id": cls.company.id,
                "partner_id": cls.agency_partner.id,
                "wki_number": "WKI-0123",
                "commission_percent": 10,
            }
        )

    def _create_lapsed(self, *items, **values):
        """Create a letter of which the term passed, with its PDF."""
        notice = self._create_letter(*(items or ((1000, self.final),)), **values)
        notice._attach_letters()
        notice.line_ids.deadline = date(2026, 11, 30)
        self.env.flush_all()
        return notice

    def _propose(self, items, day=HANDED_ON):
        with freeze_time(day):
            return self.env["dunning.handover"]._propose(items)

    def _hand_over(self, notice=None, day=HANDED_ON, state="sent"):
        """Hand over the items of a letter, as far as a state."""
        notice = notice or self._create_lapsed()
        [handover], refused = self._propose(notice.line_ids.move_line_id, day)
        self.assertFalse(refused)
        with freeze_time(day):
            if state != "proposed":
                handover.action_approve()
            if state not in ("proposed", "sent"):
                handover.action_accept()
        self.env.flush_all()
        return handover

    def _get_mails(self, handover):
        """Return subjects and texts of what was written to the agency."""
        messages = handover.message_ids.filtered(
            lambda message: self.agency_partner in message.partner_ids
        )
        return [(m.subject, str(m.body)) for m in messages.sorted("id")]
