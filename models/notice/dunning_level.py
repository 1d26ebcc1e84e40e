from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class DunningLevel(models.Model):
    """A level that letters refer to stays."""

    _inherit = "dunning.level"

    # === CRUD METHODS === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = (
            self.env["dunning.notice.line"]
            .sudo()  # letters of companies the user cannot see count as well
            .search(Domain("level_id", "in", self.ids), limit=1)
            .level_id
        )
        if used:
            raise UserError(
                self.env._(
                    "Level %s was used in letters, which refer to it. Archive it "
                    "instead of deleting it.",
                    used.display_name,
                )
            )
