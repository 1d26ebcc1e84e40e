from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import groupby


class DunningNotice(models.Model):
    """Letters that interrupt the limitation of claims: article 3:317 BW.

    They stand outside the ladder: they go out at any level, and change nothing about
    what happens next to an item.
    """

    _inherit = "dunning.notice"

    is_limitation = fields.Boolean(
        string="Interrupts limitation only",
        readonly=True,
        help="The letter stands outside the ladder: the item keeps its level.",
    )

    # === BUSINESS METHODS === #

    @api.model
    def _interrupt_limitation(self, items):
        """Propose a letter for each debtor and currency that interrupts the limitation.

        :param items: the `account.move.line` to be claimed; those that were paid are
            left out
        :rtype: recordset of `dunning.notice`
        :raise UserError: when nothing is open
        """
        level = self.env["dunning.level"]._get_limitation_level()
        notices = self.browse()
        for company, lines in items.grouped("company_id").items():
            notices |= self._interrupt_in_company(company, level, lines)
        if not notices:
            raise UserError(
                self.env._(
                    "None of these items is open: there is no limitation to interrupt."
                )
            )
        return notices

    @api.model
    def _interrupt_in_company(self, company, level, lines):
        """Propose the letters of one company, see `_interrupt_limitation`."""
        today = company._get_dunning_today()
        steps = lines._get_dunning_steps(today).values()
        by_letter = groupby(
            (step.item for step in steps), lambda i: (i.partner_id, i.currency_id)
        )
        groups = [group for _key, group in by_letter]
        notices = self.create(
            [self._prepare_interruption(company, level, group) for group in groups]
        )
        notices._set_items(self._list_interrupted(groups, level, lines), today)
        return notices

    @api.model
    def _list_interrupted(self, groups, level, lines):
        """Return what letters are about that interrupt the limitation.

        What the debtor may set off is not taken off: the whole claim is reserved.

        :param list[list[OpenItem]] groups: the open items of each letter
        :param level: the `dunning.level` of the letters
        :param lines: the items (`account.move.line`)
        :rtype: list[list[LetterItem]]
        """
        numbers = lines._get_dunning_numbers()
        return [
            self.env["dunning.notice.line"]._list_items(
                {item.line_id: level.id for item in group}, (), numbers, {}, {}
            )
            for group in groups
        ]

    @api.model
    def _prepare_interruption(self, company, level, items):
        """Return the values of the letter to one debtor in one currency.

        :param company: the creditor (`res.company`)
        :param level: the `dunning.level` of the letter
        :param list[OpenItem] items: the open items of that debtor and currency
        :rtype: dict
        """
        item = items[0]
        return {
            "company_id": company.id,
            "partner_id": item.partner_id,
            "recipient_id": item.debtor.recipient_id,
            "protection_id": item.debtor.representation_id,
            "currency_id": item.currency_id,
            "is_limitation": True,
            "responsible_id": (level.responsible_id or self.env.user).id,
            **self._prepare_channels(level, item),
        }
