from odoo import api, fields, models
from odoo.exceptions import UserError


class DunningDossier(models.Model):
    """Who looks at a dossier leaves a trace, and its files are not kept for ever."""

    _inherit = "dunning.dossier"

    removed_on = fields.Date(
        string="Files removed on",
        readonly=True,
        help="The files were kept as long as the settings say. Their sum is still "
        "there, so a copy can be checked.",
    )

    # === BUSINESS METHODS === #

    def _watch(self):
        self.env["dunning.access.log"]._record(self, "dossier")
        return super()._watch()

    def _fetch_file(self, attachment, is_download):
        if self.removed_on:
            raise UserError(
                self.env._(
                    "The files of this dossier were removed, because they were kept as "
                    "long as the settings say. Make a new one when it is needed."
                )
            )
        self.env["dunning.access.log"]._record(self, "dossier_file")
        return super()._fetch_file(attachment, is_download)

    @api.model
    def _remove_files(self, domain):
        """Remove the files of old dossiers; that they were made is kept.

        :return: how many
        :rtype: int
        """
        dossiers = self.search([*domain, ("removed_on", "=", False)])
        attachments = dossiers.archive_id + dossiers.document_id
        for company, group in dossiers.grouped("company_id").items():
            group.write(
                {
                    "archive_id": False,
                    "document_id": False,
                    "missing": False,
                    "removed_on": company._get_dunning_today(),
                }
            )
        dossiers.flush_recordset()
        attachments.unlink()
        return len(dossiers)
