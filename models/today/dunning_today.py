from datetime import date
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.groups import ACCOUNTING_GROUPS


class Card(NamedTuple):
    """A kind of work that waits, with what has to be said about it.

    `action` is the list that it counts, `domain` limits that list to what it counts.
    What is `quiet` goes on by itself: nobody has to do anything. What is `shared` has
    no company.
    """

    code: str
    sequence: int
    title: str
    button: str
    icon: str
    action: str
    domain: list
    count: int = 0
    amount: float = 0
    oldest: date | bool = False
    quiet: bool = False
    shared: bool = False


class DunningToday(models.AbstractModel):
    """The start screen. Nothing on it is stored: each card counts a list.

    A room adds its cards by extending `_get_dunning_cards`, or for what only Python
    can work out `_get_dunning_late_cards`: the screen asks for these when the others
    are there already. Cards without anything to do are not shown.
    """

    _name = "dunning.today"
    _description = "What waits today"

    # === ENTRY POINTS OF THE SCREEN === #

    @api.model
    def get_cards(self, mine=False, company_id=False, late=False):
        """Return what the screen shows, or the cards that come later.

        :param bool mine: only what waits for the user himself
        :param int company_id: one of the companies of the user, else all chosen ones
        :param bool late: the cards that take longer
        :rtype: dict
        """
        if not self.env.user.has_groups(ACCOUNTING_GROUPS):
            raise AccessError(
                self.env._("Only who may see invoices may see this. Ask for the right.")
            )
        scope = self._limit_to_company(company_id)
        mine = bool(mine)
        cards = (
            scope._get_dunning_late_cards(mine)
            if late
            else scope._get_dunning_cards(mine)
        )
        waiting = sorted(
            (card for card in cards if card.count), key=lambda card: card.sequence
        )
        return {
            "cards": [scope._format_card(card) for card in waiting],
            "day": format_date(
                self.env, scope.env.company._get_dunning_today(), date_format="full"
            ),
            "companies": [
                {"id": company.id, "name": company.name}
                for company in self.env.companies
            ],
        }

    # === THE SEAM === #

    @api.model
    def _get_dunning_cards(self, mine):
        """Return the cards that the database counts: a statement or two each.

        :param bool mine: only what waits for the user himself
        :rtype: list[Card]
        """
        return [self._get_bank_card()]

    @api.model
    def _get_dunning_late_cards(self, mine):
        """Return the cards for which a plan or a calculation is made.

        :param bool mine: only what waits for the user himself
        :rtype: list[Card]
        """
        return []

    # === HELPERS FOR CARDS === #

    @api.model
    def _limit_domain(self, card):
        """Return what a card counts, in the companies that the screen is about.

        :rtype: Domain
        """
        companies = Domain("company_id", "in", self.env.companies.ids)
        return Domain(card.domain) & (Domain.TRUE if card.shared else companies)

    @api.model
    def _get_owner(self, field, mine):
        """Return the domain of what waits for the user, or of everything.

        :param str field: who does the work
        :rtype: Domain
        """
        return Domain(field, "=", self.env.uid) if mine else Domain.TRUE

    @api.model
    def _count(self, card, model, amount=None, day=None, currency="currency_id"):
        """Return the card with its number, amount and oldest day: one statement.

        :param Card card: with its domain
        :param str model: whose records they are
        :param str amount: a stored amount, in the currency of the record
        :param str day: a stored date, since when they wait
        :rtype: Card
        """
        aggregates = ["__count", f"{amount}:sum", f"{day}:min"]
        groups = self.env[model]._read_group(
            self._limit_domain(card),
            [currency] if amount else [],
            [name for name in aggregates if not name.startswith("None")],
        )
        count, total, days = 0, 0.0, []
        for row in groups:
            values = list(row)
            currency_of = values.pop(0) if amount else None
            count += values.pop(0)
            total += self._convert(values.pop(0), currency_of) if amount else 0
            days += filter(None, values)
        oldest = min(map(fields.Date.to_date, days), default=False)
        return card._replace(count=count, amount=total, oldest=oldest)

    @api.model
    def _convert(self, amount, currency):
        """Return an amount in the currency of the company."""
        company = self.env.company
        if not currency or currency == company.currency_id:
            return amount or 0.0
        return currency._convert(
            amount or 0.0, company.currency_id, company, company._get_dunning_today()
        )

    # === BUSINESS METHODS === #

    @api.model
    def _limit_to_company(self, company_id):
        """Return this model for one company.

        :raise UserError: for a company that is not chosen
        """
        if not company_id:
            return self
        if company_id not in self.env.companies.ids:
            raise UserError(
                self.env._("Choose this company at the top right of the screen first.")
            )
        return self.with_context(allowed_company_ids=[company_id])

    def _format_card(self, card):
        """Return a card as the screen shows it.

        :rtype: dict
        """
        currency = self.env.company.currency_id
        return {
            **card._asdict(),
            "domain": list(self._limit_domain(card)),
            "amount": card.amount and currency.format(card.amount),
            "oldest": card.oldest and format_date(self.env, card.oldest),
        }

    def _get_bank_card(self):
        """Ask for the bank first: without it the rest is about who has paid already."""
        journals = self.env["account.journal"].search(
            [("company_id", "in", self.env.companies.ids), ("type", "=", "bank")]
        )
        stale = journals.filtered("dunning_bank_is_stale")
        return Card(
            code="bank",
            sequence=10,
            title=self.env._("Bank not up to date"),
            button=self.env._("Import statements"),
            icon="fa-university",
            action="account.open_account_journal_dashboard_kanban",
            domain=[("id", "in", stale.ids)],
            count=len(stale),
            oldest=min(filter(None, stale.mapped("dunning_bank_date")), default=False),
        )
