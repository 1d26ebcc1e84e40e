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
        values_list = []
        for company, lines in items.grouped("company_id").items():
            today = company._get_dunning_today()
            open_items = [
                step.item for step in lines._get_dunning_steps(today).values()
            ]
            groups = groupby(open_items, lambda i: (i.partner_id, i.currency_id))
            values_list += [
                self._prepare_interruption(company, level, group, today)
                for _key, group in groups
            ]
        if not values_list:
            raise UserError(
                self.env._(
                    "None of these items is open: there is no limitation to interrupt."
                )
            )
        return self.create(values_list)

    @api.model
    def _prepare_interruption(self, company, level, items, today):
        """Return the values of the letter to one debtor in one currency.

        What he may set off is not taken off: the whole claim is reserved.

        :param company: the creditor (`res.company`)
        :param level: the `dunning.level` of the letter
        :param list[OpenItem] items: the open items of that debtor and currency
        :param date today: the day of the letter
        :rtype: dict
        """
        item = items[0]
        lines = self.env["account.move.line"].browse(item.line_id for item in items)
        return {
            "company_id": company.id,
            "partner_id": item.partner_id,
            "recipient_id": item.recipient_id,
            "protection_id": item.representation_id,
            "currency_id": item.currency_id,
            "is_limitation": True,
            "responsible_id": (level.responsible_id or self.env.user).id,
            **self._prepare_channels(level, item),
            "line_ids": self.env["dunning.notice.line"]._prepare_commands(
                dict.fromkeys(lines, level),
                lines.browse(),
                today,
                lines._get_dunning_numbers(),
            ),
        }
