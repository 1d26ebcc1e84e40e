from odoo import models
from odoo.fields import Command


class DunningDelivery(models.Model):
    """A letter bears the day on which it leaves."""

    _inherit = "dunning.delivery"

    # === BUSINESS METHODS === #

    def _set_posted(self, date, tracking_code=False):
        """Make letters again that are posted today and bear an earlier day.

        A day of posting in the past is recorded as it was: the terms run from it.

        :raise UserError: when nothing is due any more of one of the letters
        """
        self._check_posted(date)
        for company, deliveries in self.grouped("company_id").items():
            if date == company._get_dunning_today():
                deliveries.notice_id._make_again(date)._refuse_to_post()
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
