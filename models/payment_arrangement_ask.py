from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

ACTIVITY = "mail.mail_activity_data_todo"


class DunningNotice(models.Model):
    """A debtor asks on the page of his letter to pay in instalments."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _can_ask_arrangement(self):
        """Whether the debtor may ask: the company allows it and something is open."""
        self.ensure_one()
        return self.company_id.dunning_arrangement_ask and bool(
            self._get_arrangeable_items()
        )

    def _get_arrangeable_items(self):
        """Return the open items of the letter that an arrangement can cover.

        Not what is in another one. Nor what is in dispute: who signs an arrangement
        acknowledges the debt.
        """
        self.ensure_one()
        items = self.env["account.move.line"].union(
            *(
                item.line.move_line_id
                for item in self._get_claims_today()[self.id].items
                if not item.disputed
            )
        )
        return items.filtered(
            lambda item: (
                not item.reconciled
                and item.parent_state == "posted"
                and not item.dunning_arrangement_item_ids.filtered("is_live")
            )
        )

    def _get_shown_arrangements(self):
        """Return what was offered or agreed about the items of this letter."""
        self.ensure_one()
        items = self.line_ids.move_line_id.dunning_arrangement_item_ids
        return items.filtered("is_live").arrangement_id

    def _ask_arrangement(self, count, first_date):
        """Offer what the debtor asks, or have somebody decide.

        :param int count: number of monthly instalments
        :param date first_date: the first of them
        :return: the offer, empty when somebody decides
        :rtype: recordset of `payment.arrangement`
        :raise UserError: when he may not ask, or what he asks makes no sense
        """
        self.ensure_one()
        items = self._get_arrangeable_items()
        if not self._can_ask_arrangement():
            raise UserError(self.env._("You cannot ask for this here. Please call us."))
        today = self.company_id._get_dunning_today()
        if first_date < today:
            raise UserError(self.env._("Choose a first date that is not in the past."))
        # In whose name the company offers.
        responsible = self.company_id._get_dunning_worker(self.responsible_id)
        self = self.with_user(responsible).sudo()  # the debtor has no rights himself
        Arrangement = self.env["payment.arrangement"].with_company(self.company_id)
        values = self._prepare_asked(items, count, first_date)
        # Only what is offered takes a number.
        reason = Arrangement.new(values)._get_limit(today)
        if reason:
            self._have_arrangement_decided(count, first_date, reason, responsible)
            return Arrangement
        arrangement = Arrangement.create({**values, "responsible_id": responsible.id})
        arrangement._offer()
        return arrangement

    def _prepare_asked(self, items, count, first_date):
        """Return the values of monthly instalments for some items of the letter.

        :rtype: dict
        """
        wizard = self.env["payment.arrangement.wizard"].with_company(self.company_id)
        terms = wizard.new(
            {
                "currency_id": self.currency_id.id,
                "instalment_count": count,
                "first_date": first_date,
            }
        )
        return self.env["payment.arrangement"]._prepare_arrangement(items, terms)

    def _have_arrangement_decided(self, count, first_date, reason, responsible):
        """Ask somebody to decide about what the debtor asks, once for a letter."""
        self.ensure_one()
        summary = self.env._("Customer asks to pay in instalments")
        if self.activity_ids.filtered(lambda activity: activity.summary == summary):
            return
        self.activity_schedule(
            ACTIVITY,
            summary=summary,
            note=self.env._(
                "%(count)s monthly instalments from %(day)s on. Not offered by itself: "
                "%(reason)s",
                count=count,
                day=format_date(self.env, first_date),
                reason=reason,
            ),
            user_id=responsible.id,
        )


class PaymentArrangement(models.Model):
    """What a company agrees to without looking."""

    _inherit = "payment.arrangement"

    # === BUSINESS METHODS === #

    def _get_limit(self, today):
        """Return why this is more than the company offers by itself, or False.

        :param date today: the day
        :rtype: str or bool
        """
        self.ensure_one()
        company, lines = self.company_id, self._get_ordered_lines()
        if self.partner_id.dunning_protection_id:
            return self.env._("the customer is protected by law.")
        if self.search_count(
            [
                ("company_id", "=", company.id),
                ("partner_id", "=", self.partner_id.id),
                ("state", "=", "broken"),
            ],
            limit=1,
        ):
            return self.env._("an earlier arrangement has lapsed.")
        if len(lines) > company.dunning_arrangement_max_count:
            return self.env._("there are too many instalments.")
        smallest = company.currency_id._convert(
            company.dunning_arrangement_min_amount, self.currency_id, company, today
        )
        if self.currency_id.compare_amounts(min(lines.mapped("amount")), smallest) < 0:
            return self.env._("the instalments are too small.")
        if (lines[0].date - today).days > 31:
            return self.env._("the first date is more than a month away.")
        return False
