import logging

import psycopg2

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

_logger = logging.getLogger(__name__)


class DunningHold(models.Model):
    """What others see of a hold: the chatter, and the question when it is over."""

    _inherit = "dunning.hold"

    # === BUSINESS METHODS === #

    @api.model
    def _announce_expiry(self, company):
        """Ask the owners of the holds that end today what to do next, once.

        What was paid meanwhile needs no answer, nor does what is not dunned because the
        law protects the debtor. An owner who cannot be asked does not stop the others.

        :param company: the `res.company`
        :return: the holds that are over
        :rtype: recordset of `dunning.hold`
        """
        today = company._get_dunning_today()
        over = self.search(
            [
                ("company_id", "=", company.id),
                ("date_end", "=", False),
                ("date_announced", "=", False),
                ("date_review", "<=", today),
            ]
        )
        if not over:
            return over
        over.date_announced = today
        items = over._get_items_to_dun(today)
        asking = over.filtered(lambda hold: items[hold])
        for hold in asking:
            hold._ask_owner(today)
        body = self.env._(
            "The pause of dunning is over after %s.", format_date(self.env, today)
        )
        asking._log(dict.fromkeys(asking, body), items)
        return over

    def _ask_owner(self, today):
        """Ask the owner what to do next; a failure is logged, for the other owners."""
        try:
            with self.env.cr.savepoint():
                self._schedule_review(today)
        except psycopg2.OperationalError:
            raise  # two workers met: the whole job is tried again
        except Exception:
            _logger.exception("Nobody was asked about the end of pause %s", self.id)

    def _schedule_review(self, today):
        """Ask the owner what to do next."""
        self.ensure_one()
        user = self._get_worker()
        Lang = self.with_context(lang=user.lang or self.env.lang)
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=today,
            summary=Lang.env._("Pause of dunning is over"),
            note=Lang.env._(
                "From tomorrow %(debtor)s is dunned again. If that must not be, choose "
                "a later date. The pause was for: %(reason)s",
                debtor=Lang.partner_id.name,
                reason=Lang._get_reason(),
            ),
            user_id=user.id,
        )

    def _get_worker(self):
        """Return who looks after the hold; a job or a customer cannot.

        :rtype: recordset of `res.users`
        """
        self.ensure_one()
        return self.company_id._get_dunning_worker(self.user_id)

    def _get_items_to_dun(self, today):
        """Return what is dunned of each hold when it is over: not protected debts.

        :rtype: dict[dunning.hold, account.move.line]
        """
        items = self._get_open_items()
        steps = self.env["account.move.line"].union(*items.values())
        steps = steps._get_dunning_steps(today)
        protected = {
            line_id for line_id, step in steps.items() if step.obstacle == "protected"
        }
        return {
            hold: lines.filtered(lambda line: line.id not in protected)
            for hold, lines in items.items()
        }

    def _get_open_items(self):
        """Return what is open of what each hold covers: one search.

        :rtype: dict[dunning.hold, account.move.line]
        """
        MoveLine = self.env["account.move.line"]
        wide = self.filtered("is_debtor_wide")
        owed = MoveLine.search(
            MoveLine._get_dunning_open_domain()
            & Domain("company_id", "in", wide.company_id.ids)
            & Domain("partner_id", "in", wide.partner_id.ids)
        ).grouped(lambda line: (line.company_id, line.partner_id))
        return {
            hold: owed.get((hold.company_id, hold.partner_id), MoveLine)
            if hold.is_debtor_wide
            else hold.move_line_ids.filtered(lambda line: not line.reconciled)
            for hold in self
        }

    def _log(self, bodies, items=None):
        """Tell in the chatter of debtors and invoices what happened to holds.

        :param dict bodies: the text by hold
        :param dict items: the open items by hold, when they are known
        """
        items = items or self._get_open_items()
        moves, partners = self.env["account.move"], self.env["res.partner"]
        texts = {}
        for hold in self:
            own = hold.move_ids | items[hold].move_id
            moves |= own
            partners |= hold.partner_id
            for record in (hold.partner_id, *own):
                texts.setdefault(record, []).append(bodies[hold])
        for records in (moves, partners):
            records._message_log_batch(
                bodies={record.id: "\n".join(texts[record]) for record in records}
            )
