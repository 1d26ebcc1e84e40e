from textwrap import shorten

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

from ...tools.actions import open_dialog, open_file, open_form

#: How many lines of the bank a warning shows; of others it tells how many there are.
SHOWN_BANK_LINES = 3

#: States in which the letter is only a proposal.
OPEN_STATES = ("draft", "queued")


#: What nobody changes once the letter was issued. Its deadline is not among them: the
#: term of a fourteen-day notice is only known when it was delivered.
FROZEN_FIELDS = {
    "company_id",
    "partner_id",
    "recipient_id",
    "currency_id",
    "level_id",
    "name",
    "date",
    "lang",
    "line_ids",
    "amount_total",
    "amount_interest",
    "amount_costs",
    "amount_costs_vat",
    "amount_claim",
    "amount_announced",
    "interest_per_day",
    "claim_data",
}


#: Put in the context, lets an issued letter be made again with its new dates. An object
#: of this process, which nobody can send from outside.
MAKING_AGAIN = object()


class DunningNotice(models.Model):
    """A letter to one debtor: a proposal while draft, evidence once it was issued."""

    _name = "dunning.notice"
    _inherit = ["mail.thread", "mail.activity.mixin", "dunning.channel.mixin"]
    _description = "Dunning letter"
    _order = "date desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Reference",
        readonly=True,
        copy=False,
        index="trigram",
        help="Given when the letter is issued.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    merged_key = fields.Integer(
        readonly=True,
        copy=False,
        help="Id of the customer that the letter was under way to, when he was merged "
        "with the debtor.",
    )
    recipient_id = fields.Many2one(
        comodel_name="res.partner",
        string="Addressed to",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
    )
    level_id = fields.Many2one(
        comodel_name="dunning.level",
        compute="_compute_level_id",
        store=True,
        index=True,
        ondelete="restrict",
        help="The highest level among the items of the letter.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Proposed"),
            ("queued", "Queued"),
            ("pending", "On its way"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    date = fields.Date(
        readonly=True, copy=False, help="Date of the letter: the day it was issued."
    )
    deadline = fields.Date(
        readonly=True, copy=False, help="Last day for the debtor to pay."
    )
    lang = fields.Char(string="Language", readonly=True, copy=False)
    amount_total = fields.Monetary(
        string="Amount", compute="_compute_amount_total", store=True
    )
    item_count = fields.Integer(string="Number of items", compute="_compute_item_count")
    responsible_id = fields.Many2one(
        comodel_name="res.users",
        index="btree_not_null",
        default=lambda self: self.env.user,
    )
    letter_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Letter as sent",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    error = fields.Text(readonly=True, copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False)
    line_ids = fields.One2many(
        comodel_name="dunning.notice.line",
        inverse_name="notice_id",
        string="Items",
        copy=True,
    )

    level_kind = fields.Selection(related="level_id.kind", string="Kind of letter")

    warning = fields.Char(
        compute="_compute_warning",
        help="What to look at before this letter goes out: money at the bank that "
        "nobody matched.",
    )

    # One letter under way per debtor and currency, also when two rounds are made at
    # the same moment. Letters outside the ladder do not stand in its way.
    _underway_uniq = models.UniqueIndex(
        "(company_id, partner_id, currency_id, COALESCE(is_limitation, FALSE), "
        "COALESCE(merged_key, 0)) WHERE state IN ('draft', 'queued', 'pending')",
        "There is already a letter for this debtor that has not gone out yet.",
    )
    # The order of the list, and the few letters that are not simply sent.
    _date_idx = models.Index("(date DESC, id DESC)")
    _not_sent_idx = models.Index("(company_id, state) WHERE state != 'sent'")

    # === COMPUTE METHODS === #

    @api.depends("name", "partner_id", "level_id")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = notice.name or self.env._(
                "Proposed letter to %s", notice.partner_id.name
            )

    @api.depends("line_ids.level_id")
    def _compute_level_id(self):
        for notice in self:
            levels = notice.line_ids.level_id
            notice.level_id = max(levels, key=lambda lv: lv._get_rank(), default=False)

    @api.depends("line_ids.amount_residual")
    def _compute_amount_total(self):
        for notice in self:
            notice.amount_total = sum(notice.line_ids.mapped("amount_residual"))

    @api.depends("line_ids.level_id")
    def _compute_item_count(self):
        for notice in self:
            notice.item_count = len(notice.line_ids.filtered("level_id"))

    @api.depends("state", "line_ids.move_line_id")
    @api.depends_context("lang")
    def _compute_warning(self):
        """Look at the bank for all proposed letters together."""
        self.warning = False
        proposed = self._origin.filtered(lambda notice: notice.state in OPEN_STATES)
        by_company = proposed.grouped("company_id")
        waiting = {}
        for company, notices in by_company.items():
            items = {
                line.move_line_id.id: line.notice_id.partner_id.commercial_partner_id.id
                for line in notices.line_ids
                if line.level_id and line.move_line_id
            }
            waiting |= self.env["account.move.line"]._find_dunning_waiting(
                company, items
            )
        for notice in self if waiting else ():
            items = notice.line_ids.filtered("level_id").move_line_id.ids
            bank_lines = {line for item in items for line in waiting.get(item, ())}
            notice.warning = notice._warn_waiting(
                sorted(bank_lines, key=lambda line: (line.day, line.line_id))
            )

    def _warn_waiting(self, bank_lines):
        """Say what the bank has that may be for the debtor of this letter.

        :param list[BankLine] bank_lines: the oldest first
        :rtype: str or bool
        """
        texts = [
            self.env._(
                "%(amount)s of %(day)s (%(text)s)",
                amount=formatLang(
                    self.env,
                    line.amount,
                    currency_obj=self.env["res.currency"].browse(line.currency_id),
                ),
                day=format_date(self.env, line.day),
                text=shorten(line.text or "-", 60, placeholder="…"),
            )
            for line in bank_lines[:SHOWN_BANK_LINES]
        ]
        if more := len(bank_lines) - len(texts):
            texts.append(self.env._("%s more", more))
        return bool(texts) and self.env._(
            "The bank has money that nobody matched: %s.", ", ".join(texts)
        )

    # === CRUD METHODS === #

    def write(self, vals):
        channels = {f"by_{channel.code}" for channel in self._list_channels()}
        if not vals.keys().isdisjoint(FROZEN_FIELDS | channels):
            self._check_not_issued()
        return super().write(vals)

    def _check_not_issued(self):
        """Check that these letters are proposals still.

        :raise UserError: when a letter is evidence already
        """
        if self.env.context.get("dunning_making_again") is MAKING_AGAIN:
            return
        if issued := self.filtered(lambda n: n.state not in OPEN_STATES):
            raise UserError(
                self.env._(
                    "Letter %s was issued and cannot be changed: it is evidence of "
                    "what was sent to the debtor.",
                    issued[0].display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_issued(self):
        if issued := self.filtered(lambda notice: notice.state not in OPEN_STATES):
            raise UserError(
                self.env._(
                    "Letter %s cannot be deleted: it is evidence of what was sent to "
                    "the debtor. Cancel it instead.",
                    issued[0].display_name,
                )
            )

    # === ACTION METHODS === #

    def action_confirm(self):
        """Approve proposed letters: the delivery job sends them."""
        drafts = self.filtered(lambda notice: notice.state == "draft")
        if len(self) == 1:
            drafts._check_sendable()
        stuck = drafts._queue_sendable()
        return stuck._action_explain_stuck() if stuck else True

    def action_remove(self):
        """Take a proposed letter out of its round."""
        self.filtered(lambda notice: notice.state in OPEN_STATES).unlink()

    def action_print(self):
        """Open the letter as PDF: as it was sent, or as it would be sent today."""
        self.ensure_one()
        if self.letter_id:
            return open_file(self.letter_id)
        return self.env.ref("l10n_nl_dunning.dunning_notice_report").report_action(
            self, config=False
        )

    def action_open(self):
        """Open this letter."""
        return open_form(self)

    def action_cancel(self):
        """Ask for the reason and cancel."""
        return open_dialog(
            "dunning.notice.cancel",
            self.env._("Cancel letter"),
            default_notice_ids=self.ids,
        )

    def action_retry(self):
        """Make a new letter in the place of each failed one and queue it.

        The failed letter stays as evidence of the attempt; the new one gets its own
        date and deadline.
        """
        failed = self.filtered(lambda notice: notice.state == "failed")
        if not failed:
            raise UserError(self.env._("Only failed letters can be sent again."))
        for notice in failed:
            notice._cancel(self.env._("Sent again in a new letter"))
        retries = failed.copy()
        for notice in retries:
            notice._check_sendable()
        retries._set_queued()
        return retries.action_open() if len(retries) == 1 else True

    def _action_explain_stuck(self):
        """Tell the user which letters stayed behind and why."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Not confirmed: %s", len(self)),
                "message": "\n".join(self[:5].mapped("error")),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === STATE METHODS === #

    def _set_queued(self):
        """Hand the letters to the delivery job."""
        self.write({"state": "queued", "error": False})
        self.line_ids._store_state()

    def _set_pending(self):
        """The letters were issued and wait for mail server or post."""
        self.write({"state": "pending"})
        self.line_ids._store_state()

    def _set_sent(self):
        """The letters were accepted by at least one channel: from now they count."""
        arrived = self.filtered(lambda notice: notice.state in ("pending", "failed"))
        arrived.activity_unlink(["mail.mail_activity_data_todo"])
        arrived.write({"state": "sent", "error": False})

    def _set_failed(self, error):
        """No channel got the letters through: the clock stops, somebody must act.

        :param str error: what went wrong, in plain words
        """
        self.write({"state": "failed", "error": error})
        for notice in self:
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Dunning letter not delivered"),
                note=error,
                user_id=notice._get_worker().id,
            )

    def _get_worker(self):
        """Return who mends a failed letter; a job that made it cannot.

        :rtype: recordset of `res.users`
        """
        self.ensure_one()
        user = self.level_id.responsible_id or self.responsible_id
        return self.company_id._get_dunning_worker(user)

    def _cancel(self, reason):
        """Withdraw letters: their level does not count any more.

        :param str reason: shown on the letter
        :raise UserError: when a later letter builds on one of them
        """
        for notice in self:
            notice._check_no_later_letter()
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.write({"state": "cancelled", "cancel_reason": reason})
        # A new letter may take the levels of the items at once.
        self.line_ids.flush_recordset(["state"])
        body = self.env._("Cancelled: %s", reason)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    def _check_no_later_letter(self):
        self.ensure_one()
        if self.state != "sent" or self.is_limitation:
            return
        items = self.line_ids.filtered("level_id").move_line_id
        later = items.dunning_notice_line_ids.filtered(
            lambda line: (
                line.state != "cancelled"
                and not line.is_limitation
                and line.notice_id.id > self.id
            )
        ).notice_id
        if later:
            raise UserError(
                self.env._(
                    "Letter %(letter)s cannot be cancelled: letter %(later)s builds on "
                    "it. Cancel that one first.",
                    letter=self.display_name,
                    later=later[0].display_name,
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _merge_debtors(self, merged, debtor):
        """Prepare the letters of customers for becoming those of another one.

        A proposal that stands beside another letter under way is dropped: what it is
        about is proposed again. What was issued stays, next to the other.

        :param merged: the `res.partner` that cease to be
        :param debtor: the `res.partner` that stays
        """
        letters = self.search(
            [
                ("partner_id", "in", (merged | debtor).ids),
                ("state", "in", (*OPEN_STATES, "pending")),
            ]
        )
        letters = letters.sorted(lambda n: (n.partner_id != debtor, n.id))
        issued = letters.filtered(lambda n: n.state == "pending")
        for notice in issued.filtered(lambda n: n.partner_id in merged):
            notice.merged_key = notice.partner_id.id
        kept, taken = self.browse(), set(issued.mapped(_get_place))
        for notice in letters - issued:
            if _get_place(notice) not in taken:
                taken.add(_get_place(notice))
                kept |= notice
        (letters - issued - kept).unlink()

    def _queue_sendable(self):
        """Queue the letters that can go out; the others keep the reason why not.

        :return: the letters that stay proposed
        :rtype: recordset of `dunning.notice`
        """
        stuck = self.browse()
        self.line_ids.fetch(["level_id", "amount_residual"])
        for notice in self:
            try:
                notice._check_sendable()
            except UserError as error:
                notice.error = str(error)
                stuck |= notice
        (self - stuck)._set_queued()
        return stuck

    def _has_claim(self):
        """Whether the letter still claims something from the debtor.

        What was charged before is no reason for a letter.
        """
        self.ensure_one()
        charges = self.line_ids.filtered(lambda line: line._is_charge())
        amount = self.amount_total - sum(charges.mapped("amount_residual"))
        return bool(self.line_ids.level_id) and (
            self.currency_id.compare_amounts(amount, 0) > 0
        )

    def _get_invoices_to_attach(self):
        """Return the invoices of which a copy goes with the letter."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.level_id.attach_invoices)
        return lines.move_id.filtered(lambda move: move.is_invoice())

    def _check_sendable(self):
        """Check that a letter has something to claim and a way to get there.

        :raise UserError: saying what is missing
        """
        self.ensure_one()
        if not self._has_claim():
            raise UserError(
                self.env._(
                    "There is nothing left to claim in the letter to %s. Remove the "
                    "letter from the round.",
                    self.partner_id.display_name,
                )
            )
        channels = self._get_chosen_channels()
        if not channels:
            raise UserError(
                self.env._(
                    "Choose how the letter to %s goes out: by e-mail, by post or by "
                    "registered post.",
                    self.partner_id.display_name,
                )
            )
        if not any(c.is_written for c in channels) and self.level_id._needs_writing():
            raise UserError(
                self.env._(
                    "The letter to %s must be in writing (articles 6:82 and 3:317 BW): "
                    "send it by e-mail or by post as well.",
                    self.partner_id.display_name,
                )
            )


def _get_place(notice):
    """Return which of the letters that a debtor may have under way this is."""
    return notice.company_id.id, notice.currency_id.id, notice.is_limitation
