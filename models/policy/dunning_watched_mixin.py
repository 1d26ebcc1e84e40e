from odoo import models


class DunningWatchedMixin(models.AbstractModel):
    """A record of which others may want to know that somebody looks at it."""

    _name = "dunning.watched.mixin"
    _description = "Record that people look at"

    # === CRUD METHODS === #

    def web_read(self, specification):
        """A form that is opened reads one record."""
        # EXTENDS 'web'
        result = super().web_read(specification)
        if len(self) == 1:
            self._watch()
        return result

    # === BUSINESS METHODS === #

    def _watch(self):
        """Do what has to be done when somebody looks at this record."""
