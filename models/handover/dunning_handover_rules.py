from odoo import api, models

#: Obstacles of the plan that do not keep an item from being handed over: they say that
#: the ladder has run, or why no further letter goes out of itself.
NO_MATTER = (
    None,
    "finished",
    "waiting",
    "grace",
    "interval",
    "no_balance",
    "below_minimum",
    "no_address",
    "no_policy",
    "failed",
    "proposed",
    "unposted",
    "alone",
    "charged",
)


class DunningHandoverRules(models.AbstractModel):
    """What keeps items from being handed over: the law, agreements, the agency."""

    _name = "dunning.handover.rules"
    _description = "What may be handed over"

    # === BUSINESS METHODS === #

    @api.model
    def _find_obstacles(self, items, agency):
        """Return what keeps items of one debtor from being handed over to an agency.

        :param items: `account.move.line` of one company and debtor
        :param agency: the `dunning.agency`, or none
        :return: a sentence each; none when all is right
        :rtype: list[str]
        """
        open_items = items.filtered(
            lambda line: (
                line.parent_state == "posted"
                and not line.reconciled
                and line.amount_residual > 0
            )
        )
        if not open_items:
            return [self.env._("Nothing is open any more.")]
        found = []
        if open_items != items:
            found.append(self.env._("Not all of it is open any more."))
        return [
            *found,
            *self._find_plan_obstacles(open_items),
            *self._find_notice_obstacles(open_items),
            *self._find_agency_obstacles(open_items, agency),
        ]

    @api.model
    def _find_plan_obstacles(self, items):
        """Yield what people agreed or the law says: the plan knows it."""
        MoveLine = self.env["account.move.line"]
        field = MoveLine._fields["dunning_obstacle"]
        labels = dict(field._description_selection(self.env))
        day = items.company_id[:1]._get_dunning_today()
        numbers = items._get_dunning_numbers()
        for line_id, step in items._get_dunning_steps(day).items():
            obstacle = step.obstacle
            if obstacle in NO_MATTER and step.item.special.disputed:
                obstacle = "dispute"
            if obstacle not in NO_MATTER:
                yield self.env._(
                    "%(number)s: %(reason)s.",
                    number=numbers[line_id],
                    reason=labels[obstacle].rstrip("."),
                )

    @api.model
    def _find_notice_obstacles(self, items):
        """Yield which items lack the notice that the law asks for before a handover."""
        day = items.company_id[:1]._get_dunning_today()
        is_consumer = items.partner_id.commercial_partner_id[:1].dunning_is_consumer
        kinds = ("fourteen_day",) if is_consumer else ("default_notice", "final_demand")
        lapsed = items.dunning_notice_line_ids.filtered(
            lambda line: (
                line.state == "sent"
                and line.level_id.kind in kinds
                and line.deadline
                and line.deadline < day
            )
        ).move_line_id
        debtor = items.partner_id.commercial_partner_id[:1]
        # A due date that only stands on the invoice is no agreement: 6:83 BW.
        is_agreed = not is_consumer and items.company_id[:1]._has_dunning_agreed_term(
            debtor, is_consumer
        )
        lacking = items.browse() if is_agreed else items - lapsed
        if not lacking:
            return
        numbers = ", ".join(lacking._get_dunning_numbers().values())
        if is_consumer:
            yield self.env._(
                "%s: no fourteen-day letter was received and lapsed, so no collection "
                "costs are due (article 6:96(6) BW).",
                numbers,
            )
        else:
            yield self.env._(
                "%s: no term of payment was agreed, and no default notice was received "
                "and lapsed (article 6:82 BW).",
                numbers,
            )

    @api.model
    def _find_agency_obstacles(self, items, agency):
        """Yield what the rules of the agency ask for."""
        if not agency:
            yield self.env._(
                "No agency fits this kind of debtor, amount and country: see Agencies "
                "under Configuration."
            )
            return
        company = items.company_id[:1]
        debtor = items.partner_id.commercial_partner_id[:1]
        if not agency._pick(debtor, sum(items.mapped("amount_residual"))):
            yield self.env._(
                "%s does not take this kind of debtor, amount or country.",
                agency.display_name,
            )
        day = company._get_dunning_today()
        young = items.filtered(
            lambda line: (
                (day - (line.date_maturity or line.date)).days < agency.min_days
            )
        )
        if young:
            yield self.env._(
                "%(numbers)s: not yet %(days)s days past due.",
                numbers=", ".join(young._get_dunning_numbers().values()),
                days=agency.min_days,
            )
