from unittest.mock import patch

from odoo.tests import freeze_time, tagged

from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestListSearches(DunningCommon):
    """Searches behind the lists that are more than a comparison with a column."""

    def test_undelivered_is_also_where_one_channel_failed(self):
        self._create_due_invoice()
        letter = self._send(FIRST_REMINDER).notice_ids
        letter.delivery_ids.copy({"state": "returned"})
        Notice = self.env["dunning.notice"]
        undelivered = [("id", "=", letter.id), ("is_undelivered", "=", True)]

        self.assertEqual(letter.state, "sent")
        self.assertTrue(letter.is_undelivered)
        self.assertEqual(Notice.search(undelivered), letter)
        self.assertFalse(
            Notice.search([*undelivered[:1], ("is_undelivered", "=", False)])
        )
        letter.delivery_ids.state = "sent"
        self.assertFalse(letter.is_undelivered)
        self.assertFalse(Notice.search(undelivered))

    def test_page_and_count_need_one_plan(self):
        self._create_due_invoice()
        self._create_due_invoice()
        searches = {
            "account.move": [("dunning_is_due", "=", True)],
            "account.move.line": [("dunning_obstacle", "=", False)],
        }
        MoveLine = type(self.env["account.move.line"])
        for model, domain in searches.items():
            with (
                self.subTest(model),
                freeze_time(FIRST_REMINDER),
                patch.object(
                    MoveLine,
                    "_plan_dunning",
                    autospec=True,
                    side_effect=MoveLine._plan_dunning,
                ) as plan,
            ):
                page = self.env[model].web_search_read(domain, {"id": {}}, limit=1)

                self.assertEqual(page["length"], 2)
                self.assertEqual(plan.call_count, 1)
