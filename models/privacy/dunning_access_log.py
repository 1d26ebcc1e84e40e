from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

#: How long it is kept who looked.
KEPT_YEARS = 5


class DunningAccessLog(models.Model):
    """Who looked at protected data, at what and when: one row a day for each."""

    _name = "dunning.access.log"
    _description = "Who looked at protected data"
    _order = "last_at desc, id desc"
    _rec_name = "name"

    user_id = fields.Many2one(
        comodel_name="res.users", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", ondelete="cascade")
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Debtor", index=True, ondelete="cascade"
    )
    what = fields.Selection(
        selection=[
            ("dossier", "Dossier opened"),
            ("dossier_file", "File of a dossier fetched"),
            ("protection", "Protected status opened"),
            ("export", "All that is known of a person exported"),
        ],
        required=True,
    )
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    res_model = fields.Char(required=True)
    name = fields.Char(string="At what")
    date = fields.Date(required=True)
    first_at = fields.Datetime(string="First time", required=True)
    last_at = fields.Datetime(string="Last time", required=True)
    times = fields.Integer(required=True)

    _day_uniq = models.UniqueIndex("(user_id, res_model, res_id, what, date)")

    # === BUSINESS METHODS === #

    @api.model
    def _record(self, records, what):
        """Record that the user looks at records.

        Jobs and the machinery itself do not look. Two windows of one user at the same
        time must not stop each other, so PostgreSQL adds up.

        :param records: with `partner_id`, and `company_id` where they have one
        :param str what: one of the selection
        """
        if self.env.su:
            return
        for record in records.sudo():  # whoever may look may leave a trace
            company = record.company_id if "company_id" in record._fields else None
            partner = (
                record if record._name == "res.partner" else record.partner_id
            ).commercial_partner_id
            self._insert(
                {
                    "user_id": self.env.uid,
                    "company_id": company.id if company else None,
                    "partner_id": partner.id or None,
                    "what": what,
                    "res_id": record.id,
                    "res_model": record._name,
                    "name": record.display_name,
                    "date": fields.Date.context_today(self),
                }
            )
        self.invalidate_model()

    @api.model
    def _insert(self, values):
        """Write a row, or count one more on that of the day."""
        now = fields.Datetime.now()
        row = {**values, "first_at": now, "last_at": now, "times": 1}
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_access_log (%s) VALUES (%s)
                ON CONFLICT (user_id, res_model, res_id, what, date)
                DO UPDATE SET last_at = EXCLUDED.last_at,
                              times = dunning_access_log.times + 1
                """,
                SQL(", ").join(map(SQL.identifier, row)),
                SQL(", ").join(SQL("%s", value) for value in row.values()),
            )
        )

    @api.autovacuum
    def _gc_log(self):
        """Forget who looked a long time ago."""
        latest = fields.Date.today() - relativedelta(years=KEPT_YEARS)
        self.search([("date", "<", latest)], limit=10_000).unlink()
