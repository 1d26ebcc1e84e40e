from odoo import api, models
from odoo.tools import SQL

from ..tools.call_list import Trigger, plan_calls
from .dunning_contact import FAILED_OUTCOMES


class DunningContact(models.Model):
    """Whom to call: derived from letters, contacts and the plan."""

    _inherit = "dunning.contact"

    # === BUSINESS METHODS === #

    @api.model
    def _plan_calls(self, company, partners=None):
        """Return the debtors of a company to be called today.

        :param company: the `res.company`
        :param partners: debtors (`res.partner`), all of them without
        :rtype: list[Call]
        """
        today = company._get_dunning_today()
        triggers = self._select_call_triggers(company, today, partners)
        debtors = self.env["res.partner"].browse({row.partner_id for row in triggers})
        if not debtors:
            return []
        steps = self.env["account.move.line"]._plan_dunning(company, today, debtors)
        return plan_calls(triggers, steps, today)

    @api.model
    def _select_call_triggers(self, company, today, partners=None):
        """Select why debtors might have to be called: one statement.

        :rtype: list[Trigger]
        """
        self.env.flush_all()
        among = (
            SQL("IN %s", tuple(partners.ids or [0]))
            if partners is not None
            else SQL("IS NOT NULL")
        )
        rows = self.env.execute_query(
            SQL(
                "%s UNION ALL %s",
                self._call_sql_letters(company, today, among),
                self._call_sql_contacts(company, today, among),
            )
        )
        return [Trigger(*row) for row in rows]

    @api.model
    def _call_sql_letters(self, company, today, among):
        """Open items whose last letter asks for a call that was not made."""
        return SQL(
            """
            SELECT 'letter' AS kind, item.partner_id, item.id AS line_id,
                   notice.date AS since, level.call_delay AS delay
              FROM dunning_level level
              JOIN dunning_notice_line line ON line.level_id = level.id
              JOIN dunning_notice notice ON notice.id = line.notice_id
              JOIN account_move_line item ON item.id = line.move_line_id
             WHERE level.with_call
               AND line.state = 'sent'
               AND notice.company_id = %(company_id)s
               AND notice.date <= %(today)s - level.call_delay
               AND item.reconciled IS NOT TRUE
               AND item.partner_id %(among)s
               AND NOT EXISTS (
                   SELECT 1
                     FROM dunning_notice_line later
                    WHERE later.move_line_id = line.move_line_id
                      AND later.state = 'sent'
                      AND later.is_limitation IS NOT TRUE
                      AND (later.deadline, later.id) > (line.deadline, line.id)
                   )
               AND NOT EXISTS (
                   SELECT 1
                     FROM dunning_contact contact
                    WHERE contact.partner_id = item.partner_id
                      AND contact.company_id = notice.company_id
                      AND contact.date >= notice.date
                   )
            """,
            company_id=company.id,
            today=today,
            among=among,
        )

    @api.model
    def _call_sql_contacts(self, company, today, among):
        """Calls planned for today, and last contacts after which to call again."""
        return SQL(
            """
            SELECT CASE WHEN contact.outcome IN %(failed)s
                        THEN 'retry' ELSE 'planned' END,
                   contact.partner_id, rel.move_line_id, contact.next_date, 0
              FROM dunning_contact contact
         LEFT JOIN dunning_contact_move_line_rel rel ON rel.contact_id = contact.id
             WHERE contact.company_id = %(company_id)s
               AND contact.next_date <= %(today)s
               AND contact.partner_id %(among)s
               AND (contact.outcome = 'planned' OR NOT EXISTS (
                   SELECT 1
                     FROM dunning_contact later
                    WHERE later.partner_id = contact.partner_id
                      AND later.company_id = contact.company_id
                      AND (later.date, later.id) > (contact.date, contact.id)
                   ))
            """,
            failed=FAILED_OUTCOMES,
            company_id=company.id,
            today=today,
            among=among,
        )
