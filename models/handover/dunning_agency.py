from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningAgency(models.Model):
    """Who collects for the company when nothing else helps, and what for.

    Of several the first by sequence that fits is proposed.
    """

    _name = "dunning.agency"
    _description = "Collection agency, bailiff or lawyer"
    _order = "sequence, id"
    _rec_name = "partner_id"
    _check_company_auto = True

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Agency",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    kind = fields.Selection(
        selection=[
            ("agency", "Collection agency"),
            ("bailiff", "Bailiff"),
            ("lawyer", "Lawyer"),
        ],
        required=True,
        default="agency",
    )
    wki_number = fields.Char(
        string="Number in the Wki register",
        help="A collection agency may collect from consumers only when it is in the "
        "register of the Act on the quality of collection services (Wki).",
    )
    channel = fields.Selection(
        selection=[
            ("mail", "E-mail with the dossier"),
            ("folder", "Folder on the server"),
            ("manual", "By hand"),
        ],
        required=True,
        default="mail",
        help="The folder is set by the administrator, in the system parameter "
        "l10n_nl_dunning.handover_folder; each agency has one of its own in it.",
    )
    commission_percent = fields.Float(string="Commission (%)", digits=(5, 2))
    lang = fields.Selection(
        selection=[("nl", "Dutch"), ("en", "English")],
        string="Language",
        required=True,
        default="nl",
    )
    debtor_kind = fields.Selection(
        selection=[
            ("any", "Any debtor"),
            ("business", "Businesses"),
            ("consumer", "Consumers"),
        ],
        string="For",
        required=True,
        default="any",
    )
    country_ids = fields.Many2many(
        comodel_name="res.country",
        string="Countries",
        help="Of the debtor; without any, all countries.",
    )
    min_amount = fields.Float(
        string="From (amount)", help="In the currency of the company."
    )
    max_amount = fields.Float(
        string="Up to (amount)", help="In the currency of the company; zero: no limit."
    )
    min_days = fields.Integer(
        string="Days past due",
        default=30,
        help="Each item must be at least so long past its due date.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("kind", "wki_number", "debtor_kind")
    def _check_wki_number(self):
        for agency in self:
            if (
                agency.kind == "agency"
                and agency.debtor_kind != "business"
                and not (agency.wki_number or "").strip()
            ):
                raise ValidationError(
                    self.env._(
                        "Enter the number of %s in the Wki register, or let it collect "
                        "from businesses only: without it a collection agency may not "
                        "collect from consumers.",
                        agency.partner_id.name,
                    )
                )

    # === BUSINESS METHODS === #

    def _pick(self, debtor, amount):
        """Return the first of these agencies that collects from a debtor.

        :param debtor: the `res.partner`
        :param float amount: what he owes, in the currency of the company
        :rtype: recordset of `dunning.agency`
        """
        kind = "consumer" if debtor.dunning_is_consumer else "business"
        return self.filtered(
            lambda agency: (
                agency.debtor_kind in ("any", kind)
                and agency.min_amount <= amount
                and (not agency.max_amount or amount <= agency.max_amount)
                and (not agency.country_ids or debtor.country_id in agency.country_ids)
            )
        )[:1]
