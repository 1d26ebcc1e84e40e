from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DunningTerms(models.Model):
    """General conditions of the company: a text in one language, for some time.

    Which of them were agreed depends on when the contract was made, so the texts of
    before are kept beside the one of today.
    """

    _name = "dunning.terms"
    _description = "General conditions"
    _order = "company_id, date_from desc, id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    lang = fields.Selection(
        selection=[("nl", "Dutch"), ("en", "English"), ("other", "Another language")],
        string="Language",
        required=True,
        default="nl",
    )
    date_from = fields.Date(string="In force from", required=True)
    date_to = fields.Date(string="Up to and including")
    document = fields.Binary(string="Text (PDF)", required=True, attachment=True)
    document_name = fields.Char()

    _check_dates = models.Constraint(
        "CHECK(date_to >= date_from)",
        "General conditions cannot end before they began.",
    )

    # === CONSTRAINT METHODS === #

    @api.constrains("document")
    def _check_document(self):
        for terms in self.with_context(bin_size=False):
            if not terms._get_content().startswith(b"%PDF-"):
                raise ValidationError(
                    self.env._(
                        "The text of “%s” is no PDF file. Save it as PDF first: it "
                        "becomes part of the dossier.",
                        terms.name,
                    )
                )

    # === BUSINESS METHODS === #

    def _get_content(self):
        """Return the PDF file."""
        self.ensure_one()
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "document"),
                ("res_id", "=", self.id),
            ],
            limit=1,
        )
        return attachment.raw or b""

    def _pick(self, day, lang):
        """Return which of these was in force on a day, in a language if there is one.

        :param date day: when the contract was made, as far as it is known
        :param str lang: `nl` or `en`
        :rtype: recordset of `dunning.terms`
        """
        in_force = self.filtered(
            lambda terms: (
                terms.date_from <= day and (not terms.date_to or day <= terms.date_to)
            )
        )
        return (in_force.filtered(lambda terms: terms.lang == lang) or in_force)[:1]
