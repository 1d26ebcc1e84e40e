from odoo import api, models

from ..tools.claim_charge import ZERO
from .dunning_notice_today import ClaimToday

#: Why nothing is asked for an item that is open.
PROTECTED, ARRANGED = "protected", "arranged"


class DunningNotice(models.Model):
    """What the page of a letter asks the debtor for today.

    Less than the claim: nothing of who is protected by law, and nothing of what is
    being paid in instalments.
    """

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

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
