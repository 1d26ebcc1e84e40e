from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

from ..handover.dunning_handover import CLOSED_STATES

#: So many records are made anonymous before the job saves.
BATCH = 500

#: What stands where an address stood.
REMOVED = "–"


class DunningPrivacy(models.AbstractModel):
    """The job that makes anonymous what was kept long enough.

    Only of debtors who owe the company nothing and against whom it has no title: of
    others all may be needed as evidence. Invoices, entries, letters and agreements are
    records of the books and stay as they are.
    """

    _name = "dunning.privacy"
    _description = "Retention of personal data"

    # === BUSINESS METHODS === #

    @api.model
    def _cron_clean(self):
        """Make anonymous what was kept long enough, company by company."""
        companies = self.env["res.company"].search([("active", "=", True)])
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(companies))
        for company in companies:
            while self._clean(company):
                if not commit_progress(0):
                    return
            if not commit_progress(1):
                return

    @api.model
    def _clean(self, company):
        """Make some records of a company anonymous.

        :return: how many; none when nothing is left to do
        :rtype: int
        """
        closed = self._get_closed_domain(company)
        return sum(
            clean(company, closed, since)
            for kind, clean in (
                ("notes", self._clean_notes),
                ("contacts", self._clean_contacts),
                ("deliveries", self._clean_deliveries),
                ("files", self._clean_files),
            )
            if (since := company._get_dunning_kept_since(kind))
        )

    @api.model
    def _get_closed_domain(self, company):
        """Return the domain of what belongs to debtors with whom all is settled.

        :rtype: Domain
        """
        owing = self.env["account.move.line"]._search(
            [
                ("company_id", "=", company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("partner_id", "!=", False),
            ]
        )
        partners = self.env["res.partner"].with_context(active_test=False)
        debtors = partners._search([("id", "in", owing.subselect("partner_id"))])
        titled = self.env["dunning.title"]._search(
            [("company_id", "=", company.id), ("state", "=", "watched")]
        )
        return Domain("partner_id", "not in", self._read_ids(debtors)) & Domain(
            "partner_id", "not in", titled.subselect("partner_id")
        )

    @api.model
    def _read_ids(self, query):
        """Return the ids of the debtors that some contacts belong to."""
        rows = self.env.execute_query(query.select("commercial_partner_id"))
        return [row[0] for row in rows]

    @api.model
    def _clean_notes(self, company, closed, since):
        """Forget what was written at pauses, disputes and promises that are over."""
        holds = self.env["dunning.hold"].search(
            closed
            & Domain("company_id", "=", company.id)
            & (Domain("date_end", "<", since) | Domain("date_review", "<", since))
            & (
                Domain("note", "!=", False)
                | Domain("end_reason", "not in", (False, REMOVED))
            ),
            limit=BATCH,
        )
        files = self.env["ir.attachment"].search(
            [("res_model", "=", holds._name), ("res_id", "in", holds.ids)]
        )
        (files - self._get_issued(holds)).unlink()
        self._clean_messages(holds)
        for hold in holds:
            hold.write({"note": False, "end_reason": hold.end_reason and REMOVED})
        return len(holds)

    @api.model
    def _get_issued(self, records):
        """Return the documents that debtors got about some records: evidence."""
        letters = self.env["dunning.letter"].search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )
        return letters.document_id

    @api.model
    def _clean_contacts(self, company, closed, since):
        """Forget what was said and with whom; that there was a contact is kept."""
        contacts = self.env["dunning.contact"].search(
            closed
            & Domain("company_id", "=", company.id)
            & Domain("date", "<", since)
            & Domain("outcome", "!=", "planned")
            & (Domain("note", "!=", False) | Domain("person_id", "!=", False)),
            limit=BATCH,
        )
        self._clean_messages(contacts)
        contacts.write({"note": False, "person_id": False})
        return len(contacts)

    @api.model
    def _clean_messages(self, records):
        """Empty what was said in the chatter when these records were made.

        That of a record itself, and what it left with the debtor and on his invoices
        in the same transaction: those have the same time. To the second, as domains
        compare times.
        """
        own = Domain("model", "=", records._name) & Domain("res_id", "in", records.ids)
        domains = [own]
        for record in records:
            moves = record.move_line_ids.move_id
            moment = record.create_date.replace(microsecond=0)
            domains.append(
                Domain("create_date", ">=", moment)
                & Domain("create_date", "<", moment + timedelta(seconds=1))
                & (
                    Domain("model", "=", "res.partner")
                    & Domain("res_id", "=", record.partner_id.id)
                    | Domain("model", "=", "account.move")
                    & Domain("res_id", "in", moves.ids)
                )
            )
        messages = self.env["mail.message"].search(Domain.OR(domains))
        messages.filtered(lambda message: message.body).body = False

    @api.model
    def _clean_deliveries(self, company, closed, since):
        """Forget the addresses that letters went to; that they went is kept."""
        old = list(closed & Domain("date", "<", since))
        deliveries = self.env["dunning.delivery"].search(
            (Domain("notice_id", "any", old) | Domain("letter_id", "any", old))
            & Domain("company_id", "=", company.id)
            & Domain("address", "!=", REMOVED),
            limit=BATCH,
        )
        # sudo: the mail queue is closed to everybody else
        deliveries.sudo().mail_id.write({"email_to": False, "email_cc": False})
        deliveries.write({"address": REMOVED, "address_cc": False, "error": False})
        return len(deliveries)

    @api.model
    def _clean_files(self, company, closed, since):
        """Remove dossiers, and what was written to agencies about closed files."""
        of_company = closed & Domain("company_id", "=", company.id)
        removed = self.env["dunning.dossier"]._remove_files(
            of_company & Domain("date", "<", since)
        )
        handovers = self.env["dunning.handover"].search(
            of_company
            & Domain("state", "in", CLOSED_STATES)
            & Domain("closed_on", "<", since)
        )
        messages = self.env["mail.message"].search(
            [("model", "=", handovers._name), ("res_id", "in", handovers.ids)]
        )
        # The letter to the debtor goes along with his mail, and is kept.
        (messages.attachment_ids - self._get_issued(handovers)).unlink()
        messages.filtered(lambda message: message.body).body = False
        return removed
