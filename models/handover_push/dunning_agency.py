from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Hosts that may be spoken to without encryption: this machine itself.
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class DunningAgency(models.Model):
    """Agencies with a system that takes files over the internet."""

    _inherit = "dunning.agency"

    channel = fields.Selection(
        selection_add=[("api", "API (webhook)")], ondelete={"api": "set default"}
    )
    api_url = fields.Char(
        string="Address of the API",
        help="The JSON of the dossier is posted here. It must begin with https://.",
    )
    api_secret = fields.Char(
        string="Secret of the API",
        groups="account.group_account_manager",
        copy=False,
        help="Shared with the agency: it checks with it that the file is from you.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("channel", "api_url", "api_secret")
    def _check_api(self):
        for agency in self.filtered(lambda agency: agency.channel == "api"):
            # sudo: whether there is one, also where it may not be read
            if not agency.api_url or not agency.sudo().api_secret:
                raise ValidationError(
                    self.env._(
                        "Enter the address of the API of %s and the secret that you "
                        "share with it.",
                        agency.partner_id.name,
                    )
                )
            parts = urlsplit(agency.api_url)
            if not parts.hostname or not (
                parts.scheme == "https"
                or parts.scheme == "http"
                and parts.hostname in LOOPBACK
            ):
                raise ValidationError(
                    self.env._(
                        "%s is no address of an API: it must begin with https://, "
                        "because a dossier is personal data.",
                        agency.api_url,
                    )
                )
