import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.actions import open_file

#: In order: a letter has the first state that one of its deliveries gives it.
STATES_OF_DELIVERIES = (
    ("sent", ("sent", "delivered")),
    ("pending", ("pending", "perhaps")),
    ("failed", ("failed", "returned")),
)


class DunningLetter(models.Model):
    """A document that was issued to a debtor: what he was told, and whether he got it.

    That is each of them but those that demand payment of items, which are notices. It
    is evidence: nobody may change or delete it. What it is about makes it, see
    `dunning.document.mixin`.
    """

    _name = "dunning.letter"
    _description = "Letter to a debtor"
    _order = "id desc"
    _rec_name = "subject"

    kind = fields.Selection(selection=[("other", "Other letter")], required=True)
    subject = fields.Char(required=True)
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True
    )
    company_id = fields.Many2one(comodel_name="res.company", required=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        index=True,
        ondelete="restrict",
    )
    recipient_id = fields.Many2one(
        comodel_name="res.partner", required=True, ondelete="restrict"
    )
    address = fields.Text(help="As it stands on the letter.")
    lang = fields.Char(string="Language")
    date = fields.Date(required=True, help="The day that the letter bears.")
    responsible_id = fields.Many2one(comodel_name="res.users")
    document_id = fields.Many2one(comodel_name="ir.attachment", ondelete="restrict")
    document_sha256 = fields.Char(
        string="SHA-256", help="Proves that the document is the one that was issued."
    )
    delivery_ids = fields.One2many(
        comodel_name="dunning.delivery", inverse_name="letter_id"
    )
    delivery_summary = fields.Char(
        string="Deliveries", compute="_compute_delivery_summary"
    )
    state = fields.Selection(
        selection=[
            ("pending", "Under way"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
    )
    error = fields.Text(compute="_compute_error")
    received_on = fields.Date(
        string="Received on",
        compute="_compute_received_on",
        help="The day from which the law counts it as received, as was proven or as is "
        "presumed.",
    )
    replaced_by_id = fields.Many2one(
        comodel_name="dunning.letter",
        string="Sent again as",
        index="btree_not_null",
        ondelete="restrict",
    )
    activity_id = fields.Many2one(comodel_name="mail.activity", ondelete="set null")

    _source_idx = models.Index("(res_model, res_id)")
    _failed_idx = models.Index("(company_id) WHERE state = 'failed'")

    # === COMPUTE METHODS === #

    @api.depends("delivery_ids.state")
    def _compute_state(self):
        for letter in self:
            states = set(letter.delivery_ids.mapped("state"))
            letter.state = next(
                (name for name, among in STATES_OF_DELIVERIES if states & {*among}),
                "cancelled" if states else "pending",
            )

    @api.depends("delivery_ids.error")
    def _compute_error(self):
        for letter in self:
            errors = letter.delivery_ids.mapped("error")
            letter.error = "\n".join(filter(None, errors)) or False

    @api.depends("delivery_ids.channel", "delivery_ids.state")
    def _compute_delivery_summary(self):
        for letter in self:
            letter.delivery_summary = letter.delivery_ids._summarize()

    @api.depends("delivery_ids.date_sent", "delivery_ids.date_delivered")
    def _compute_received_on(self):
        for letter in self:
            arrived = letter.delivery_ids.filtered("date_sent").filtered(
                lambda delivery: delivery.state in ("sent", "delivered")
            )
            days = [delivery._get_received_day() for delivery in arrived]
            letter.received_on = min(days, default=False)

    # === ACTION METHODS === #

    def action_open_source(self):
        """Open what the letter is about."""
        self.ensure_one()
        return self._get_source().get_formview_action()

    def action_open_document(self):
        """Open the letter as PDF."""
        self.ensure_one()
        return open_file(self.document_id)

    def action_send_by_email(self):
        """Make letters again that did not arrive, and send them by e-mail."""
        return self._issue_again("email")

    def action_send_by_post(self):
        """Make letters again that did not arrive, to be posted."""
        return self._issue_again("post")

    def action_send_by_registered(self):
        """Make letters again that did not arrive, to be posted by registered post."""
        return self._issue_again("registered")

    # === BUSINESS METHODS === #

    def _get_source(self):
        """Return what the letter is about."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    def _deliver(self, channel, address):
        """Let it leave by a channel.

        :rtype: recordset of `dunning.delivery`
        """
        self.ensure_one()
        return self.env["dunning.delivery"].create(
            {"letter_id": self.id, "channel": channel, "address": address}
        )

    @api.model
    def _get_sha256(self, document):
        return hashlib.sha256(document.raw).hexdigest() if document else False

    def _issue_again(self, channel):
        """Make letters again, with the day of today, that did not arrive.

        :param str channel: by which they go now
        :return: an action that shows them
        :raise UserError: when one of them did not fail, or was sent again already
        """
        for letter in self:
            if letter.state != "failed" or letter.replaced_by_id:
                raise UserError(
                    self.env._(
                        "“%s” did not fail, or it was sent again already.",
                        letter.subject,
                    )
                )
        renewed = self.browse()
        for letter in self:
            source = letter._get_source()
            source._renew_letter(letter.kind)
            again = source._issue_letter(letter.kind, channel)
            letter = letter.sudo()  # evidence: changed by the module alone
            letter.activity_id.unlink()
            letter.replaced_by_id = again
            renewed |= again
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sent again"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", renewed.ids)],
        }

    def _make_again(self, day):
        """Make letters again that have not left and bear an earlier day.

        Who only mails by a template that users write has no day on it.

        :param date day: the day on which they leave
        """
        for letter in self.filtered(lambda letter: letter.date < day):
            source = letter._get_source()
            source._renew_letter(letter.kind)
            addressee = source._get_letter()
            parts = source._prepare_letter_parts(letter.kind, addressee)
            values = {"date": parts.values["date"]}
            if letter.document_id:
                file = source._keep_document(addressee, parts.page, parts.values)
                values["document_id"] = file.id
                values["document_sha256"] = self._get_sha256(file)
            letter.sudo().write(values)  # it has not left yet
            source._letter_issued(letter)
            mail = letter.delivery_ids.sudo().mail_id  # clerks may not write in it
            if mail and letter.document_id:
                mail.write(
                    source._prepare_document_mail(
                        addressee, parts.mail, parts.values, letter.document_id
                    )
                )

    # --- What became of it.

    def _set_sent(self):
        """Its source may go on: it left, by one channel at least."""
        for letter in self:
            letter.sudo().activity_id.unlink()  # whosever work it was
            letter._get_source()._letter_sent(letter)

    def _set_failed(self, error):
        """It did not arrive by any channel: what it was to start does not start.

        :param str error: why, in plain words
        """
        # sudo: evidence, in which clerks write nothing themselves
        for letter in self.sudo().filtered(lambda letter: letter.state == "failed"):
            letter.activity_id.unlink()
            source = letter._get_source()
            letter.activity_id = source._ask(
                self.env._("“%s” did not arrive", letter.subject), note=error
            )
            source._letter_failed(letter)
