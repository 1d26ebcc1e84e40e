from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..law import notice_term
from .payment_arrangement_letter import WARNING_TEMPLATE

ACTIVITY = "mail.mail_activity_data_todo"


class PaymentArrangement(models.Model):
    """E-mails that do not arrive: they do not count, and somebody gets to know."""

    _inherit = "payment.arrangement"

    warning_error = fields.Text(
        string="Why the warning did not arrive", compute="_compute_warning_error"
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids.warning_error", "state")
    def _compute_warning_error(self):
        for arrangement in self:
            arrangement.warning_error = arrangement.next_line_id.warning_error

    # === ACTION METHODS === #

    def action_warn_again(self):
        """Send the warning that did not arrive once more, with a new term."""
        self.ensure_one()
        line = self._get_line_to_warn()
        self.activity_unlink([ACTIVITY])
        self._warn(line, self.company_id._get_dunning_today())

    def action_print_warning(self):
        """Print the warning for the post; its term allows for the delivery.

        :return: the action that shows the PDF
        :rtype: dict
        """
        self.ensure_one()
        line = self._get_line_to_warn()
        today = self.company_id._get_dunning_today()
        line._set_warned(today, notice_term(today, self.warning_days).last_day)
        line.warning_mail_id = False
        document = self._attach_warning_letter(line, today)
        self._message_log(
            body=self.env._("Warning printed for the post"),
            attachment_ids=document.ids,
        )
        self.activity_unlink([ACTIVITY])
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{document.id}?download=false",
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _attach_warning_letter(self, line, today):
        """Print the warning, with the code to pay the instalment, and keep it.

        :param line: the instalment that is late
        :param date today: the day
        :return: the `ir.attachment`
        """
        self.ensure_one()
        values = self._prepare_letter_values()
        letter = values["notice"]
        subject, paragraphs = self._get_warning(values, line)
        return self._attach_letter(
            WARNING_TEMPLATE,
            letter.env._("Warning"),
            subject=subject,
            paragraphs=paragraphs,
            date=today,
            line=line,
            payment=letter._prepare_transfer(self.item_ids.move_id, line.amount_open),
            density="",
        )

    def _get_line_to_warn(self):
        """Return the instalment of which the warning did not arrive, under lock.

        :raise UserError: when there is none any more
        """
        self._lock()
        self._check_state("active")
        if not self.warning_error:
            raise UserError(
                self.env._("There is nothing to warn about any more. Reload the page.")
            )
        return self.next_line_id

    def _warn(self, line, today):
        """Warn by e-mail; a warning that cannot be mailed starts no term.

        :param line: the instalment that is late
        :param date today: the day
        """
        self.ensure_one()
        line._set_warned(today, fields.Date.add(today, days=self.warning_days))
        mail = self._mail_warning(line)
        line.warning_mail_id = mail
        if not mail:
            _address, error = self._get_mail_address(self._get_letter())
            line._set_warning_failed(error)

    def _set_mail_sent(self, mail):
        """The mail server accepted an e-mail; the term of a warning runs from now."""
        self.ensure_one()
        line = self.line_ids.filtered(lambda line: line.warning_mail_id == mail)
        if line and self.state == "active":
            today = self.company_id._get_dunning_today()
            term = fields.Date.add(today, days=self.warning_days)
            line._set_warned(today, max(term, line.warned_until or term))

    def _set_mail_failed(self, mail, error):
        """An e-mail did not go out.

        :param mail: the `mail.mail`
        :param str error: what went wrong, in plain words
        """
        self.ensure_one()
        line = self.line_ids.filtered(lambda line: line.warning_mail_id == mail)
        line._set_warning_failed(error)
        if self.state == "broken" and self.lapse_document_id in mail.attachment_ids:
            self._extend_lapse()
        self._set_undelivered(error, mail.subject)

    def _message_receive_bounce(self, email, partner):
        """An e-mail came back; nobody says which, so what depends on one rests."""
        # EXTENDS 'mail'
        result = super()._message_receive_bounce(email, partner)
        error = self.env._("The e-mail to %s came back as undeliverable.", email)
        for arrangement in self:
            signer = arrangement.offered_by_id or arrangement.responsible_id
            if email_normalize(email) != signer.email_normalized:
                arrangement._set_bounced(error)
            arrangement._set_undelivered(error)
        return result

    def _set_bounced(self, error):
        """Let no term run that a letter to the debtor started by e-mail."""
        self.ensure_one()
        line = self.next_line_id
        # sudo: the queue belongs to the system
        if line.sudo().warning_mail_id and line.warned_until:
            line._set_warning_failed(error)
        if self.state == "broken":
            self._extend_lapse()

    def _extend_lapse(self):
        """Print the letter that it lapsed again, with a term for the post."""
        self.ensure_one()
        days = self.company_id.dunning_arrangement_lapse_days
        today = self.company_id._get_dunning_today()
        last_day = notice_term(today, days).last_day
        self.lapse_deadline = max(last_day, self.lapse_deadline or last_day)
        self._attach_lapse_letter()

    def _set_undelivered(self, error, subject=None):
        """Tell the responsible that the debtor did not get an e-mail.

        :param str error: why, in plain words
        :param str subject: of the e-mail, where it is known
        """
        self.ensure_one()
        worker = self._get_worker()
        arrangement = self.with_context(lang=worker.lang)
        arrangement.activity_schedule(
            ACTIVITY,
            summary=arrangement.env._("E-mail about the arrangement did not arrive"),
            note=": ".join(filter(None, (subject, error))),
            user_id=worker.id,
        )

    def _get_worker(self):
        """Return who looks after this arrangement.

        :rtype: recordset of `res.users`
        """
        self.ensure_one()
        return self.company_id._get_dunning_worker(self.responsible_id)


class PaymentArrangementLine(models.Model):
    """What became of the warning about an instalment."""

    _inherit = "payment.arrangement.line"

    warning_mail_id = fields.Many2one(
        comodel_name="mail.mail",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
    )
    warning_error = fields.Text(
        string="Why the warning did not arrive", readonly=True, copy=False
    )

    # === BUSINESS METHODS === #

    def _is_warning_waiting(self):
        """Whether the warning stands in the mail queue still: its term does not run."""
        self.ensure_one()
        mail = self.sudo().warning_mail_id  # sudo: the queue belongs to the system
        return bool(mail) and mail.state not in ("sent", "received")

    def _set_warned(self, day, until):
        """Record the warning, and up to when it gives time to pay."""
        for line in self:
            line.write(
                {
                    "warning_date": day,
                    "warned_until": until,
                    "warning_error": False,
                    # After a warning no friendlier reminder follows.
                    "reminder_date": line.reminder_date or day,
                }
            )

    def _set_warning_failed(self, error):
        """The warning did not arrive: no term runs, until somebody warns again.

        :param str error: why, in plain words
        """
        self.write(
            {"warning_date": False, "warned_until": False, "warning_error": error}
        )
