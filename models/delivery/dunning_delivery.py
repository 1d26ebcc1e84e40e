from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import (
    email_normalize,
    email_normalize_all,
    format_date,
)
from odoo.tools.mail import email_split_and_format

from ...law import presumed_delivery
from ...tools.actions import open_dialog
from ...tools.pdf import join_sheets

EMAIL_TEMPLATE = "l10n_nl_dunning.dunning_email"


class DunningDelivery(models.Model):
    """One attempt to get a letter to the debtor over one channel: the evidence."""

    _name = "dunning.delivery"
    _description = "Delivery of a dunning letter"
    _order = "id desc"

    notice_id = fields.Many2one(
        comodel_name="dunning.notice", index=True, ondelete="cascade"
    )
    letter_id = fields.Many2one(
        comodel_name="dunning.letter",
        string="Other letter",
        index="btree_not_null",
        ondelete="cascade",
        help="A letter that does not demand payment of items, such as an answer.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        compute="_compute_partner_id",
        search="_search_partner_id",
    )
    notice_date = fields.Date(
        compute="_compute_notice_date", string="Date of the letter"
    )
    channel = fields.Selection(
        selection=lambda self: self.env["dunning.channel.mixin"]._get_channel_labels(),
        required=True,
    )
    state = fields.Selection(
        selection=[
            ("pending", "Waiting"),
            ("perhaps", "Perhaps sent"),
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("failed", "Failed"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
        ],
        default="pending",
        required=True,
    )
    address = fields.Char(required=True, help="The address as it was used.")
    address_cc = fields.Char(
        string="Copies to", help="The addresses that got the e-mail in copy."
    )
    date_sent = fields.Datetime()
    date_delivered = fields.Datetime()
    tracking_code = fields.Char(string="Track and trace")
    mail_id = fields.Many2one(
        comodel_name="mail.mail", index="btree_not_null", ondelete="set null"
    )
    message_id = fields.Char(string="Message-Id")
    error = fields.Text()

    _check_one_letter = models.Constraint(
        "CHECK(num_nonnulls(notice_id, letter_id) = 1)",
        "A delivery is that of one letter.",
    )
    # Work lists: what to print and what to mend.
    _open_idx = models.Index("(company_id, channel) WHERE state = 'pending'")
    _failed_idx = models.Index(
        "(company_id) WHERE state IN ('failed', 'returned', 'perhaps')"
    )
    _post_idx = models.Index(
        "(channel, id DESC) WHERE channel IN ('post', 'registered')"
    )

    # === COMPUTE METHODS === #

    @api.depends("notice_id.company_id", "letter_id.company_id")
    def _compute_company_id(self):
        for delivery in self:
            delivery.company_id = delivery._get_document().company_id

    @api.depends("notice_id.partner_id", "letter_id.partner_id")
    def _compute_partner_id(self):
        for delivery in self:
            delivery.partner_id = delivery._get_document().partner_id

    def _search_partner_id(self, operator, value):
        return Domain("notice_id.partner_id", operator, value) | Domain(
            "letter_id.partner_id", operator, value
        )

    @api.depends("notice_id.date", "letter_id.date")
    def _compute_notice_date(self):
        for delivery in self:
            delivery.notice_date = delivery._get_document().date

    @api.depends("notice_id", "letter_id")
    def _compute_display_name(self):
        for delivery in self:
            delivery.display_name = delivery._get_document().display_name

    # === ACTION METHODS === #

    def action_print(self):
        """Open one PDF with all letters that have to be posted."""
        return self._action_print_for_post()

    def action_post(self):
        """Ask for the day on which the letters were posted."""
        return open_dialog(
            "dunning.delivery.post",
            self.env._("Letters posted"),
            default_delivery_ids=self.ids,
        )

    def action_delivered(self):
        """Record that the debtor received the letters."""
        self._check_state("sent")
        self.write({"state": "delivered", "date_delivered": fields.Datetime.now()})
        self.notice_id._update_fourteen_day_term()

    def action_returned(self):
        """Record that the post brought the letters back."""
        self._check_state("sent", "delivered")
        self._set_failed(
            self.env._("The post returned the letter as undeliverable."), "returned"
        )

    def action_was_sent(self):
        """Record that letters went out of which that was not known."""
        self._check_state("perhaps")
        for delivery in self:
            mail = delivery.sudo().mail_id  # clerks may not read the mail queue
            when = mail.dunning_handed_over or mail.write_date
            mail.write({"state": "sent", "failure_reason": False})
            delivery._set_sent(when, message_id=mail.message_id)
        self._finish_decision()

    def action_send_again(self):
        """Send letters again of which is known that they did not go out."""
        self._check_state("perhaps")
        self.write({"state": "pending", "error": False})
        mails = self.sudo().mail_id  # clerks may not write in the mail queue
        mails.write(
            {"state": "outgoing", "failure_reason": False, "dunning_handed_over": False}
        )
        # sudo: clerks start the job, but may not read scheduled actions
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        self._finish_decision()

    # === BUSINESS METHODS === #

    def _get_document(self):
        """Return the letter: a notice, or another one."""
        return self.notice_id or self.letter_id

    def _get_file(self):
        """Return the PDF of the letter (`ir.attachment`), which may be none."""
        return self.notice_id.letter_id or self.letter_id.document_id

    def _summarize(self):
        """Say by which channels a letter went, and what became of each."""
        channels = dict(self._fields["channel"]._description_selection(self.env))
        states = dict(self._fields["state"]._description_selection(self.env))
        return ", ".join(
            f"{channels[delivery.channel]}: {states[delivery.state].lower()}"
            for delivery in self
        )

    def _get_received_day(self):
        """Return the day on which the letter reached the debtor by this channel.

        That is as was proven, else as is presumed.
        """
        self.ensure_one()
        if self.date_delivered:
            return self._get_day(self.date_delivered)
        sent = self._get_day(self.date_sent)
        if self.channel == "email":
            return sent
        # sudo: the law is the same for who may not read the settings
        margin = self.company_id.sudo().dunning_delivery_margin
        return presumed_delivery(sent, margin)

    def _get_day(self, moment):
        """Return the day of a moment as it was for the company."""
        tz = self.company_id._get_dunning_tz()
        return fields.Datetime.context_timestamp(
            self.with_context(tz=tz), moment
        ).date()

    def _set_perhaps_sent(self, error):
        """Nobody knows whether these letters went out: somebody has to decide.

        :param str error: why that is, in plain words
        """
        self.write({"state": "perhaps", "error": error})
        for letter in self.letter_id:
            letter.activity_id = letter._get_source()._ask(
                self.env._("Letter perhaps sent: %s", letter.subject), note=error
            )
        for notice in self.notice_id:
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Dunning letter perhaps sent"),
                note=error,
                user_id=notice._get_worker().id,
            )

    def _finish_decision(self):
        """Take away the activities that asked for it."""
        decided = self.notice_id.filtered(
            lambda notice: "perhaps" not in notice.delivery_ids.mapped("state")
        )
        decided.activity_unlink(["mail.mail_activity_data_todo"])

    def _check_state(self, *states):
        if wrong := self.filtered(lambda delivery: delivery.state not in states):
            raise UserError(
                self.env._(
                    "This cannot be done with the delivery of %(letter)s, because it "
                    "is in state “%(state)s”.",
                    letter=wrong[0].display_name,
                    state=dict(self._fields["state"]._description_selection(self.env))[
                        wrong[0].state
                    ],
                )
            )

    def _set_sent(self, when, **values):
        """The mail server accepted the letters, or somebody posted them.

        :param datetime when: the moment
        :param values: more values to record, such as the track and trace code
        """
        self.write({"state": "sent", "date_sent": when, "error": False, **values})
        self.notice_id._set_sent()
        self.notice_id._update_fourteen_day_term()
        self.letter_id._set_sent()

    def _set_posted(self, date, tracking_code=False):
        """Somebody took the letters to the post.

        :param date date: the day on which that was
        :param str tracking_code: of a single registered letter
        :raise UserError: when they were not waiting for that, or not on that day
        """
        self._check_posted(date)
        today = self.company_id[:1]._get_dunning_today()
        noon = datetime.combine(date, time(12))
        values = {"tracking_code": tracking_code} if tracking_code else {}
        self._set_sent(fields.Datetime.now() if date == today else noon, **values)

    def _check_posted(self, date):
        posted = self.env["dunning.channel.mixin"]._get_posted_channels()
        for delivery in self:
            letter = delivery.display_name
            if delivery.channel not in posted:
                raise UserError(
                    self.env._("Letter %s goes out by e-mail, not by post.", letter)
                )
            delivery._check_state("pending")
            if date < delivery.notice_date:
                raise UserError(
                    self.env._(
                        "Letter %(letter)s is dated %(date)s and cannot have been "
                        "posted before that day.",
                        letter=letter,
                        date=format_date(self.env, delivery.notice_date),
                    )
                )
            if date > delivery.company_id._get_dunning_today():
                raise UserError(
                    self.env._(
                        "The day of posting cannot be in the future (%s).",
                        format_date(self.env, date),
                    )
                )

    def _set_failed(self, error, state="failed"):
        """The letters did not arrive.

        A notice fails when none of its deliveries is left that may have arrived, and
        waits again when all that is left has not gone out yet.

        :param str error: what went wrong, in plain words
        :param str state: `failed`, or `returned` by the post
        """
        self.write({"state": state, "error": error})
        for notice in self.notice_id:
            states = set(notice.delivery_ids.mapped("state"))
            if notice.state not in ("pending", "sent"):
                continue
            if not states & {"pending", "perhaps", "sent", "delivered"}:
                notice._set_failed(error)
            elif not states & {"sent", "delivered"}:
                notice._set_pending()
        self.letter_id._set_failed(error)

    def _cancel(self):
        """Stop what has not gone out yet."""
        pending = self.filtered(lambda delivery: delivery.state == "pending")
        # sudo: a mail in the queue belongs to the system
        self.sudo().mail_id.filtered(
            lambda mail: mail.state in ("outgoing", "exception")
        ).write({"state": "cancel"})
        pending.write({"state": "cancelled"})

    # --- What has to be posted, printed together.

    def _action_print_for_post(self):
        """Return one PDF with all letters that wait to be posted, invoices behind.

        :raise UserError: when there is nothing to print
        """
        posted = self.env["dunning.channel.mixin"]._get_posted_channels()
        waiting = self.filtered(
            lambda delivery: delivery.state == "pending" and delivery.channel in posted
        )
        notices = waiting.notice_id.filtered("letter_id")
        documents = waiting.letter_id.document_id
        if not (notices or documents):
            raise UserError(
                self.env._(
                    "There is nothing to print: none of these letters waits to be "
                    "posted."
                )
            )
        sheets = notices._collect_post()
        Notice = self.env["dunning.notice"]
        for document in documents:
            sheets += Notice._read_sheets(document.raw)
        return Notice._download(self.env._("Letters to post"), join_sheets(sheets))

    # --- How they leave, by channel: `_send_by_<code>`.

    def _send(self, letters):
        """Let each delivery leave by its channel.

        :param dict letters: what the letters say, by id of the letter
        """
        for code, deliveries in self.grouped("channel").items():
            getattr(deliveries, f"_send_by_{code}")(letters)

    def _send_by_post(self, letters):
        """It waits until somebody has posted it: see `_set_posted`."""

    def _send_by_registered(self, letters):
        """As by ordinary post."""

    def _send_by_email(self, letters):
        """Put a mail for each delivery into the mail queue.

        The delivery counts as sent only when the mail server accepted the mail.

        :param dict letters: what the letters say, by id of the letter
        """
        deliveries = self._fail_blacklisted()
        if not deliveries:
            return
        mails = (
            self.env["mail.mail"]
            .sudo()  # clerks send letters, but may not write in the mail queue
            .create(deliveries._prepare_mails(letters))
        )
        mails._show_dunning_body()
        for delivery, mail in zip(deliveries, mails, strict=True):
            delivery.mail_id = mail
        # sudo: clerks start the job, but may not read scheduled actions
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _fail_blacklisted(self):
        """Return the deliveries whose address may be written to; the others fail.

        Of several addresses, those that may not be written to are left out.
        """
        names = ("address", "address_cc")
        addresses = email_normalize_all(
            ", ".join(d[name] for d in self for name in names if d[name])
        )
        blocked = self._get_blacklisted(addresses)
        refused = self.browse()
        for delivery in self if blocked else ():
            kept = {name: _leave_out(delivery[name], blocked) for name in names}
            if not kept["address"]:
                refused |= delivery
            elif any(kept[name] != delivery[name] for name in names):
                delivery.write(kept)
        for delivery in refused:
            delivery._set_failed(
                self.env._(
                    "The address %s is on the blacklist for e-mail. Send the letter by "
                    "post, or take the address off the blacklist.",
                    delivery.address,
                )
            )
        return self - refused

    @api.model
    def _get_blacklisted(self, addresses):
        """Return which of some addresses may not be written to.

        :param addresses: normalized addresses
        :rtype: set[str]
        """
        return set(
            self.env["mail.blacklist"]
            .sudo()  # accountants cannot read the list
            .search([("email", "in", list(addresses))])
            .mapped("email")
        )

    def _prepare_mails(self, letters):
        """Return the values of a mail for each delivery.

        :param dict letters: what the letters say, by id of the letter
        :rtype: list[dict]
        """
        notices = self.notice_id
        attachments = notices._get_email_attachments()
        senders = {notice: notice._get_email_from() for notice in notices}
        reply_to = notices._get_reply_addresses(senders)
        # Type, model and record let replies land on the letter and show the mail in its
        # conversation.
        shared = {
            "model": notices._name,
            "message_type": "email_outgoing",
            "subtype_id": self.env.ref("mail.mt_comment").id,
            "state": "outgoing",
            "auto_delete": False,
        }
        return [
            shared
            | delivery._prepare_mail(
                letters[delivery.notice_id.id],
                attachments[delivery.notice_id.id],
                senders[delivery.notice_id],
                reply_to[delivery.notice_id.id],
            )
            for delivery in self
        ]

    def _prepare_mail(self, letter, attachments, sender, reply_to):
        """Return what is particular to the mail of one delivery."""
        self.ensure_one()
        notice = letter["notice"]
        body = notice.env["ir.qweb"]._render(
            EMAIL_TEMPLATE, {**letter, **notice._prepare_email_values(letter)}
        )
        return {
            "res_id": notice.id,
            "subject": notice._get_email_subject(letter),
            "body_html": body,
            "author_id": sender.author.id,
            "email_from": sender.email,
            "email_to": self.address,
            "email_cc": self.address_cc,
            "reply_to": reply_to,
            "attachment_ids": attachments.ids,
        }


def _leave_out(addresses, blocked):
    """Return e-mail addresses without those that are blocked."""
    kept = [
        address
        for address in email_split_and_format(addresses or "")
        if email_normalize(address) not in blocked
    ]
    return ", ".join(kept) or False
