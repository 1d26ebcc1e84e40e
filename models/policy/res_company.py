from odoo import api, fields, models


class ResCompany(models.Model):
    """What the company agreed with its customers about when they must pay."""

    _inherit = "res.company"

    dunning_fatal_term = fields.Boolean(
        string="Payment term agreed with consumers",
        help="Consumers are in default from the day after the due date, because the "
        "payment term was agreed with them and not only printed on the invoice. "
        "Otherwise they are in default when the term of a written demand has passed.",
    )
    dunning_fatal_term_proof = fields.Char(
        string="Proof of the term with consumers",
        help="Where it was agreed, for example the general conditions with their date. "
        "You will have to show it when a consumer denies it.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("dunning_fatal_term")
    def _check_dunning_default_first(self):
        """Ladders that lean on the agreed term lose their ground without it."""
        if any(not company.dunning_fatal_term for company in self):
            # sudo: the ladders of all, also where the user may not read them
            self.env["dunning.policy"].sudo().search(
                [("company_id", "in", [False, *self.ids])]
            )._check_default_first()
