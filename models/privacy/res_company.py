from dateutil.relativedelta import relativedelta

from odoo import fields, models

#: What is kept for a time, and the setting that says how long.
KEPT = {
    "notes": "dunning_keep_notes",
    "contacts": "dunning_keep_contacts",
    "deliveries": "dunning_keep_deliveries",
    "files": "dunning_keep_files",
}


class ResCompany(models.Model):
    """How long personal data is kept once a debtor owes nothing any more.

    Seven years, as the books are, unless the company needs it for less long.
    """

    _inherit = "res.company"

    dunning_keep_notes = fields.Integer(
        string="Keep notes (months)",
        default=84,
        help="Texts of pauses, disputes and promises, and files that came with them. "
        "Counted from their end; zero keeps them for good.",
    )
    dunning_keep_contacts = fields.Integer(
        string="Keep contacts (months)",
        default=84,
        help="What was said and with whom; that there was a contact is kept. Zero "
        "keeps it for good.",
    )
    dunning_keep_deliveries = fields.Integer(
        string="Keep addresses of deliveries (months)",
        default=84,
        help="Postal and e-mail addresses that letters went to; that they went out is "
        "kept. Zero keeps them for good.",
    )
    dunning_keep_files = fields.Integer(
        string="Keep closed files (months)",
        default=84,
        help="Dossiers, and what was written to agencies about files that are closed. "
        "Zero keeps them for good.",
    )

    _check_dunning_keep = models.Constraint(
        "CHECK(dunning_keep_notes >= 0 AND dunning_keep_contacts >= 0 "
        "AND dunning_keep_deliveries >= 0 AND dunning_keep_files >= 0)",
        "The number of months that data is kept cannot be negative.",
    )

    # === BUSINESS METHODS === #

    def _get_dunning_kept_since(self, kind):
        """Return from which day on personal data is kept, or None for good.

        :param str kind: one of `KEPT`
        :rtype: date or None
        """
        self.ensure_one()
        months = self[KEPT[kind]]
        if not months:
            return None
        return self._get_dunning_today() - relativedelta(months=months)
