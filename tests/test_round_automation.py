from unittest.mock import patch

from odoo.tests import tagged

from .common import FIRST_REMINDER, DunningCommon


@tagged("post_install_l10n", "post_install", "-at_install")
class TestAutomation(DunningCommon):
    """Automation rules on new letters fire, though letters are made in bulk."""

    def _watch(self, name):
        """Wrap `create` of a model as an automation rule does; return what it saw."""
        seen = []
        model = self.env.registry[name]

        def create(records, vals_list):
            made = create.origin(records, vals_list)
            seen.extend(made.ids)
            return made

        create.origin = model.create
        self.startPatcher(patch.object(model, "create", create))
        return seen

    def test_rule_sees_letters_and_lines(self):
        letters = self._watch("dunning.notice")
        lines = self._watch("dunning.notice.line")
        self._create_due_invoice(100)
        self._create_due_invoice(50)
        self._create_due_invoice(
            70, partner=self._create_debtor("Ander B.V.", email="a@example.com")
        )

        run = self._propose(FIRST_REMINDER)

        self.assertEqual(set(letters), set(run.notice_ids.ids))
        self.assertEqual(set(lines), set(run.notice_ids.line_ids.ids))
        self.assertEqual(len(lines), 3)

    def test_letters_are_the_same_as_without_a_rule(self):
        self._create_due_invoice(100)
        self._create_due_invoice(50)
        fields = ["partner_id", "level_id", "amount_total", "amount_claim", "state"]
        plain = self._propose(FIRST_REMINDER)
        expected = plain.notice_ids.read(fields, load="")
        lines = plain.notice_ids.line_ids.mapped(
            lambda line: (line.move_name, line.deadline, line.amount_residual)
        )
        plain.notice_ids.action_remove()
        self._watch("dunning.notice")
        self._watch("dunning.notice.line")

        watched = self._propose(FIRST_REMINDER).notice_ids

        for row in expected:
            del row["id"]
        self.assertRecordValues(watched, expected)
        self.assertEqual(
            watched.line_ids.mapped(
                lambda line: (line.move_name, line.deadline, line.amount_residual)
            ),
            lines,
        )
