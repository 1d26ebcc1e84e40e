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
        steps = []
        for company, lines in items.grouped("company_id").items():
            today = company._get_dunning_today()
            steps += [(today, s) for s in lines._get_dunning_steps(today).values()]
        if not steps:
            raise UserError(
                self.env._(
                    "None of these items is open: there is no limitation to interrupt."
                )
            )
        MoveLine = self.env["account.move.line"]
        groups = groupby(
            steps,
            lambda pair: (
                MoveLine.browse(pair[1].item.line_id).company_id,
                pair[1].item.partner_id,
                pair[1].item.currency_id,
            ),
        )
        return self.create(
            [
                self._prepare_interruption(company, level, group)
                for (company, _partner, _currency), group in groups
            ]
        )

    @api.model
    def _prepare_interruption(self, company, level, steps):
        """Return the values of the letter to one debtor in one currency.

        What he may set off is not taken off: the whole claim is reserved.

        :param company: the creditor (`res.company`)
        :param level: the `dunning.level` of the letter
        :param list steps: the day and the `Step` of each item of that debtor
        :rtype: dict
        """
        today, step = steps[0]
        MoveLine = self.env["account.move.line"]
        return {
            "company_id": company.id,
            "partner_id": step.item.partner_id,
            "recipient_id": step.item.recipient_id,
            "currency_id": step.item.currency_id,
            "is_limitation": True,
            "responsible_id": (level.responsible_id or self.env.user).id,
            **self._prepare_channels(level, step.item),
            "line_ids": self.env["dunning.notice.line"]._prepare_commands(
                {MoveLine.browse(s.item.line_id): level for _today, s in steps},
                MoveLine,
                today,
            ),
        }
