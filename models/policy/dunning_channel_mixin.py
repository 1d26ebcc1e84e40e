from odoo import fields, models

CHANNELS = [
    ("email", "E-mail"),
    ("post", "Post"),
    ("registered", "Registered post"),
]


class DunningChannelMixin(models.AbstractModel):
    """The ways a letter goes out; several at once are allowed."""

    _name = "dunning.channel.mixin"
    _description = "Dunning channels"

    by_email = fields.Boolean(string="E-mail")
    by_post = fields.Boolean(string="Post")
    by_registered = fields.Boolean(string="Registered post")

    # === BUSINESS METHODS === #

    def _get_channels(self):
        """Return the chosen channels of this record, in the order of `CHANNELS`.

        :return: codes of :data:`CHANNELS`
        :rtype: list[str]
        """
        self.ensure_one()
        return [channel for channel, _label in CHANNELS if self[f"by_{channel}"]]
