from markupsafe import Markup

from odoo import models

from .letter_section import CHARGE_KIND

BOLD = Markup("<b>%s</b>")
#: Letters with the sentence of article 3:317 BW.
LIMITATION_KINDS = ("default_notice", "final_demand", "limitation_notice")


class DunningNotice(models.Model):
    """What each kind of letter must say for its effect in law.

    These sentences are not in the hands of whoever edits the texts of a level.
    """

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _get_request(self, section, values):
        """Return the request of a section of the letter, in the current language.

        :param LetterSection section: kind, amount and deadline
        :param dict values: the values of the letter
        :return: paragraphs
        :rtype: list[Markup]
        """
        fmt = values["fmt"]
        parts = self._get_request_parts(section, fmt)
        consequences = self._get_consequences(section, values["is_consumer"])
        requests = {
            "limitation_notice": self._get_limitation_notice_request,
            "reminder": self._get_reminder_request,
            "demand": self._get_demand_request,
            "default_notice": self._get_default_notice_request,
            "fourteen_day": self._get_fourteen_day_request,
            "final_demand": self._get_final_demand_request,
            CHARGE_KIND: self._get_charge_request,
        }
        paragraphs = requests[section.kind](parts, consequences)
        if section.kind == CHARGE_KIND:
            return paragraphs
        if suspended_from := section.lines.level_id._get_suspension_day(
            section.deadline
        ):
            paragraphs.append(self._get_suspension(BOLD % fmt.date(suspended_from)))
        if section.kind in LIMITATION_KINDS:
            paragraphs.append(self._get_limitation())
        return paragraphs

    def _get_request_parts(self, section, fmt):
        """Return what stands in the sentences of a request."""
        parts = {
            "amount": BOLD % fmt.amount(section.amount),
            "deadline": section.deadline and BOLD % fmt.date(section.deadline),
            "days": section.lines.level_id[:1].term_days,
        }
        if section.kind == "fourteen_day":
            parts["costs"] = BOLD % fmt.amount(self.amount_announced)
            parts["vat"] = fmt.amount(self._get_announced_vat())
        if section.is_formal:
            parts["words"] = fmt.words(section.amount)
        return parts

    def _get_reminder_request(self, parts, _consequences):
        return [
            self.env._("Would you please transfer %(amount)s by %(deadline)s?", **parts)
        ]

    def _get_charge_request(self, parts, _consequences):
        """What was charged before: no demand, and no date of its own."""
        return [
            self.env._(
                "You owe us these %(amount)s besides, as charged before.", **parts
            )
        ]

    def _get_demand_request(self, parts, _consequences):
        """The written demand with a reasonable term of article 6:82 BW."""
        return [
            self.env._(
                "We hereby demand payment of %(amount)s. The amount must have been "
                "credited to our account by %(deadline)s.",
                **parts,
            )
        ]

    def _get_default_notice_request(self, parts, consequences):
        """What is to be performed and until when, then default: article 6:82 BW."""
        return [
            self.env._(
                "This letter is a default notice (in Dutch: ingebrekestelling). "
                "Payment of the above has not been made. We hereby give you formal "
                "notice and a last opportunity to perform: the full amount of "
                "%(amount)s (in words: %(words)s) must have been credited to our "
                "account by %(deadline)s.",
                **parts,
            ),
            Markup(" ").join(
                [
                    self.env._(
                        "If we have not received the full amount by that date, you are "
                        "in default (in verzuim) without further notice."
                    ),
                    consequences,
                    self.env._("We can then hand over the claim for collection."),
                ]
            ),
        ]

    def _get_final_demand_request(self, parts, consequences):
        """The last demand; it interrupts the limitation: article 3:317 BW."""
        return [
            self.env._(
                "This is our final demand (in Dutch: sommatie). We summon you to pay "
                "the full amount of %(amount)s (in words: %(words)s), so that it has "
                "been credited to our account by %(deadline)s.",
                **parts,
            ),
            Markup(" ").join(
                [
                    self.env._(
                        "If payment is not made in full and in time, we will hand over "
                        "the claim for collection without further notice."
                    ),
                    consequences,
                ]
            ),
        ]

    def _get_limitation_notice_request(self, parts, _consequences):
        """No demand and no date: it must not come in the way of the ladder."""
        return [
            self.env._(
                "Of our claim %(amount)s (in words: %(words)s) is still open. We "
                "maintain this claim in full. Terms and arrangements from earlier "
                "letters stay as they are.",
                **parts,
            )
        ]

    def _get_suspension(self, day):
        """Announce that the creditor suspends his own performance.

        Only as far as the failure justifies it: articles 6:52 and 6:262 BW.
        """
        return self.env._(
            "If we have not received the full amount by that date, we will suspend "
            "our deliveries and services to you from %(day)s until you have paid in "
            "full, as far as this is justified (articles 6:52 and 6:262 of the Dutch "
            "Civil Code).",
            day=day,
        )

    def _get_limitation(self):
        """Return the sentence that interrupts the limitation: article 3:317 BW."""
        return self.env._(
            "With this letter we interrupt the limitation of our claim: we "
            "unequivocally reserve our right to performance (article 3:317 of the "
            "Dutch Civil Code). We reserve all other rights as well."
        )

    def _get_consequences(self, section, is_consumer):
        """Return what follows when the deadline passes, as far as the law allows.

        A consumer owes collection costs only after a letter of its own, with the exact
        amount and fourteen days to pay without them: here they are not mentioned.
        """
        if section.interest:
            return self.env._("Interest runs on until the day of payment in full.")
        if is_consumer:
            return self.env._("From that moment we can claim the statutory interest.")
        return self.env._(
            "From that moment we can claim, as far as the law allows, the statutory "
            "interest and compensation for extrajudicial collection costs."
        )
