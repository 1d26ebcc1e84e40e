import json
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, groupby, split_every

from ...tools.creation import is_creation_watched
from ..demand.dunning_notice import ClaimedItem, sum_besides

#: Letters that are made at a time.
BATCH_SIZE = 5000


#: How a letter stands in lists.
SHOWN_STATES = [
    ("draft", "Proposed"),
    ("queued", "Queued"),
    ("pending", "On its way"),
    ("to_post", "Still to post"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]


class Draft(NamedTuple):
    """A letter that is being made: what is due from a debtor in one currency."""

    steps: list  # `Step` of the plan
    levels: dict  # `dunning.level` by id of the item
    credits: models.BaseModel  # his open credits, and what was charged before
    paid_out: dict  # what of his credits he got already, by id of the credit
    credit: float  # the sum of them, negative for credits
    claims_besides: bool  # it claims or announces something besides the invoices

    @property
    def open_item(self):
        """One of the items: it tells who the debtor is."""
        return self.steps[0].item

    def get_total(self):
        """Return what is open of the items and not disputed, less the credits."""
        return sum(step.item.residual for step in self.steps) + self.credit

    def list_items(self, Line, numbers):
        """Return what the letter is about, see `dunning.notice.line._list_items`."""
        return Line._list_items(
            {step.item.line_id: step.level_id for step in self.steps},
            self.credits,
            numbers,
            {step.item.line_id: step.item.special.disputed for step in self.steps},
            self.paid_out,
        )


class DunningNotice(models.Model):
    """From plan to proposal: one letter per debtor and currency."""

    _inherit = "dunning.notice"

    run_id = fields.Many2one(
        comodel_name="dunning.run",
        string="Round",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )

    shown_state = fields.Selection(
        selection=SHOWN_STATES,
        string="How it stands",
        compute="_compute_shown_state",
        help="How the letter stands, and whether somebody must post it yet. It counts "
        "from the first channel that got it through.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "delivery_ids.state")
    def _compute_shown_state(self):
        """Tell what is still to be posted from what has left over all its channels."""
        leaving = self.filtered(lambda notice: notice.state in ("pending", "sent"))
        waiting = self.env["dunning.delivery"].search_fetch(
            [("notice_id", "in", leaving._origin.ids), ("state", "=", "pending")],
            ["notice_id", "channel"],
        )
        by_mail = waiting.filtered(lambda delivery: delivery.channel == "email")
        to_post = (waiting - by_mail).notice_id - by_mail.notice_id
        for notice in self:
            notice.shown_state = (
                "to_post" if notice._origin in to_post else notice.state
            )

    # === BUSINESS METHODS === #

    @api.model
    def _propose(self, run, steps):
        """Create the draft letters of a round.

        :param run: the `dunning.run`
        :param list[Step] steps: due steps, ordered by debtor and currency
        :rtype: recordset of `dunning.notice`
        """
        drafts = self._draft(run.company_id, steps)
        batches = split_every(BATCH_SIZE, drafts, list)
        return self.concat(*(self._propose_batch(run, batch) for batch in batches))

    @api.model
    def _propose_batch(self, run, drafts):
        """Create some of the draft letters of a round, so that memory stays flat.

        :param list[Draft] drafts: the letters
        :rtype: recordset of `dunning.notice`
        """
        MoveLine = self.env["account.move.line"]
        lines = MoveLine.browse(
            item_id
            for draft in drafts
            for item_id in (*draft.levels, *draft.credits._ids)
        )
        numbers = lines._get_dunning_numbers()
        claims = self._claim_drafts(run.company_id, drafts, numbers)
        values_list = [
            self._prepare_proposal(run, draft, claim)
            for draft, claim in zip(drafts, claims, strict=True)
        ]
        notices = self._insert(values_list)
        self._insert_lines(notices, drafts, numbers, run.date)
        MoveLine.invalidate_model()  # what was read for the claims
        return notices

    @api.model
    def _insert_lines(self, notices, drafts, numbers, day):
        """Insert the lines of letters that were just made."""
        Line = self.env["dunning.notice.line"]
        rows = [
            (notice_id, item)
            for notice_id, draft in zip(notices._ids, drafts, strict=True)
            for item in draft.list_items(Line, numbers)
        ]
        Line._insert(rows, day)

    @api.model
    def _draft(self, company, steps):
        """Return the letters to be made.

        :rtype: list[Draft]
        """
        MoveLine, Level = self.env["account.move.line"], self.env["dunning.level"]
        partners = self.env["res.partner"].browse({s.item.partner_id for s in steps})
        every_credit = MoveLine._get_dunning_credits(company, partners)
        paid_out = every_credit._get_dunning_paid_out()
        credits = every_credit._group_dunning_by_debtor()
        levels = {lv.id: lv for lv in Level.browse({step.level_id for step in steps})}
        besides = {level.id for level in levels.values() if level._claims_besides()}
        groups = groupby(steps, lambda s: (s.item.partner_id, s.item.currency_id))
        return [
            Draft(
                group,
                {s.item.line_id: levels[s.level_id] for s in group},
                own := self._get_listed_credits(
                    credits.get(key, MoveLine),
                    any(step.rung.is_alone for step in group),
                ),
                paid_out,
                own._sum_dunning_credits(paid_out),
                not besides.isdisjoint(s.level_id for s in group),
            )
            for key, group in groups
        ]

    @api.model
    def _claim_drafts(self, company, drafts, numbers):
        """Work out what letters claim besides the invoices.

        :param list[Draft] drafts: the letters
        :param dict numbers: how the letters call their items
        :return: values of the letters, in the same order
        :rtype: list[dict]
        """
        day = company._get_dunning_today()
        claiming = [draft for draft in drafts if draft.claims_besides]
        levels = {k: v for draft in claiming for k, v in draft.levels.items()}
        items = self.env["account.move.line"].browse(levels)
        by_item = items._claim_dunning_items(
            company.ids, {d.open_item.partner_id for d in claiming}, day, levels
        )
        plain = self._prepare_claim([], day)
        return [
            self._claim_draft(draft, numbers, by_item, day)
            if draft.claims_besides
            else plain
            for draft in drafts
        ]

    @api.model
    def _claim_draft(self, draft, numbers, by_item, day):
        """Return what one letter claims besides its items, see `_prepare_claim`."""
        claimed = [
            ClaimedItem(item_id, level, numbers[item_id], by_item[item_id])
            for item_id, level in draft.levels.items()
            if item_id in by_item
        ]
        return self._prepare_claim(claimed, day)

    @api.model
    def _prepare_proposal(self, run, draft, claim):
        """Return the values of a draft letter, computed ones included.

        :param run: the `dunning.run`
        :param Draft draft: the letter
        :param dict claim: what it claims besides its items
        :rtype: dict
        """
        item = draft.open_item
        level = max(set(draft.levels.values()), key=lambda level: level._get_rank())
        currency = self.env["res.currency"].browse(item.currency_id)
        total = draft.get_total()
        return {
            "run_id": run.id,
            "company_id": run.company_id.id,
            "partner_id": item.partner_id,
            "recipient_id": item.debtor.recipient_id,
            "protection_id": item.debtor.representation_id,
            "currency_id": item.currency_id,
            "responsible_id": (level.responsible_id or run.user_id).id,
            "level_id": level.id,
            **self._prepare_channels(level, item),
            **claim,
            "amount_total": currency.round(total),
            "amount_claim": currency.round(total + sum_besides(claim)),
        }

    @api.model
    def _prepare_channels(self, level, item):
        """Return by which channels of a level a letter can reach the debtor.

        :param level: the `dunning.level` of the letter
        :param OpenItem item: an item of the debtor
        :rtype: dict
        """
        debtor = item.debtor
        facts = [name for name in debtor._fields if name.startswith("has_")]
        reachable = {f.removeprefix("has_") for f in facts if getattr(debtor, f)}
        chosen = level._choose_channels(reachable)
        return {f"by_{c.code}": c in chosen for c in level._list_channels()}

    # --- Letters are made many at a time: a round has thousands of them.

    @api.model
    def _insert(self, values_list):
        """Insert proposals in one statement: a third of the time of `create`.

        What is worked out from the lines is among the values already, so that nothing
        is written twice. `create` would also leave a message in each letter; the round
        tells who proposed. Where somebody waits for new letters, it is `create`.

        :param list[dict] values_list: values that all have the same keys, see
            `_prepare_proposal`
        :rtype: recordset of `dunning.notice`
        """
        self.check_access("create")
        if not values_list:
            return self.browse()
        stored = [f for f in self._fields.values() if f.store and f.column_type]
        defaults = self.default_get([field.name for field in stored])
        rows = [defaults | values for values in values_list]
        if is_creation_watched(self):
            return self.create(rows)
        self.env.cr.execute(self._sql_insert(rows))
        notices = self.browse(notice_id for [notice_id] in self.env.cr.fetchall())
        notices.check_access("create")  # the rules of the companies
        for field in stored:
            if field.compute and field.name not in rows[0]:
                self.env.add_to_compute(field, notices)
        notices.modified(list(rows[0]), create=True)
        self.env["dunning.run"].invalidate_model(["notice_ids", "draft_ids"])
        notices._follow()
        return notices

    def _follow(self):
        """Let who proposes the letters follow them, as `create` does."""
        user, context = self.env.user, self.env.context
        if context.get("tracking_disable") or context.get("mail_create_nosubscribe"):
            return
        if user.active and not user.share:
            self.env["mail.followers"]._insert_followers(
                self._name,
                self.ids,
                user.partner_id.ids,
                customer_ids=[],
                check_existing=False,
            )

    @api.model
    def _sql_insert(self, rows):
        """Return the statement that inserts letters, see `_insert`."""
        columns = [SQL.identifier(name) for name in rows[0]]
        booleans = {name for name in rows[0] if self._fields[name].type == "boolean"}
        data = [
            {k: None if v is False and k not in booleans else v for k, v in row.items()}
            for row in rows
        ]
        return SQL(
            """
            INSERT INTO dunning_notice (
                        %(columns)s, create_uid, create_date, write_uid, write_date)
                 SELECT %(values)s, %(uid)s, %(now)s, %(uid)s, %(now)s
                   FROM jsonb_populate_recordset(NULL::dunning_notice, %(data)s)
                        WITH ORDINALITY row
               ORDER BY row.ordinality
              RETURNING id
            """,
            columns=SQL(", ").join(columns),
            values=SQL(", ").join(SQL("row.%s", column) for column in columns),
            data=json.dumps(data, default=str),
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _set_items(self, items, today):
        """Give proposals other lines, and let what they claim be worked out again.

        Lines that say what they would say today stay: most letters are delivered on
        the day on which they were proposed.

        :param list[list[LetterItem]] items: what each of the letters is about
        :param date today: the day of the letters
        """
        Line = self.env["dunning.notice.line"]
        rows = [
            (notice.id, item)
            for notice, listed in zip(self, items, strict=True)
            for item in listed
        ]
        changed = Line._find_changed(self, rows, today)
        self.browse(changed).line_ids.unlink()
        Line._insert([row for row in rows if row[0] in changed], today)
        self.modified(["line_ids"])
        # Read back at once what the letters are worked out from.
        self.line_ids.fetch(
            ["move_line_id", "move_name", "level_id", "amount_residual"]
        )
