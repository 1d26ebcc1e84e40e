from datetime import date

from odoo.tests import freeze_time, tagged

from .portal_common import PortalCommon
from .test_handover_record import HANDED_ON


@tagged("post_install_l10n", "post_install", "-at_install")
class TestHandoverPortal(PortalCommon):
    """What the debtor sees once an agency collects."""

    def test_page_names_the_agency_and_asks_nothing(self):
        notice = self._create_letter((1000, self._get_level("final_demand")))
        notice._attach_letters()
        notice.line_ids.deadline = date(2026, 11, 30)
        agency = self.env["dunning.agency"].create(
            {
                "company_id": self.company.id,
                "partner_id": self._create_debtor(
                    "Incasso Rijn B.V.", email="dossiers@rijn.example"
                ).id,
                "kind": "bailiff",
                "channel": "manual",
            }
        )
        self.env.flush_all()
        Handover = self.env["dunning.handover"]
        for move in notice.line_ids.move_id:
            self.env["ir.attachment"].create(
                {
                    "name": "x.pdf",
                    "raw": notice.letter_id.raw,
                    "res_model": "account.move",
                    "res_id": move.id,
                    "res_field": "invoice_pdf_report_file",
                }
            )
        with freeze_time(HANDED_ON):
            [handover], _refused = Handover._propose(notice.line_ids.move_line_id)
            handover.action_approve()
        self.assertEqual(handover.agency_id, agency)
        self.env.flush_all()

        page = self._read_page(notice)

        self.assertIn("Incasso Rijn B.V.", page)
        self.assertIn("dossiers@rijn.example", page)
        self.assertNotIn("NL91 ABNA", page)
