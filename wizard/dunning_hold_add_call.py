from odoo import api, models


class DunningHoldAdd(models.TransientModel):
    """A pause that was agreed on in a call from the list goes on with the list."""

    _inherit = "dunning.hold.add"

    # === SELECTION METHODS === #

    @api.model
    def _get_kinds(self):
        # EXTENDS 'l10n_nl_dunning'
        return [row for row in super()._get_kinds() if row[0] != "promise"]

    # === ACTION METHODS === #

    def action_pause(self):
        # EXTENDS 'l10n_nl_dunning'
        action = super().action_pause()
        following = self.env.context.get("dunning_following_call")
        if following is None:
            return action
        return self.env["dunning.call"].browse(following)._open_or_finish()
