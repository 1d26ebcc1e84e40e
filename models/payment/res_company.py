from odoo import fields, models
from odoo.tools import str2bool


class ResCompany(models.Model):
    """What customers may pay online, and how long their links work."""

    _inherit = "res.company"

    dunning_own_amount = fields.Boolean(
        string="Amounts of their own",
        help="Customers may pay part of what they chose online. It pays costs first, "
        "then interest, then the oldest invoice (article 6:44 BW).",
    )

    dunning_match_payments = fields.Boolean(
        string="Match by payment reference",
        default=True,
        help="A bank line that states the reference of what a customer chose to pay is "
        "matched with that: with the invoices, and with interest and costs that a "
        "letter asked for.",
    )

    # === BUSINESS METHODS === #

    def _has_dunning_payment_page(self):
        """Whether customers of this company can pay online, with whatever provider."""
        self.ensure_one()
        Parameter = self.env["ir.config_parameter"].sudo()  # a setting of the system
        Provider = self.env["payment.provider"].sudo()  # customers cannot read them
        return str2bool(
            Parameter.get_param("account_payment.enable_portal_payment", "")
        ) and bool(
            Provider.search_count(
                [
                    ("company_id", "=", self.id),
                    ("state", "in", ("enabled", "test")),
                    ("is_published", "=", True),
                ],
                limit=1,
            )
        )
