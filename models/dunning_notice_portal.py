from odoo import api, models
from odoo.fields import Domain

from ..tools.letter_format import LetterFormat
from .dunning_notice_portal_claim import ARRANGED, PROTECTED
from .dunning_notice_today import ARRIVING_STATES, ISSUED_STATES

#: How a letter stands that asks for something.
ASKING_STATES = ("open", "late", "promised")


class DunningNotice(models.Model):
    """The page of a letter, for the debtor.

    Debtors have no access rights: the controller shows them what belongs on the page
    and nothing else.
    """

    _name = "dunning.notice"
    _inherit = ["dunning.notice", "portal.mixin"]

    # === COMPUTE METHODS === #

    def _compute_access_url(self):
        # EXTENDS 'portal'
        result = super()._compute_access_url()
        for notice in self:
            notice.access_url = f"/my/dunning/{notice.id}"
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **_link):
        # EXTENDS 'portal': there are no messages on the page, so who has its link
        # neither reads nor writes any.
        return super()._get_thread_with_access(thread_id, mode=mode)

    @api.model
    def _get_portal_domain(self, partner):
        """Return the domain of the letters that a customer may see on the portal.

        :param partner: any contact of the customer
        :rtype: Domain
        """
        return Domain("state", "in", ISSUED_STATES) & Domain(
            "partner_id", "=", partner.commercial_partner_id.id
        )

    def _is_on_portal(self):
        """Whether the debtor may see this letter: it was issued and not withdrawn."""
        self.ensure_one()
        return self.state in ISSUED_STATES

    def _get_portal_page(self):
        """Return the address of the page of this letter, in the language it has."""
        self.ensure_one()
        lang = self.env["res.lang"]._get_frontend().get(self.lang or self._get_lang())
        prefix = f"/{lang.url_code}" if lang else ""
        return f"{self.get_base_url()}{prefix}{self.get_portal_url()}"

    def _prepare_portal_list(self, visitor):
        """Return what the list of letters shows.

        :param visitor: the `res.partner` who looks at it
        :rtype: dict
        """
        claims = self._get_portal_claims(visitor)
        promises = self._get_portal_promises(claims)
        standing = self._get_standing_letters()
        states = {
            notice.id: notice._get_portal_state(claims[notice.id], promises[notice.id])
            for notice in self
        }
        return {
            "notices": self,
            "claims": claims,
            "promised": {
                notice.id: promises[notice.id]._get_next_promise_date()
                for notice in self
            },
            "states": {
                notice.id: notice._get_listed_state(
                    states[notice.id], standing[notice.id]
                )
                for notice in self
            },
            "formats": {notice.id: notice._get_portal_format() for notice in self},
        }

    def _prepare_portal_values(self, visitor):
        """Return what the page of this letter shows.

        :param visitor: the `res.partner` who looks at it
        :rtype: dict
        """
        self.ensure_one()
        claim = self._get_portal_claims(visitor)[self.id]
        promises = self._get_portal_promises({self.id: claim})[self.id]
        moves = self._get_open_moves(claim)
        standing = self._get_standing_letters()[self.id]
        return {
            "notice": self,
            "claim": claim,
            "items": {item.line: item for item in (*claim.items, *claim.resting)},
            "fmt": self._get_portal_format(),
            "portal_state": self._get_portal_state(claim, promises),
            "is_asking": self._get_portal_state(claim, promises) in ASKING_STATES,
            "term": self._get_portal_term(claim),
            "promises": promises,
            "promise_numbers": promises.move_line_ids._get_dunning_numbers(),
            "standing": standing,
            "standing_link": standing and self._get_portal_link(standing, visitor),
            "payment": claim.total
            and self._prepare_transfer(moves, float(claim.total)),
            "payable": self._get_payable_online(moves),
            "invoices": (self._get_portal_items().move_id | moves).filtered(
                lambda move: move.is_invoice() and move.state == "posted"
            ),
            "signatory": self._get_signatory(),
            **self._prepare_portal_disputes(claim),
        }

    def _get_portal_format(self):
        """Return how the portal writes amounts and dates: as the letter does."""
        self.ensure_one()
        lang = "nl" if (self.env.lang or "").startswith("nl") else "en"
        currency = self.currency_id
        return LetterFormat(lang, currency.name, currency.decimal_places)

    def _get_portal_state(self, claim, promises):
        """Return how a letter stands for the debtor.

        :param ClaimToday claim: what the debtor is asked for
        :param promises: what he promised, see `_get_portal_promises`
        :return: `paid`, `protected`, `arranged`, `disputed`, `promised`, `late` or
            `open`
        :rtype: str
        """
        self.ensure_one()
        if not claim.total:
            reasons = {item.rests for item in claim.resting}
            for state in (PROTECTED, ARRANGED):
                if state in reasons:
                    return state
            return "disputed" if claim.disputed else "paid"
        if self._is_promised(claim, promises):
            return "promised"
        return "late" if self._get_portal_term(claim).is_over else "open"

    def _get_listed_state(self, state, standing):
        """Return how a letter stands in the list, where amounts are shown once.

        :param str state: how it stands for itself, see `_get_portal_state`
        :param standing: another letter that asks for its items now, if any
        :return: the same, `replaced`, or `undelivered` when it gives way to an older
            letter
        :rtype: str
        """
        self.ensure_one()
        if not standing or state not in ASKING_STATES:
            return state
        return "replaced" if standing.id > self.id else "undelivered"

    def _get_open_moves(self, claim):
        """Return the invoices that are to be paid, charges last."""
        lines = [item.line.move_line_id for item in claim.items]
        lines += [charge.line for charge in claim.charges]
        return self.env["account.move"].union(*(line.move_id for line in lines))

    def _get_payable_online(self, moves):
        """Return those of some open invoices that have a payment page."""
        self.ensure_one()
        if not self.company_id._has_dunning_online_payment():
            return moves.browse()
        return moves.filtered(lambda move: move._has_to_be_paid())

    def _get_standing_letters(self):
        """Return for each of these letters the other one that asks for its items now.

        That is the newest letter after it that arrived or is under way. One that
        failed did not reach the debtor, so what he had before holds; it gives way
        itself to an older letter. One under way counts: both would ask him for the
        same amount, the older with a term that is over. Should it fail, the older one
        asks again.

        :return: letters by id, empty where there is none
        :rtype: dict[int, dunning.notice]
        """
        asked = {n: n.line_ids.filtered("level_id").move_line_id for n in self}
        found = self.env["dunning.notice.line"].search_fetch(
            [
                ("move_line_id", "in", self.line_ids.move_line_id.ids),
                ("state", "in", ARRIVING_STATES),
                ("is_limitation", "=", False),
            ],
            ["move_line_id", "notice_id"],
            order="id desc",
        )
        return {
            notice.id: found.filtered(
                lambda line, notice=notice, items=items: (
                    (line.notice_id.id > notice.id or notice.state == "failed")
                    and line.move_line_id in items
                    and line.notice_id.partner_id == notice.partner_id
                )
            )[:1].notice_id
            for notice, items in asked.items()
        }
