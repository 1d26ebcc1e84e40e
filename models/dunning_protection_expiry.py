from odoo import api, fields, models
from odoo.tools import format_date


class DunningProtection(models.Model):
    """A status that ends on a day known beforehand: somebody is told, once."""

    _inherit = "dunning.protection"

    date_announced = fields.Date(
        string="Announced on",
        readonly=True,
        copy=False,
        help="Day on which it was told that letters go out again.",
    )

    _unannounced_idx = models.Index(
        "(date_end) WHERE ended_on IS NULL AND date_announced IS NULL"
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if "date_end" in vals:
            # The court lengthened it: its new end is told as well.
            vals = {"date_announced": False, **vals}
        return super().write(vals)

    # === BUSINESS METHODS === #

    @api.model
    def _announce_expiry(self, company):
        """Tell all creditors of statuses of which today is the last day, once.

        :param company: the `res.company` whose today it is
        :return: the statuses that are over
        :rtype: recordset of `dunning.protection`
        """
        today = company._get_dunning_today()
        over = self.search(
            [
                ("ended_on", "=", False),
                ("date_announced", "=", False),
                ("date_end", "<=", today),
            ]
        )
        over.date_announced = today
        for protection in over:
            protection._schedule_expiry(today)
        return over

    def _schedule_expiry(self, today):
        """Put an activity on the customer for those who dun him again."""
        self.ensure_one()
        for user in self._get_creditors()._get_dunning_responsibles():
            protection = self.with_context(lang=user.lang or self.env.lang)
            protection.partner_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=today,
                summary=protection.env._("%s is over", protection._get_kind_label()),
                note=protection.env._(
                    "After %(day)s letters to %(debtor)s go out again. When the court "
                    "lengthened it, enter the new day; when another status followed, "
                    "record that one.",
                    day=format_date(protection.env, protection.date_end),
                    debtor=protection.partner_id.name,
                ),
                user_id=user.id,
            )
