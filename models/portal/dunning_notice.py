from datetime import date
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain

from ..claim.engine.charge import ZERO
from ..demand.dunning_notice import ARRIVING_STATES, ISSUED_STATES, ClaimToday
from ..letter.letter_format import LetterFormat
from ..policy.level_kinds import BY_CODE

#: How a letter stands that asks for something.
ASKING_STATES = ("open", "late", "promised")


#: Why nothing is asked for an item that is open.
PROTECTED, ARRANGED = "protected", "arranged"


#: What the debtor is told of his promises; withdrawn ones no longer count.
SHOWN_RESULTS = ("open", "kept", "partly", "broken")


class PortalTerm(NamedTuple):
    """Until when the page of a letter asks to pay."""

    days: dict  # by line of the letter, where there is more than one
    day: date | None = None  # the one day for all that is asked, if there is one
    is_over: bool = False  # whether a term has passed
    is_undated: bool = False  # the fourteen days, which are not named by a date


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

    def _prepare_email_values(self, letter):
        """Let the e-mail link to the page of the letter."""
        # EXTENDS 'l10n_nl_dunning'
        values = super()._prepare_email_values(letter)
        return {**values, "page": self._get_portal_page()}

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
        listed_states = {
            notice.id: notice._get_listed_state(states[notice.id], standing[notice.id])
            for notice in self
        }
        replaced = self.filtered(
            lambda notice: (
                listed_states[notice.id] == "replaced" and standing[notice.id] in self
            )
        )
        return {
            "notices": self - replaced,
            "earlier": replaced.grouped(lambda notice: standing[notice.id]),
            "claims": claims,
            "promised": {
                notice.id: promises[notice.id]._get_next_promise_date()
                for notice in self
            },
            "states": listed_states,
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
            "payment": claim.total and self._prepare_portal_payment(claim, moves),
            "payable": self._get_payable_online(moves),
            "invoices": (self._get_portal_items().move_id | moves).filtered(
                lambda move: move.is_invoice() and move.state == "posted"
            ),
            "signatory": self._get_signatory(),
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

    def _prepare_portal_payment(self, claim, moves):
        """Return how the claim of today can be paid, see `_prepare_transfer`.

        :param ClaimToday claim: what the debtor is asked for
        :param moves: the invoices that are to be paid
        :rtype: dict
        """
        asked = [
            (item.line.move_line_id.move_id, float(item.open - item.disputed))
            for item in claim.items
        ]
        asked += [
            (charge.line.move_id, float(charge.amount)) for charge in claim.charges
        ]
        total = float(claim.total)
        payment = self._prepare_transfer(moves, total)
        return payment | self._prepare_parts(asked, total)

    def _get_payable_online(self, moves):
        """Return those of some open invoices that have a payment page.

        What is paid online comes in on an account of the company: not what is to be
        paid to a factor, or in part to a blocked account.
        """
        self.ensure_one()
        if not self.company_id._has_dunning_online_payment():
            return moves.browse()
        accounts = self.company_id._get_dunning_accounts(moves)
        return moves.filtered(
            lambda move: (
                move._has_to_be_paid()
                and self._is_own_account(accounts[move])
                and not move._get_dunning_blocked()
            )
        )

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

    # --- What the page of a letter asks the debtor for today.

    def _get_portal_claims(self, visitor):
        """Return what the pages of these letters ask for: a few statements for all.

        :param visitor: the `res.partner` who looks at them
        :rtype: dict[int, ClaimToday]
        """
        claims = self._get_claims_today()
        items = (
            self._get_portal_items()
            .union(
                *(charge.items for claim in claims.values() for charge in claim.charges)
            )
            .exists()
        )
        stopped, arranged = items._get_dunning_stopped(), items._get_dunning_arranged()
        for notice in self:
            protected = stopped if notice._is_for(visitor) else items
            claims[notice.id] = notice._rest_items(
                claims[notice.id],
                dict.fromkeys(arranged, ARRANGED) | dict.fromkeys(protected, PROTECTED),
            )
        return claims

    def _get_portal_items(self):
        """Return the items of these letters that their debtors still owe, or owed.

        An invoice may have been reset and made out to somebody else since.

        :rtype: recordset of `account.move.line`
        """
        return self.env["account.move.line"].union(
            *(line.move_line_id for line in self.line_ids if line._is_own())
        )

    @api.model
    def _get_protected_items(self, claim):
        """Return the items that nothing may be asked for.

        :param ClaimToday claim: what the debtor is asked for
        """
        return self.env["account.move.line"].union(
            *(i.line.move_line_id for i in claim.resting if i.rests == PROTECTED)
        )

    def _is_for(self, visitor):
        """Whether a letter is for who looks at it to pay.

        Of a debtor who is represented nothing is asked himself, nor with letters from
        before that time, whose links he has.

        :param visitor: the `res.partner` who looks at the letter
        """
        self.ensure_one()
        status = self.partner_id.dunning_protection_id
        return not (status and status._is_represented()) or (
            self.recipient_id == status.representative_id
            and visitor.commercial_partner_id != self.partner_id
        )

    def _get_portal_link(self, record, visitor):
        """Return the address of another page, for who looks at the page of this letter.

        Its token is for whom letters go to now. Others have to log in: a debtor who is
        represented, and who represented him before.

        :param record: another letter, or an arrangement
        :param visitor: the `res.partner` who looks at this page
        """
        self.ensure_one()
        status = self.partner_id.dunning_protection_id
        is_addressed = (
            self._is_for(visitor)
            if status and status._is_represented()
            else self.recipient_id.commercial_partner_id == self.partner_id
        )
        return record.get_portal_url() if is_addressed else record.access_url

    def _rest_items(self, claim, reasons):
        """Leave out of what is asked for what rests, and what was charged for it.

        :param ClaimToday claim: what is left to pay of the letter
        :param dict reasons: why items (`account.move.line`) rest
        :rtype: ClaimToday
        """
        self.ensure_one()
        items = [
            item._replace(rests=reasons.get(item.line.move_line_id))
            for item in claim.items
        ]
        asked = tuple(item for item in items if not item.rests)
        charges = tuple(
            charge
            for charge in claim.charges
            if not any(item in reasons for item in charge.items)
        )
        return ClaimToday(
            asked,
            claim.credit if asked or charges else ZERO,
            charges,
            resting=tuple(item for item in items if item.rests),
        )

    # --- What the debtor promised about the items of a letter, on its page.

    def _get_portal_promises(self, claims):
        """Return the promises about the items of these letters: one search for all.

        :param dict claims: the `ClaimToday` of each letter, by id
        :return: promises (`dunning.hold`) by id of the letter, the last one first
        :rtype: dict[int, dunning.hold]
        """
        found = self.env["dunning.hold"].search(
            [
                ("promise_date", "!=", False),
                ("move_line_ids", "in", self._get_portal_items().ids),
            ],
            order="promise_date desc, id desc",
        )
        shown = found.filtered(lambda hold: hold.promise_result in SHOWN_RESULTS)
        return {
            notice.id: notice._pick_promises(shown, claims[notice.id])
            for notice in self
        }

    def _pick_promises(self, promises, claim):
        """Return those of some promises that the page of this letter tells of.

        Who is protected is not reminded of what he promised before.

        :param promises: the promises of all letters that are shown
        :param ClaimToday claim: what the debtor is asked for
        """
        self.ensure_one()
        items = self._get_portal_items()
        protected = self._get_protected_items(claim)
        return promises.filtered(
            lambda hold: (
                hold.partner_id == self.partner_id
                and hold.move_line_ids & items
                and not hold.move_line_ids & protected
            )
        )

    @api.model
    def _is_promised(self, claim, promises):
        """Whether all that is asked for was promised, and the day has yet to come.

        :param ClaimToday claim: what the debtor is asked for
        :param promises: the promises that the page tells of
        """
        waiting = promises.filtered(lambda hold: hold.promise_result == "open")
        promised = waiting.move_line_ids
        return bool(claim.items) and all(
            item.line.move_line_id in promised for item in claim.items
        )

    # --- The term on the page of a letter: only one that has begun.

    def _get_portal_term(self, claim):
        """Return until when the debtor is asked to pay what is left of this letter.

        The term of a letter that failed, or has yet to be posted, has not begun.

        :param ClaimToday claim: what the debtor is asked for
        :rtype: PortalTerm
        """
        self.ensure_one()
        if self.state != "sent":
            return PortalTerm({})
        asked = [item.line for item in claim.items]
        lines = asked or self.line_ids.filtered("level_id")
        deadlines = {line: line.deadline or self.deadline for line in lines}
        dated = {
            line: day
            for line, day in deadlines.items()
            if day and BY_CODE[line.level_id.kind].is_dated
        }
        is_one = len(dated) == len(lines) and len({*dated.values()}) == 1
        today = self.company_id._get_dunning_today()
        return PortalTerm(
            days={} if is_one else dated,
            day=next(iter(dated.values())) if is_one else None,
            is_over=any(day and day < today for day in deadlines.values()),
            is_undated=any(line.level_id.kind == "fourteen_day" for line in lines),
        )
