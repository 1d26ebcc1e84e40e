from odoo import fields, models
from odoo.tools import plaintext2html


class DunningHold(models.Model):
    """Disputes that customers raised themselves."""

    _inherit = "dunning.hold"

    notice_id = fields.Many2one(
        comodel_name="dunning.notice",
        string="Raised from letter",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="The letter from whose page on the portal the customer raised this.",
    )

    # === BUSINESS METHODS === #

    def _get_portal_state(self):
        """Return what the customer is told of a dispute, in the current language."""
        self.ensure_one()
        if not self.date_end:
            return self.env._("Being investigated")
        return {
            "justified": self.env._("You were right"),
            "unjustified": self.env._("Not accepted"),
            "withdrawn": self.env._("Withdrawn"),
        }.get(self.outcome) or self.env._("Closed")

    def _welcome_portal_dispute(self, text, files, author):
        """Keep what a customer wrote and sent along, and ask the owner to look at it.

        :param str text: what the customer wrote
        :param list files: pairs of name and content
        :param author: the `res.partner` who wrote it
        """
        self.ensure_one()
        self.message_post(
            body=text,  # plain text, which is escaped
            author_id=author.id,
            attachments=files,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Dispute raised on the portal"),
            note=plaintext2html(text),
            user_id=self.user_id.id,
        )
        self.notice_id._message_log(
            body=self.env._(
                "%(debtor)s disputes %(invoices)s on the portal: %(category)s",
                debtor=author.name,
                invoices=", ".join(self.move_ids.mapped("name")),
                category=self.category_id.name,
            )
        )
