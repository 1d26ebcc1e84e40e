import json
import zipfile
from base64 import b64encode
from io import BytesIO

from odoo import fields, models


class DunningPersonalExport(models.TransientModel):
    """A file of all that is known of a person, for who asks for it (article 15 AVG).

    It is not kept: the wizard goes, and the file with it.
    """

    _name = "dunning.personal.export"
    _description = "Export of what is known of a person"

    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, readonly=True
    )
    file = fields.Binary(readonly=True, attachment=True)
    file_name = fields.Char(readonly=True)

    # === ACTION METHODS === #

    def action_export(self):
        """Make the file: JSON for programs, PDF for people."""
        self.ensure_one()
        lang = self.partner_id._get_dunning_lang(self.env.company.partner_id.lang)
        Data = self.env["dunning.personal.data"].with_context(lang=lang)
        partner = self.partner_id.with_context(lang=lang)
        self.env["dunning.access.log"]._record(partner, "export")
        data = Data._collect(partner)
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            text = json.dumps(data, ensure_ascii=False, indent=2)
            archive.writestr("personal-data.json", text)
            archive.writestr("personal-data.pdf", Data._print(partner, data))
        self.write(
            {
                "file": b64encode(stream.getvalue()),
                "file_name": f"{partner.ref or partner.id}-{data['date']}.zip",
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What is known of %s", partner.name),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
