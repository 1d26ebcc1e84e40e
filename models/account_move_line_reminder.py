from odoo import api, models
from odoo.tools import format_date

ACTIVITY_TYPE = "l10n_nl_dunning.mail_activity_limitation"


class AccountMoveLine(models.Model):
    """Who is told about claims that are about to lapse."""

    _inherit = "account.move.line"

    # === BUSINESS METHODS === #

    @api.model
    def _remind_limitation(self, company):
        """Put an activity on invoices that are about to lapse, once for each term.

        Reminders that were answered, by a letter or a payment, are taken away.

        :param company: the `res.company`
        """
        if not self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False):
            return  # somebody deleted the kind of activity: then it is not wanted
        today = company._get_dunning_today()
        items = self._get_lapsing_items(company)
        reminders = self._get_limitation_reminders(company)
        moves = set(items.move_id.ids)
        answered = reminders.filtered(lambda r: r.active and r.res_id not in moves)
        answered.unlink()
        reminded = {
            (reminder.res_id, None if reminder.active else reminder.date_deadline)
            for reminder in reminders - answered
        }
        for item in items:
            last_day = item.dunning_limitation_date
            keys = {(item.move_id.id, None), (item.move_id.id, last_day)}
            if last_day >= today and not keys & reminded:
                item._schedule_limitation_reminder()
                reminded |= keys

    @api.model
    def _get_limitation_reminders(self, company):
        """Return the reminders of a company, with those that were done.

        :rtype: recordset of `mail.activity`
        """
        moves = (
            self.env["account.move"].sudo()._search([("company_id", "=", company.id)])
        )  # sudo: what counts is whether there is one, not who may see it
        return (
            self.env["mail.activity"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("activity_type_id", "=", self.env.ref(ACTIVITY_TYPE).id),
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", moves),
                ]
            )
        )

    def _schedule_limitation_reminder(self):
        self.ensure_one()
        responsible = self.company_id._get_dunning_responsible()
        Lang = self.with_context(lang=responsible.lang or self.env.lang)
        self.move_id.activity_schedule(
            ACTIVITY_TYPE,
            date_deadline=self.dunning_limitation_date,
            summary=Lang.env._("Claim is about to lapse"),
            note=Lang.env._(
                "The claim on %(debtor)s lapses after %(day)s. Collect it or interrupt "
                "the limitation: see About to lapse, in the menu Dunning.",
                debtor=self.partner_id.display_name,
                day=format_date(Lang.env, self.dunning_limitation_date),
            ),
            user_id=responsible.id,
        )
