"""A channel: reminders by SMS."""
# It stands for another module.  pylint: disable=odoo-addons-relative-import

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.l10n_nl_dunning.models.plan.engine.items import OWN, Fact
from odoo.addons.l10n_nl_dunning.models.policy.channels import Channel


class DunningChannelMixin(models.AbstractModel):
    """Levels and letters can choose it."""

    _inherit = "dunning.channel.mixin"

    by_sms = fields.Boolean(string="SMS")

    @api.model
    def _list_channels(self):
        return [*super()._list_channels(), Channel("sms", "phone", is_written=False)]


class DunningPlanner(models.AbstractModel):
    """The plan knows who can be reached by it."""

    _inherit = "dunning.planner"

    @api.model
    def _get_debtor_facts(self, company):
        has_phone = SQL("COALESCE(contact.phone, debtor.phone, '') != ''")
        return super()._get_debtor_facts(company) | {
            "has_phone": Fact(has_phone, "boolean", False, OWN)
        }


class DunningNotice(models.Model):
    """The number that it goes to."""

    _inherit = "dunning.notice"

    def _get_channel_address(self, channel):
        if channel.needs == "phone":
            return self.recipient_id.phone or self.partner_id.phone
        return super()._get_channel_address(channel)


class DunningDelivery(models.Model):
    """How it leaves."""

    _inherit = "dunning.delivery"

    def _send_by_sms(self, letters):
        for delivery in self:
            subject = letters[delivery.notice_id.id]["subject"]
            self._hand_over(delivery.address, f"{subject}: {delivery.notice_id.name}")
        self._set_sent(fields.Datetime.now())

    @api.model
    def _hand_over(self, number, text):
        """Give a message to the carrier."""
