from odoo import models


class MailMail(models.Model):
    """What becomes of the mails about arrangements."""

    _inherit = "mail.mail"

    # === BUSINESS METHODS === #

    def _is_dunning_mail(self):
        # EXTENDS 'l10n_nl_dunning'
        return super()._is_dunning_mail() or bool(self._get_dunning_arrangement_mails())

    def _tell_dunning_outcome(self, failure_reason):
        # EXTENDS 'l10n_nl_dunning'
        for mail in self._get_dunning_arrangement_mails("sent"):
            mail._get_dunning_arrangement()._set_mail_sent(mail)
        self._fail_dunning_arrangement_mails("exception", error=failure_reason)
        return super()._tell_dunning_outcome(failure_reason)

    def _tell_dunning_lost(self, error):
        # EXTENDS 'l10n_nl_dunning'
        self._fail_dunning_arrangement_mails("exception", error=error)
        return super()._tell_dunning_lost(error)

    def cancel(self):
        # EXTENDS 'mail'
        error = self.env._("The e-mail was cancelled in the mail queue.")
        self._fail_dunning_arrangement_mails("outgoing", "exception", error=error)
        return super().cancel()

    def unlink(self):
        # EXTENDS 'mail'
        error = self.env._("The e-mail was deleted from the mail queue.")
        self._fail_dunning_arrangement_mails("outgoing", error=error)
        return super().unlink()

    def _get_dunning_arrangement_mails(self, *states):
        """Return those of these mails that are about an arrangement.

        :param states: only mails in one of these states, in any without
        """
        return self.filtered(
            lambda mail: (
                mail.model == "payment.arrangement"
                and mail.message_type == "email_outgoing"
                and (not states or mail.state in states)
            )
        )

    def _get_dunning_arrangement(self):
        """Return the arrangement that this mail is about."""
        self.ensure_one()
        # sudo: the mail queue runs for all companies
        return self.env["payment.arrangement"].sudo().browse(self.res_id)

    def _fail_dunning_arrangement_mails(self, *states, error):
        """Tell arrangements which of their mails do not go out.

        :param states: only mails in one of these states
        :param str error: why
        """
        for mail in self._get_dunning_arrangement_mails(*states):
            mail._get_dunning_arrangement()._set_mail_failed(
                mail, mail._get_dunning_failure(error)
            )
