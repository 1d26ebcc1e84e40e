from odoo import models
from odoo.tools import SQL

from ...law.protection import ProtectedDebtor, is_stopped, last_interest_day, stop_claim
from ...tools.sql import any_of


class AccountMoveLine(models.Model):
    """What may be claimed from a debtor who is protected by law."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    def _dunning_sql_traces(self, partner_ids):
        # EXTENDS 'l10n_nl_dunning'
        return super()._dunning_sql_traces(partner_ids) | {
            "protections": SQL(
                "SELECT FROM dunning_protection WHERE partner_id = %s",
                any_of(filter(None, partner_ids)),
            )
        }

    def _get_dunning_debts(self, owed, case):
        """Stop interest and costs on the day that the status of the debtor says."""
        # EXTENDS 'l10n_nl_dunning'
        debts = super()._get_dunning_debts(owed, case)
        if "protections" not in case.traces:
            return debts
        debtor_ids = {item.id: item.claim_key.partner_id for item in owed}
        partners = self.env["res.partner"].browse(filter(None, debtor_ids.values()))
        statuses = self.env["dunning.protection"]._get_open(partners)
        protections = {status.partner_id.id: status for status in statuses}
        for line in self.filtered(lambda line: debtor_ids[line.id] in protections):
            protection = protections[debtor_ids[line.id]]
            last_day = last_interest_day(
                protection.kind, protection.date, line._get_dunning_origin()
            )
            if last_day:
                debts[line.id] = stop_claim(debts[line.id], last_day)
        return debts

    def _get_dunning_stopped(self):
        """Return those of these items that nothing may be asked for today."""
        statuses = (
            self.env["dunning.protection"]
            ._get_open(self.partner_id.commercial_partner_id)
            .grouped("partner_id")
        )
        return self.filtered(
            lambda line: (
                (status := statuses.get(line.partner_id.commercial_partner_id))
                and is_stopped(
                    ProtectedDebtor(status.kind, status.date, status.date_end or None),
                    line._get_dunning_origin(),
                    line.company_id._get_dunning_today(),
                )
            )
        )

    def _get_dunning_lift_makers(self, step, settings):
        """Say which status stands in the way, and what to do."""
        makers = super()._get_dunning_lift_makers(step, settings)
        return makers | {
            "protection": lambda: (
                self.partner_id.commercial_partner_id.dunning_protection_text
            )
        }

    def _get_dunning_origin(self):
        """Return when the debt came about: the day of delivery or of the invoice.

        An opening balance that was due before its entry is older than that.

        The selection of open items tells the same, see `_dunning_sql_items`.

        :rtype: date
        """
        self.ensure_one()
        move = self.move_id
        days = [move.invoice_date, move.delivery_date, self.date]
        if move.move_type == "entry":
            days.append(self.date_maturity)
        return min(day for day in days if day)
