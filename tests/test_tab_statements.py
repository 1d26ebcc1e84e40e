from lxml import etree

from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestTabStatements(DunningCommon):
    """Opening an invoice stays fast: the statements for its tab are counted."""

    def _get_specification(self):
        """Return the fields of the tab, as the client passes them to `web_read`."""
        view = self.env["account.move"].get_view(view_type="form")
        [page] = etree.fromstring(view["arch"]).xpath("//page[@name='dunning']")
        return {
            node.get("name"): {
                "fields": {child.get("name"): {} for child in node.iterfind(".//field")}
                or {"display_name": {}}
            }
            if self.env["account.move"]._fields[node.get("name")].relational
            else {}
            for node in page.xpath(".//field[not(ancestor::field)]")
        }

    def _count_statements(self, moves, specification):
        """Count the statements for a second reading: the first one fills caches."""
        for _reading in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            moves.web_read(specification)
        return self.env.cr.sql_log_count - before

    @freeze_time(FIRST_REMINDER)
    def test_open_invoice(self):
        move = self._create_due_invoice()
        self._send(FIRST_REMINDER)

        count = self._count_statements(move, self._get_specification())

        # One of them asks whether the connection has the selection at hand.
        self.assertLessEqual(count, 23)

    @freeze_time(FIRST_REMINDER)
    def test_paid_invoice_needs_neither_plan_nor_claim(self):
        move = self._create_due_invoice()
        self._pay(move)

        count = self._count_statements(move, self._get_specification())

        self.assertLessEqual(count, 7)

    @freeze_time(FIRST_REMINDER)
    def test_list_of_invoices_makes_one_plan(self):
        moves = self.env["account.move"].union(
            *(self._create_due_invoice() for _number in range(4))
        )
        one = self._count_statements(moves[:1], {"dunning_obstacle": {}})

        self.assertEqual(self._count_statements(moves, {"dunning_obstacle": {}}), one)
