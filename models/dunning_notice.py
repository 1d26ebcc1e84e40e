from odoo import api, fields, models
from odoo.exceptions import UserError

#: States in which the letter is only a proposal.
OPEN_STATES = ("draft", "queued")


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
    run_id = fields.Many2one(
        comodel_name="dunning.run",
        string="Round",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
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
        string="Level",
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
        tracking=True,
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
        comodel_name="res.users", default=lambda self: self.env.user
    )
    email = fields.Char(compute="_compute_addresses")
    postal_address = fields.Char(compute="_compute_addresses")
    letter_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Letter as sent",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    error = fields.Text(readonly=True, copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False)
    line_ids = fields.One2many(
        comodel_name="dunning.notice.line",
        inverse_name="notice_id",
        string="Items",
        copy=True,
    )
    delivery_ids = fields.One2many(
        comodel_name="dunning.delivery", inverse_name="notice_id", readonly=True
    )

    # One letter under way per debtor and currency, also when two rounds are made at
    # the same moment.
    _underway_uniq = models.UniqueIndex(
        "(company_id, partner_id, currency_id) "
        "WHERE state IN ('draft', 'queued', 'pending')",
        "There is already a letter for this debtor that has not gone out yet.",
    )

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

    @api.depends(
        *(
            f"{partner}.{name}"
            for partner in ("recipient_id", "partner_id")
            for name in ("name", "email", "street", "zip", "city")
        )
    )
    def _compute_addresses(self):
        """The addresses of the contact, or of the debtor where the contact has none."""
        for notice in self:
            partners = notice.recipient_id | notice.partner_id
            notice.email = next(
                (p.email_formatted for p in partners if p.email_normalized), False
            )
            postal = notice._get_postal_partner()
            notice.postal_address = postal and ", ".join(
                filter(None, (postal.street, f"{postal.zip} {postal.city}"))
            )

    # === CRUD METHODS === #

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
            return {
                "type": "ir.actions.act_url",
                "url": f"/web/content/{self.letter_id.id}?download=false",
                "target": "new",
            }
        return self.env.ref("l10n_nl_dunning.dunning_notice_report").report_action(
            self, config=False
        )

    def action_open(self):
        """Open this letter."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    def action_cancel(self):
        """Ask for the reason and cancel."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel letter"),
            "res_model": "dunning.notice.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_notice_ids": self.ids},
        }

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

    # === BUSINESS METHODS === #

    def _queue_sendable(self):
        """Queue the letters that can go out; the others keep the reason why not.

        :return: the letters that stay proposed
        :rtype: recordset of `dunning.notice`
        """
        stuck = self.browse()
        for notice in self:
            try:
                notice._check_sendable()
            except UserError as error:
                notice.error = str(error)
                stuck |= notice
        (self - stuck)._set_queued()
        return stuck

    def _get_postal_partner(self):
        """Return the partner whose postal address the letter goes to, if any."""
        self.ensure_one()
        return next(
            (
                partner
                for partner in self.recipient_id | self.partner_id
                if partner.street and partner.zip and partner.city
            ),
            self.env["res.partner"],
        )

    def _get_lang(self):
        """Return the language of the letter: Dutch, or English for all others.

        Languages without a translation of the letters would give a mixture.
        """
        self.ensure_one()
        wanted = self.recipient_id.lang or self.partner_id.lang or "nl_NL"
        installed = dict(self.env["res.lang"].get_installed())
        if wanted in installed and wanted[:2] in ("nl", "en"):
            return wanted
        return "en_US" if wanted[:2] != "nl" or "nl_NL" not in installed else "nl_NL"

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
        if not self._get_channels():
            raise UserError(
                self.env._(
                    "Choose how the letter to %s goes out: by e-mail, by post or by "
                    "registered post.",
                    self.partner_id.display_name,
                )
            )
        self._check_addresses()

    def _check_addresses(self):
        """Check that the debtor has an address for each channel.

        :raise UserError: saying which address is missing
        """
        self.ensure_one()
        if self.by_email and not self.email:
            raise UserError(
                self.env._(
                    "%s has no e-mail address. Enter one on the customer, or send the "
                    "letter by post.",
                    self.recipient_id.display_name,
                )
            )
        if (self.by_post or self.by_registered) and not self._get_postal_partner():
            raise UserError(
                self.env._(
                    "The postal address of %s is not complete. Enter street, postal "
                    "code and city on the customer.",
                    self.recipient_id.display_name,
                )
            )

    # === STATE METHODS === #

    def _set_queued(self):
        """Hand the letters to the delivery job."""
        self.write({"state": "queued", "error": False})
        if self:
            self.env.ref("l10n_nl_dunning.ir_cron_deliver").sudo()._trigger()

    def _set_pending(self):
        """The letters were issued and wait for mail server or post."""
        self.write({"state": "pending"})

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
                user_id=(notice.level_id.responsible_id or notice.responsible_id).id,
            )

    def _cancel(self, reason):
        """Withdraw letters: their level does not count any more.

        :param str reason: shown on the letter
        :raise UserError: when a later letter builds on one of them
        """
        for notice in self:
            notice._check_no_later_letter()
        self.delivery_ids._cancel()
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.write({"state": "cancelled", "cancel_reason": reason})

    def _check_no_later_letter(self):
        self.ensure_one()
        if self.state != "sent":
            return
        later = self.line_ids.move_line_id.dunning_notice_line_ids.filtered(
            lambda line: (
                line.state not in ("cancelled", "draft") and line.notice_id.id > self.id
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
