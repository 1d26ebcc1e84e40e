from datetime import datetime, time

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .dunning_channel_mixin import CHANNELS

#: Channels where somebody prints the letter and takes it to the post.
POSTAL_CHANNELS = ("post", "registered")


class DunningDelivery(models.Model):
    """One attempt to get a letter to the debtor over one channel: the evidence."""

    _name = "dunning.delivery"
    _description = "Delivery of a dunning letter"
    _order = "id desc"
    _rec_name = "notice_id"

    notice_id = fields.Many2one(
        comodel_name="dunning.notice", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="notice_id.company_id", store=True, precompute=True
    )
    partner_id = fields.Many2one(related="notice_id.partner_id")
    letter_id = fields.Many2one(related="notice_id.letter_id")
    notice_date = fields.Date(related="notice_id.date", string="Date of the letter")
    channel = fields.Selection(selection=CHANNELS, required=True)
    state = fields.Selection(
        selection=[
            ("pending", "Waiting"),
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
    date_sent = fields.Datetime()
    date_delivered = fields.Datetime()
    tracking_code = fields.Char(string="Track and trace")
    mail_id = fields.Many2one(
        comodel_name="mail.mail", index="btree_not_null", ondelete="set null"
    )
    message_id = fields.Char(string="Message-Id")
    error = fields.Text()

    # Work lists: what to print and what to mend.
    _open_idx = models.Index("(company_id, channel) WHERE state = 'pending'")
    _failed_idx = models.Index("(company_id) WHERE state IN ('failed', 'returned')")
    _post_idx = models.Index(
        "(channel, id DESC) WHERE channel IN ('post', 'registered')"
    )

    # === ACTION METHODS === #

    def action_print(self):
        """Open one PDF with all letters that have to be posted."""
        return self.notice_id._action_print_for_post()

    def action_post(self):
        """Ask for the day on which the letters were posted."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters posted"),
            "res_model": "dunning.delivery.post",
            "view_mode": "form",
            "target": "new",
            "context": {"default_delivery_ids": self.ids},
        }

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

    # === BUSINESS METHODS === #

    def _check_state(self, *states):
        if wrong := self.filtered(lambda delivery: delivery.state not in states):
            raise UserError(
                self.env._(
                    "This cannot be done with the delivery of %(letter)s, because it "
                    "is in state “%(state)s”.",
                    letter=wrong[0].notice_id.display_name,
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
        for delivery in self:
            letter = delivery.notice_id.display_name
            if delivery.channel not in POSTAL_CHANNELS:
                raise UserError(
                    self.env._("Letter %s goes out by e-mail, not by post.", letter)
                )
            delivery._check_state("pending")
            if date < delivery.notice_id.date:
                raise UserError(
                    self.env._(
                        "Letter %(letter)s is dated %(date)s and cannot have been "
                        "posted before that day.",
                        letter=letter,
                        date=format_date(self.env, delivery.notice_id.date),
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
            if not states & {"pending", "sent", "delivered"}:
                notice._set_failed(error)
            elif not states & {"sent", "delivered"}:
                notice._set_pending()

    def _cancel(self):
        """Stop what has not gone out yet."""
        pending = self.filtered(lambda delivery: delivery.state == "pending")
        # sudo: a mail in the queue belongs to the system
        self.sudo().mail_id.filtered(
            lambda mail: mail.state in ("outgoing", "exception")
        ).write({"state": "cancel"})
        pending.write({"state": "cancelled"})
