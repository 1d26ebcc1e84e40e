from odoo import api, models


class DunningCachedMixin(models.AbstractModel):
    """Settings that the registry keeps at hand: each change of them empties it.

    Odoo tells the other workers; they see what changed in their next transaction.
    """

    _name = "dunning.cached.mixin"
    _description = "Dunning settings kept at hand"

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
