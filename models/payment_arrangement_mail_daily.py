from odoo import models


class PaymentArrangement(models.Model):
    """The e-mails of the daily job."""

    _inherit = "payment.arrangement"

    # === BUSINESS METHODS === #

    def _mail_notice(self, line):
        """Announce an instalment."""
        values = self._prepare_letter_values()
        env, fmt = values["arrangement"].env, values["fmt"]
        terms = {"amount": fmt.amount(line.amount_open), "day": fmt.date(line.date)}
        self._mail(
            values,
            env._("Instalment of %(amount)s by %(day)s", **terms),
            [
                env._(
                    "Your next instalment of arrangement %s is due soon. Have you paid "
                    "already? Then disregard this message.",
                    self.name,
                )
            ],
            button=env._("View the arrangement"),
            line=line,
        )

    def _mail_reminder(self, line):
        """Remind of an instalment that was not received."""
        values = self._prepare_letter_values()
        env, fmt = values["arrangement"].env, values["fmt"]
        self._mail(
            values,
            env._("We have not received your instalment (%s)", self.name),
            [
                env._(
                    "Your instalment of %(day)s has not arrived yet: %(amount)s is "
                    "open. Please pay it today. Is something the matter? Tell us.",
                    day=fmt.date(line.date),
                    amount=fmt.amount(line.amount_open),
                )
            ],
            button=env._("View the arrangement"),
            line=line,
        )

    def _mail_warning(self, line):
        """Warn that the arrangement is about to lapse.

        :return: the mail, if there is an address for it
        """
        values = self._prepare_letter_values()
        return self._mail(
            values,
            *self._get_warning(values, line),
            button=values["arrangement"].env._("View the arrangement"),
            line=line,
        )

    def _get_warning(self, values, line):
        """Return the subject and the text of the warning, in the language of a letter.

        :param dict values: the values of the letter
        :param line: the instalment that is late
        :rtype: tuple[str, list[str]]
        """
        env, fmt = values["arrangement"].env, values["fmt"]
        return env._("Warning: your payment arrangement lapses (%s)", self.name), [
            env._(
                "Your instalment of %(date)s is still not paid: %(amount)s is open.",
                date=fmt.date(line.date),
                amount=fmt.amount(line.amount_open),
            ),
            env._(
                "This is the only warning. When it is not in our account by %(day)s, "
                "the arrangement lapses and all of the remaining %(open)s is due at "
                "once.",
                day=fmt.date(line.warned_until),
                open=fmt.amount(self.amount_open),
            ),
        ]

    def _mail_lapse(self):
        """Send the letter that the arrangement has lapsed.

        :return: the mail, if there is an address for it
        """
        values = self._prepare_letter_values()
        env, fmt = values["arrangement"].env, values["fmt"]
        return self._mail(
            values,
            env._("Your payment arrangement has lapsed (%s)", self.name),
            [
                env._(
                    "The arrangement has lapsed, because an instalment was not paid "
                    "after our warning. All of the remaining %(open)s is due at once. "
                    "Pay it by %(day)s. See the letter enclosed.",
                    open=fmt.amount(self.amount_open),
                    day=fmt.date(self.lapse_deadline),
                )
            ],
            documents=self.lapse_document_id,
        )

    def _mail_fulfilled(self):
        """Confirm that all is paid."""
        values = self._prepare_letter_values()
        env = values["arrangement"].env
        self._mail(
            values,
            env._("Payment arrangement %s: all is paid", self.name),
            [
                env._(
                    "We have received all instalments of the arrangement. With this it "
                    "is done. Thank you for keeping to it."
                )
            ],
        )
