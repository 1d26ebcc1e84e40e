from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class AccountMoveLine(models.Model):
    """Items that an agency collects: the company itself does not dun them."""

    _inherit = "account.move.line"

    # === ACTION METHODS === #

    def action_hand_over_dunning(self):
        """Propose to hand these items over to an agency.

        :raise UserError: saying of each debtor why not, when none can be
        """
        items = self.filtered(lambda line: line.account_type == "asset_receivable")
        proposals, refused = self.env["dunning.handover"]._propose(items)
        if not proposals:
            raise UserError(
                "\n".join(refused)
                or self.env._("Choose open items of a customer to hand over.")
            )
        for proposal in proposals[:1] if refused else ():
            proposal._message_log(
                body=self.env._("Not proposed along: %s", "; ".join(refused))
            )
        return proposals.action_open()

    # === BUSINESS METHODS === #

    def _get_dunning_handed_over(self):
        """Return those of these items that were handed over.

        :rtype: recordset of `account.move.line`
        """
        return (
            self.env["dunning.handover.item"]
            .search_fetch(
                [("move_line_id", "in", self.ids), ("is_handed_over", "=", True)],
                ["move_line_id"],
            )
            .move_line_id
        )

    def _get_dunning_lift(self, step, settings):
        """What has reached the end of its ladder is proposed for a handover."""
        # EXTENDS 'l10n_nl_dunning'
        if step.obstacle == "finished" and step.rung and not step.rung.is_letter:
            return self.env._(
                "It goes to an agency: the next round proposes the handover, once "
                "nothing stands in its way."
            )
        return super()._get_dunning_lift(step, settings)

    def _get_dunning_resting(self):
        """What was handed over the agency asks for."""
        # EXTENDS 'l10n_nl_dunning'
        return super()._get_dunning_resting() | self._get_dunning_handed_over()

    @api.model
    def _dunning_sql_holds(self, company, today):
        """What was handed over is held as a whole, whatever else was said about it."""
        # EXTENDS 'l10n_nl_dunning'
        return SQL(
            """
            SELECT held.*
              FROM (%(holds)s) held
             WHERE NOT EXISTS (
                   SELECT FROM dunning_handover_item item
                    WHERE item.move_line_id = held.move_line_id
                      AND item.is_handed_over
                   )
         UNION ALL
            SELECT item.move_line_id, NULL::date, NULL::int, 'handover', NULL::date,
                   NULL::numeric
              FROM dunning_handover_item item
              JOIN entry ON entry.id = item.move_line_id
             WHERE item.is_handed_over
            """,
            holds=super()._dunning_sql_holds(company, today),
        )
