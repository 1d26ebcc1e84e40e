from odoo import api, models
from odoo.tools import groupby


class DunningNotice(models.Model):
    """From plan to proposal: one letter per debtor and currency."""

    _inherit = "dunning.notice"

    @api.model
    def _propose(self, run, steps):
        """Create the draft letters of a round.

        :param run: the `dunning.run`
        :param list[Step] steps: due steps, ordered by debtor and currency
        :rtype: recordset of `dunning.notice`
        """
        MoveLine = self.env["account.move.line"]
        partners = self.env["res.partner"].browse({s.item.partner_id for s in steps})
        credits = MoveLine._get_dunning_credits(run.company_id, partners).grouped(
            lambda line: (line.partner_id.id, line.currency_id.id)
        )
        disputed = {step.item.line_id: step.item.disputed for step in steps}
        # One recordset, so that what is read of one item is read of all.
        items = {
            item.id: item for item in MoveLine.browse(s.item.line_id for s in steps)
        }
        lines = MoveLine.browse(items)
        (lines | MoveLine.concat(*credits.values()))._fetch_for_letters()
        numbers = lines._get_dunning_numbers()
        groups = groupby(steps, lambda s: (s.item.partner_id, s.item.currency_id))
        proposals = [
            self._prepare_proposal(
                run,
                group[0].item,
                {items[step.item.line_id]: step.level_id for step in group},
                credits.get(key, MoveLine),
                numbers,
                disputed,
            )
            for key, group in groups
        ]
        return self._insert_proposals(proposals)

    @api.model
    def _insert_proposals(self, proposals):
        """Create letters with many lines, and work out what they claim.

        :param list[dict] proposals: values of letters, see `_prepare_proposal`
        :rtype: recordset of `dunning.notice`
        """
        lines = [
            [values for _command, _id, values in proposal.pop("line_ids")]
            for proposal in proposals
        ]
        # The round tells who proposed; a message in each letter would repeat it.
        notices = self.with_context(mail_create_nolog=True).create(proposals)
        self.env["dunning.notice.line"]._insert(
            [
                {**values, "notice_id": notice.id}
                for notice, notice_lines in zip(notices, lines, strict=True)
                for values in notice_lines
            ]
        )
        return notices.with_env(self.env)

    @api.model
    def _prepare_proposal(self, run, item, level_ids, credits, numbers, disputed):
        """Return the values of the draft letter to one debtor in one currency.

        :param run: the `dunning.run`
        :param OpenItem item: an item of the debtor
        :param dict level_ids: id of the next level by `account.move.line`
        :param credits: his open credits in that currency (`account.move.line`)
        :param dict numbers: how the letter calls its items
        :param dict disputed: parts that are not asked for, by id of the item
        :rtype: dict
        """
        Level = self.env["dunning.level"]
        levels = {line: Level.browse(level_id) for line, level_id in level_ids.items()}
        level = max(levels.values(), key=lambda lv: lv._get_rank())
        return {
            "run_id": run.id,
            "company_id": run.company_id.id,
            "partner_id": item.partner_id,
            "recipient_id": item.recipient_id,
            "protection_id": item.representation_id,
            "currency_id": item.currency_id,
            "responsible_id": (level.responsible_id or run.user_id).id,
            **self._prepare_channels(level, item),
            "line_ids": self.env["dunning.notice.line"]._prepare_commands(
                levels, credits, run.date, numbers, disputed
            ),
        }

    @api.model
    def _prepare_channels(self, level, item):
        """Return by which channels of a level a letter can reach the debtor.

        :param level: the `dunning.level` of the letter
        :param OpenItem item: an item of the debtor
        :rtype: dict
        """
        by_post = level.by_post or (
            level.by_email and level.post_fallback and not item.has_email
        )
        return {
            "by_email": level.by_email and item.has_email,
            "by_post": by_post and item.has_post,
            "by_registered": level.by_registered and item.has_post,
        }
