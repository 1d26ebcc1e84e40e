from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...tools.pdf_book import read_sheets


class DunningDelivery(models.Model):
    """A letter bears the day on which it leaves."""

    _inherit = "dunning.delivery"

    currency_id = fields.Many2one(related="notice_id.currency_id")
    amount_claim = fields.Monetary(related="notice_id.amount_claim", string="Asked")
    page_count = fields.Integer(
        string="Pages",
        compute="_compute_page_count",
        help="Of the letter itself; copies of invoices come behind it.",
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "notice_id.letter_id", "letter_id.document_id")
    def _compute_page_count(self):
        """Count the pages of what has yet to be printed; of all else 0."""
        to_print = self.filtered(
            lambda delivery: delivery.state == "pending" and delivery._get_file()
        )
        (self - to_print).page_count = 0
        for delivery in to_print:
            # sudo: files of letters that the user may read; lists ask for sizes alone
            file = delivery._get_file().sudo().with_context(bin_size=False)
            delivery.page_count = len(read_sheets(file.raw))

    # === ACTION METHODS === #

    def action_print_all(self):
        """Open one PDF with the chosen letters, with all that wait for the post."""
        return self._get_waiting().action_print()

    def action_post_all(self):
        """Ask for the day on which the chosen letters, or all, were posted."""
        return self._get_waiting().action_post()

    # === BUSINESS METHODS === #

    def _get_waiting(self):
        """Return these deliveries, or without any all that wait to be posted.

        :raise UserError: when nothing waits
        """
        channels = self.env["dunning.notice"]._get_posted_channels()
        waiting = self or self.search(
            [
                ("company_id", "in", self.env.companies.ids),
                ("state", "=", "pending"),
                ("channel", "in", channels),
            ]
        )
        if not waiting:
            raise UserError(self.env._("No letter waits to be posted."))
        return waiting

    def _set_posted(self, date, tracking_code=False):
        """Make letters again that are posted today and bear an earlier day.

        A day of posting in the past is recorded as it was: the terms run from it.

        :raise UserError: when nothing is due any more of one of the letters
        """
        self._check_posted(date)
        for company, deliveries in self.grouped("company_id").items():
            if date == company._get_dunning_today():
                deliveries.notice_id._make_again(date)._refuse_to_post()
                deliveries.letter_id._make_again(date)
        return super()._set_posted(date, tracking_code)

    def _renew_mails(self):
        """Make again the mails that wait, with what their letters say now."""
        letters = self.notice_id._prepare_letter_values()
        mails = self.sudo().mail_id  # clerks may not write in the mail queue
        for mail, values in zip(mails, self._prepare_mails(letters), strict=True):
            mail.write(
                {
                    "subject": values["subject"],
                    "body_html": values["body_html"],
                    "attachment_ids": [Command.set(values["attachment_ids"])],
                }
            )
        mails._show_dunning_body()
