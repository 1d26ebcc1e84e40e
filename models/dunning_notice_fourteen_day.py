from odoo import models


class DunningNotice(models.Model):
    """The fourteen-day notice of article 6:96(6) BW, without which no costs are due.

    One wrong word costs the creditor all his costs, so none of this is in the hands of
    whoever edits the texts of a level.
    """

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _get_fourteen_day_request(self, parts, _consequences):
        """Return the paragraphs of the notice, in the current language.

        The term runs from the day after delivery, without a date: who names one may
        name it too early (HR 25 November 2016, ECLI:NL:HR:2016:2704). One exact amount
        of costs, and none charged yet.
        """
        paragraphs = [
            self.env._(
                "You can still pay without extra costs. We request you to pay the full "
                "amount of %(amount)s (in words: %(words)s) within %(days)s days from "
                "the day after this letter has been delivered to you.",
                **parts,
            ),
            self.env._(
                "If you do not pay in full within that term, you will owe us "
                "compensation for extrajudicial collection costs of %(costs)s (article "
                "6:96 of the Dutch Civil Code and the Decree on compensation for "
                "extrajudicial collection costs). At this moment you do not owe these "
                "costs yet.",
                **parts,
            ),
        ]
        if self._get_announced_vat():
            paragraphs.append(
                self.env._(
                    "This amount includes %(vat)s VAT. We declare that we cannot "
                    "deduct the VAT that is charged to us on collection costs, and "
                    "that the compensation is increased by VAT for that reason.",
                    **parts,
                )
            )
        return paragraphs

    def _get_announced_vat(self):
        """Return the VAT in the costs that are announced, frozen with the claim."""
        self.ensure_one()
        return float((self.claim_data or {}).get("announced_vat", 0))

    def _get_claim_names(self, is_consumer):
        """Return what interest and costs are called, with their ground in law.

        :rtype: dict[str, str]
        """
        self.ensure_one()
        company = self.company_id
        if self.partner_id.dunning_interest_percent or (
            company.dunning_interest_percent and not is_consumer
        ):
            interest_name = self.env._("Agreed interest")
        elif is_consumer:
            interest_name = self.env._("Statutory interest (article 6:119 BW)")
        else:
            interest_name = self.env._(
                "Statutory commercial interest (article 6:119a BW)"
            )
        if company.dunning_costs == "flat" and not is_consumer:
            costs_name = self.env._(
                "Compensation of € 40 for each invoice (article 6:96(4) BW)"
            )
        else:
            costs_name = self.env._(
                "Extrajudicial collection costs (article 6:96 BW, Decree on "
                "compensation for extrajudicial collection costs)"
            )
        return {"interest_name": interest_name, "costs_name": costs_name}
