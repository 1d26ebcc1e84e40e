from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .payment_arrangement import ACTIVITY, FIRST_DAYS


class DunningNotice(models.Model):
    """A debtor asks on the page of his letter to pay in instalments."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _prepare_portal_values(self, visitor):
        # EXTENDS 'l10n_nl_dunning'
        values = super()._prepare_portal_values(visitor)
        today = self.company_id._get_dunning_today()
        arrangements = self._get_shown_arrangements()
        return {
            **values,
            "arrangements": arrangements,
            "arrangement_links": {
                arrangement.id: self._get_portal_link(arrangement, visitor)
                for arrangement in arrangements
            },
            "arrangement_amount": values["is_asking"]
            and self._can_ask_arrangement()
            and self._sum_arrangeable(),
            "arrangement_form": {
                "count": "3",
                "first_date": (today + timedelta(days=FIRST_DAYS)).isoformat(),
            },
            "today": today.isoformat(),
        }

    def _can_ask_arrangement(self):
        """Whether the debtor may ask: the company allows it and something is open."""
        self.ensure_one()
        return self.company_id.dunning_arrangement_ask and bool(
            self._get_arrangeable_items()
        )

    def _get_arrangeable_items(self):
        """Return what the letter asks for and an arrangement can cover.

        That is open items, and charges for nothing but them. Not what is in another
        arrangement. Nor what is in dispute: who signs an arrangement acknowledges the
        debt.
        """
        self.ensure_one()
        claim = self._get_claims_today()[self.id]
        items = self.env["account.move.line"].union(
            *(item.line.move_line_id for item in claim.items if not item.disputed)
        )
        items = items.filtered(lambda item: item._is_dunning_arrangeable())
        charges = self.env["account.move.line"].union(*(c.line for c in claim.charges))
        return items | (charges & items._get_dunning_charges_alone())

    def _prepare_arrangeable(self, items):
        """Return the items with what letters have asked for them up to today.

        A creditor may include all that is due when he makes an offer himself. A debtor
        who asks knows what he was asked for, and that is what he asks to spread:
        interest and costs that no letter asked for would be a surprise.

        :param items: the open items (`account.move.line`)
        :rtype: list[dict]
        """
        self.ensure_one()
        today = self.company_id._get_dunning_today()
        asked = {
            item.line.move_line_id.id: {
                "interest": float(item.interest),
                "costs": float(item.costs),
            }
            for item in self._get_claims_today()[self.id].items
        }
        return [
            {**values, **asked.get(values["move_line_id"], {})}
            for values in self.env["payment.arrangement"]._prepare_items(
                items, today, with_interest=False, with_costs=False
            )
        ]

    def _sum_arrangeable(self):
        """Return what the debtor can ask to pay in instalments, less his credits."""
        self.ensure_one()
        parts = self.env["payment.arrangement"]._claim_parts()
        claims = self._prepare_arrangeable(self._get_arrangeable_items())
        return sum(values[part] for values in claims for part in parts)

    def _get_shown_arrangements(self):
        """Return what was offered or agreed about the items of this letter."""
        self.ensure_one()
        items = self._get_portal_items().dunning_arrangement_item_ids
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
        self.partner_id._take_dunning_turn()
        if shown := self._get_shown_arrangements():
            return shown[:1]  # the form was sent twice
        today = self.company_id._get_dunning_today()
        self._check_asked(first_date, today)
        # In whose name the company offers.
        responsible = self.company_id._get_dunning_worker(self.responsible_id)
        self = self.with_user(responsible).sudo()  # the debtor has no rights himself
        Arrangement = self.env["payment.arrangement"].with_company(self.company_id)
        values = self._prepare_asked(count, first_date)
        # Only what is offered takes a number. A colleague reads in his own language.
        asked = Arrangement.with_context(lang=responsible.lang).new(values)
        notice = self.with_env(asked.env)
        reason = notice._get_unset_credit() or asked._get_limit(today)
        if reason:
            notice._have_arrangement_decided(asked, reason, responsible)
            return Arrangement
        arrangement = Arrangement.create({**values, "responsible_id": responsible.id})
        arrangement._offer()
        return arrangement

    def _check_asked(self, first_date, today):
        """Check that the debtor may ask for instalments from a day on.

        :raise UserError: when he may not
        """
        if not self._can_ask_arrangement():
            raise UserError(self.env._("You cannot ask for this here. Please call us."))
        if first_date < today:
            raise UserError(self.env._("Choose a first date that is not in the past."))

    def _prepare_asked(self, count, first_date):
        """Return the values of monthly instalments for what can be asked.

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
        items = self._get_arrangeable_items()
        return self.env["payment.arrangement"]._prepare_arrangement(
            items, terms, self._prepare_arrangeable(items)
        )

    def _get_unset_credit(self):
        """Return that a credit is open, if so: it must be set off against an item."""
        if self._get_claims_today()[self.id].credit:
            return self.env._("an open credit has to be set off first.")
        return False

    def _have_arrangement_decided(self, asked, reason, responsible):
        """Ask somebody to decide about what the debtor asks, once for a letter.

        :param asked: the unsaved `payment.arrangement`
        :param str reason: why it is not offered by itself
        :param responsible: the `res.users` who decides
        """
        self.ensure_one()
        summary = self.env._("Customer asks to pay in instalments")
        if self.activity_ids.filtered(lambda activity: activity.summary == summary):
            return
        self.activity_schedule(
            ACTIVITY,
            summary=summary,
            note=self.env._(
                "%(count)s monthly instalments from %(day)s on, %(amount)s in all. Not "
                "offered by itself: %(reason)s",
                count=asked.instalment_count,
                day=format_date(self.env, asked.first_date),
                amount=format_amount(
                    self.env, sum(asked.line_ids.mapped("amount")), self.currency_id
                ),
                reason=reason,
            ),
            user_id=responsible.id,
        )
