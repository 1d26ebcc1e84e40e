from odoo import api, fields, models

from .channels import CHANNELS


class DunningChannelMixin(models.AbstractModel):
    """The ways a letter goes out; several at once are allowed.

    A module with another channel adds a field `by_<code>` here, its :class:`Channel` to
    :meth:`_list_channels`, and `dunning.delivery._send_by_<code>()`.
    """

    _name = "dunning.channel.mixin"
    _description = "Dunning channels"

    by_email = fields.Boolean(string="E-mail")
    by_post = fields.Boolean(string="Post")
    by_registered = fields.Boolean(string="Registered post")

    # === SEAMS === #

    @api.model
    def _list_channels(self):
        """Return all channels, in the order in which they are tried.

        :rtype: list[Channel]
        """
        return list(CHANNELS)

    # === BUSINESS METHODS === #

    def _get_channels(self):
        """Return the codes of the channels that were chosen for this record.

        :rtype: list[str]
        """
        return [channel.code for channel in self._get_chosen_channels()]

    def _get_chosen_channels(self):
        """Return the channels that were chosen for this record.

        :rtype: list[Channel]
        """
        self.ensure_one()
        return [c for c in self._list_channels() if self[f"by_{c.code}"]]

    @api.model
    def _get_channel_labels(self):
        """Return the channels for a selection field."""
        return [
            (c.code, self._fields[f"by_{c.code}"]._description_string(self.env))
            for c in self._list_channels()
        ]

    @api.model
    def _get_posted_channels(self):
        """Return the codes of the channels for which somebody goes to the post."""
        return [c.code for c in self._list_channels() if c.is_posted]
