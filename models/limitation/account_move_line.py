from collections import defaultdict
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...law import limitation_date
from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.sql import any_of
from ..policy.level_kinds import kinds_that

#: Letters that interrupt the limitation as a written demand or reservation (3:317 BW).
INTERRUPTING_KINDS = kinds_that("interrupts")


#: How long before it lapses a claim asks for attention.
WARNING = relativedelta(months=3)


#: The shortest term, that of consumer sales: what fell due later cannot lapse yet.
SHORTEST_TERM = relativedelta(years=2)


ACTIVITY_TYPE = "l10n_nl_dunning.mail_activity_limitation"


class AccountMoveLine(models.Model):
    """Until when a claim can be enforced: articles 3:307, 3:317 to 3:319, 7:28 BW.

    Every invoice to a consumer is taken for a consumer sale, which lapses after two
    years instead of five: whether it was one is not known, and to warn too early does
    no harm.
    """

    _inherit = "account.move.line"

    dunning_limitation_date = fields.Date(
        string="Lapses after",
        compute="_compute_dunning_limitation",
        groups=ACCOUNTING_GROUPS,
        help="Last day on which the claim can be enforced: five years after the due "
        "date or the last interruption, for consumers two.",
    )
    dunning_last_interruption = fields.Date(
        string="Last interruption",
        compute="_compute_dunning_limitation",
        groups=ACCOUNTING_GROUPS,
        help="Day on which the last formal letter reached the debtor, or on which he "
        "paid a part, promised to pay or signed an arrangement: the term of limitation "
        "began anew on the day after it.",
    )
    dunning_is_lapsing = fields.Boolean(
        string="About to lapse",
        compute="_compute_dunning_limitation",
        search="_search_dunning_is_lapsing",
        groups=ACCOUNTING_GROUPS,
        help="The claim lapses within three months, or has lapsed.",
    )

    # === COMPUTE METHODS === #

    @api.depends("date_maturity", "amount_residual", "dunning_notice_line_ids.state")
    def _compute_dunning_limitation(self):
        """Work out the limitation of open items; of others it means nothing."""
        items = self.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and not line.reconciled
                and line.amount_residual > 0
            )
        )
        consumers = items.partner_id.commercial_partner_id._get_dunning_consumers()
        interruptions = items._get_dunning_interruptions()
        self.dunning_limitation_date = self.dunning_last_interruption = False
        self.dunning_is_lapsing = False
        for line in items:
            due = line.date_maturity or line.date
            days = [day for day in interruptions[line.id] if day >= due]
            line.dunning_last_interruption = max(days, default=False)
            line.dunning_limitation_date = limitation_date(
                due,
                consumer_sale=line.partner_id.commercial_partner_id.id in consumers,
                interrupted_on=days,
            )
            line.dunning_is_lapsing = line._is_dunning_lapsing_on(
                line.company_id._get_dunning_today()
            )

    def _search_dunning_is_lapsing(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain(
            "id", "in", self._get_dunning_lapsing_items(self.env.companies).ids
        )

    # === ACTION METHODS === #

    def action_interrupt_dunning_limitation(self):
        """Propose letters that interrupt the limitation of these items."""
        notices = self.env["dunning.notice"]._interrupt_limitation(self)
        if len(notices) == 1:
            return notices.action_open()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "l10n_nl_dunning.dunning_notice_action"
        )
        return {**action, "domain": [("id", "in", notices.ids)], "context": {}}

    # === BUSINESS METHODS === #

    @api.model
    def _get_dunning_lapsing_items(self, companies):
        """Return the open items that lapse within three months, or have lapsed.

        :param companies: the creditors (`res.company`)
        :rtype: recordset of `account.move.line`
        """
        today = max(company._get_dunning_today() for company in companies)
        # A day more, for terms that end on 28 instead of 29 February.
        latest = today + WARNING + timedelta(days=1) - SHORTEST_TERM
        items = self.search(
            Domain("company_id", "in", companies.ids)
            & self._get_dunning_open_domain()
            & (
                Domain("date_maturity", "<=", latest)
                | (Domain("date_maturity", "=", False) & Domain("date", "<=", latest))
            ),
            order="date_maturity, id",
        )
        return items.filtered(lambda line: line._is_dunning_lapsing_on(today))

    def _is_dunning_lapsing_on(self, day):
        """Whether the claim lapses within three months of a day, or has lapsed."""
        self.ensure_one()
        last_day = self.dunning_limitation_date
        return bool(last_day) and last_day <= day + WARNING

    def _get_dunning_interruptions(self):
        """Return the days on which the limitation of these items was interrupted.

        :rtype: dict[int, list[date]]
        """
        days = defaultdict(list)
        letters = self.env["dunning.notice.line"].search_fetch(
            [
                ("move_line_id", "in", self.ids),
                ("state", "=", "sent"),
                ("level_id.kind", "in", INTERRUPTING_KINDS),
            ],
            ["move_line_id", "notice_id"],
        )
        letters = letters.filtered(lambda letter: letter._is_own())
        received = letters.notice_id._get_received_days()
        for letter in letters:
            days[letter.move_line_id.id].append(received[letter.notice_id.id])
        acknowledged = self._get_dunning_part_payments() + self._get_dunning_promised()
        for line_id, day in acknowledged:
            days[line_id].append(day)
        return days

    def _get_dunning_promised(self):
        """Return on which days the debtor promised to pay these items.

        Who promises to pay acknowledges the claim (3:318 BW). A promise about all that
        he owed is about what was invoiced by then.

        :return: pairs of item and day
        :rtype: list[tuple[int, date]]
        """
        promises = self.env["dunning.hold"].search_fetch(
            Domain("kind", "=", "promise")
            & Domain("partner_id", "in", self.partner_id.commercial_partner_id.ids)
            & Domain("company_id", "in", self.company_id.ids),
            ["partner_id", "company_id", "move_line_ids", "date_from"],
        )
        by_debtor = promises.grouped(lambda hold: (hold.company_id, hold.partner_id))
        return [
            (line.id, promise.date_from)
            for line in self
            for promise in by_debtor.get(
                (line.company_id, line.partner_id.commercial_partner_id), ()
            )
            if line in promise.move_line_ids
            or (not promise.move_line_ids and line.date <= promise.date_from)
        ]

    def _get_dunning_part_payments(self):
        """Return on which days the debtor paid part of these items.

        He acknowledges the claim by it (3:318 BW); entries that the creditor makes
        himself, such as credit notes and write-offs, do not count.

        :return: pairs of item and day
        :rtype: list[tuple[int, date]]
        """
        self.env["account.partial.reconcile"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, credit.date
                  FROM account_partial_reconcile partial
                  JOIN account_move_line credit ON credit.id = partial.credit_move_id
                  JOIN account_journal journal ON journal.id = credit.journal_id
                 WHERE partial.debit_move_id = %s
                   AND journal.type IN ('bank', 'cash', 'credit')
                """,
                any_of(self._ids),
            )
        )

    # --- Who is told about claims that are about to lapse.

    @api.model
    def _remind_dunning_limitation(self, company):
        """Put an activity on invoices that are about to lapse, once for each term.

        Reminders that were answered, by a letter or a payment, are taken away.

        :param company: the `res.company`
        """
        if not self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False):
            return  # somebody deleted the kind of activity: then it is not wanted
        today = company._get_dunning_today()
        items = self._get_dunning_lapsing_items(company)
        reminders = self._get_dunning_limitation_reminders(company)
        moves = set(items.move_id.ids)
        answered = reminders.filtered(lambda r: r.active and r.res_id not in moves)
        answered.unlink()
        reminded = {
            (reminder.res_id, None if reminder.active else reminder.date_deadline)
            for reminder in reminders - answered
        }
        for item in items:
            last_day = item.dunning_limitation_date
            keys = {(item.move_id.id, None), (item.move_id.id, last_day)}
            if last_day >= today and not keys & reminded:
                item._schedule_dunning_limitation_reminder()
                reminded |= keys

    @api.model
    def _get_dunning_limitation_reminders(self, company):
        """Return the reminders of a company, with those that were done.

        :rtype: recordset of `mail.activity`
        """
        moves = (
            self.env["account.move"].sudo()._search([("company_id", "=", company.id)])
        )  # sudo: what counts is whether there is one, not who may see it
        return (
            self.env["mail.activity"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("activity_type_id", "=", self.env.ref(ACTIVITY_TYPE).id),
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", moves),
                ]
            )
        )

    def _schedule_dunning_limitation_reminder(self):
        self.ensure_one()
        responsible = self.company_id._get_dunning_responsible()
        Lang = self.with_context(lang=responsible.lang or self.env.lang)
        self.move_id.activity_schedule(
            ACTIVITY_TYPE,
            date_deadline=self.dunning_limitation_date,
            summary=Lang.env._("Claim is about to lapse"),
            note=Lang.env._(
                "The claim on %(debtor)s lapses after %(day)s. Collect it or interrupt "
                "the limitation: see About to lapse, in the menu Dunning.",
                debtor=self.partner_id.commercial_partner_id.display_name,
                day=format_date(Lang.env, self.dunning_limitation_date),
            ),
            user_id=responsible.id,
        )
