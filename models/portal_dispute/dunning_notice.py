from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.portal_form import clean_text, parse_amount

#: A letter gets no more disputes from its page than this, whatever became of them.
DISPUTES_PER_LETTER = 5


#: Nor does a debtor on one day, over all his letters.
DISPUTES_PER_DAY = 5


TEXT_SIZE = (10, 3000)


class PortalDispute(NamedTuple):
    """A dispute as the form gave it, checked."""

    line: models.BaseModel  # dunning.notice.line
    category: models.BaseModel
    amount: Decimal | None  # None: the whole
    text: str


class DunningNotice(models.Model):
    """Disputes that the debtor raises from the page of a letter."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _prepare_portal_values(self, visitor):
        """Show on the page what can be disputed, and what was."""
        # EXTENDS 'l10n_nl_dunning'
        values = super()._prepare_portal_values(visitor)
        return values | self._prepare_portal_disputes(values["claim"])

    def _prepare_portal_disputes(self, claim):
        """Return what the page of this letter needs for disputes.

        :param ClaimToday claim: what is left to pay of the letter
        :rtype: dict
        """
        self.ensure_one()
        disputable = self._get_disputable(claim)
        return {
            "disputable": disputable,
            "disputes": self._get_shown_disputes(),
            "categories": self._get_dispute_categories(),
            "has_dispute_limit": self._has_dispute_limit(),
            "text_size": TEXT_SIZE,
        }

    def _get_dispute_categories(self):
        return self.env["dunning.dispute.category"].search([("active", "=", True)])

    def _get_disputable(self, claim):
        """Return what the debtor can dispute: what is open and not in dispute yet.

        :param ClaimToday claim: what is left to pay of the letter
        :return: amounts by line of the letter
        :rtype: dict[dunning.notice.line, Decimal]
        """
        self.ensure_one()
        items = self.line_ids.move_line_id
        raised = items & self._get_raised_disputes().move_line_ids
        return {
            item.line: item.open - item.disputed
            for item in claim.items
            if item.line.move_line_id not in raised and item.open > item.disputed
        }

    def _get_raised_disputes(self):
        """Return the disputes that customers raised over the items of this letter.

        What was decided is not raised again from a page: that takes a conversation.
        """
        self.ensure_one()
        return self.env["dunning.hold"].search(
            Domain("notice_id", "!=", False)
            & Domain("move_line_ids", "in", self.line_ids.move_line_id.ids)
        )

    def _get_shown_disputes(self):
        """Return all disputes over the items of this letter."""
        self.ensure_one()
        items = self.line_ids.filtered("level_id").move_line_id
        return self.env["dunning.hold"].search(
            [
                ("kind", "=", "dispute"),
                ("move_line_ids", "in", items.ids),
                ("partner_id", "=", self.partner_id.id),
            ]
        )

    def _has_dispute_limit(self):
        """Whether no further dispute is taken from the portal: enough were raised."""
        self.ensure_one()
        Hold = self.env["dunning.hold"]
        yesterday = self.env.cr.now() - timedelta(days=1)
        return (
            Hold.search_count([("notice_id", "=", self.id)]) >= DISPUTES_PER_LETTER
            or Hold.search_count(
                [
                    ("notice_id", "!=", False),
                    ("partner_id", "=", self.partner_id.id),
                    ("create_date", ">=", yesterday),
                ]
            )
            >= DISPUTES_PER_DAY
        )

    def _read_dispute(self, form, disputable):
        """Read the form of a dispute.

        :param dict form: texts by name of the field, as anybody may have sent them
        :param dict disputable: what can be disputed, see `_get_disputable`
        :return: the dispute when it is right, and what is wrong by name of the field
        :rtype: tuple[PortalDispute | None, dict]
        """
        lines = {str(line.id): line for line in disputable}
        line = lines.get(form["line_id"])
        categories = {str(c.id): c for c in self._get_dispute_categories()}
        dispute = PortalDispute(
            line,
            categories.get(form["category_id"]),
            form["amount"].strip() and parse_amount(form["amount"]) or None,
            clean_text(form["text"]),
        )
        errors = self._check_dispute(dispute, form, disputable.get(line))
        return (None if errors else dispute), errors

    def _check_dispute(self, dispute, form, open_amount):
        errors = {}
        if not dispute.line:
            errors["line_id"] = self.env._("Choose the invoice that you dispute.")
        if not dispute.category:
            errors["category_id"] = self.env._("Choose what it is about.")
        if form["amount"].strip() and not (
            dispute.amount and (not dispute.line or dispute.amount <= open_amount)
        ):
            errors["amount"] = self.env._(
                "Enter an amount above zero that is not higher than what is open, or "
                "leave it empty to dispute all of it."
            )
        shortest, longest = TEXT_SIZE
        if not shortest <= len(dispute.text) <= longest:
            errors["text"] = self.env._(
                "Tell us what is wrong, in %(shortest)s to %(longest)s characters.",
                shortest=shortest,
                longest=longest,
            )
        return errors

    def _raise_dispute(self, dispute, files, author):
        """Open a dispute that the debtor raised, and have somebody look at it.

        :param PortalDispute dispute: what the form said, checked
        :param list files: pairs of name and content of what came with it
        :param author: the `res.partner` who wrote it
        :return: the dispute
        :rtype: recordset of `dunning.hold`
        :raise UserError: when enough disputes were raised
        """
        self.ensure_one()
        self.partner_id._take_dunning_turn()
        if self._has_dispute_limit():
            raise UserError(self._get_dispute_limit_text())
        worker = self._get_worker()
        # What colleagues read is in their language, not in that of the debtor.
        notice = self.with_context(lang=worker.lang)
        hold = notice.env["dunning.hold"]._dispute_items(
            dispute.line.move_line_id.with_env(notice.env),
            {
                "category_id": dispute.category.id,
                "notice_id": self.id,
                "user_id": worker.id,
                "note": dispute.text,
            },
            dispute.amount and float(dispute.amount),
        )
        hold._welcome_portal_dispute(dispute.text, files, author)
        return hold.with_env(self.env)

    def _get_dispute_limit_text(self):
        return self.env._(
            "You have raised several disputes already. Please contact us by telephone "
            "or e-mail, so that we can help you."
        )
