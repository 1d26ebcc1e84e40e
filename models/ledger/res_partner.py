from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.groups import ACCOUNTING_GROUPS
from ...tools.sql import any_of
from .engine import FEWEST_DIGITS


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="Dunning contact",
        index="btree_not_null",
        domain="[('commercial_partner_id', '=', commercial_partner_id), "
        "('id', '!=', id)]",
        groups=ACCOUNTING_GROUPS,
        help="Contact that letters about overdue invoices go to. Without one, the "
        "invoice address.",
    )
    dunning_debtor_kind = fields.Selection(
        selection=[("business", "Business"), ("consumer", "Consumer")],
        string="Debtor kind",
        groups=ACCOUNTING_GROUPS,
        help="A consumer is a natural person who does not act in a profession or "
        "business. Without a choice, a customer is a business when it is a company or "
        "has a VAT or registration number.",
    )
    dunning_is_consumer = fields.Boolean(
        string="Dunned as a consumer",
        compute="_compute_dunning_is_consumer",
        groups=ACCOUNTING_GROUPS,
    )

    # Of all partners the selection looks at those only that invoices go to.
    _dunning_invoicing_idx = models.Index(
        "(parent_id, id) WHERE type = 'invoice' AND active IS TRUE"
    )

    # === COMPUTE METHODS === #

    @api.depends("dunning_debtor_kind", "is_company", "vat", "company_registry")
    def _compute_dunning_is_consumer(self):
        """Ask the database, which has the rule for the selection of open items."""
        names = ["dunning_debtor_kind", "is_company", "vat", "company_registry"]
        self.flush_model(names)
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner partner WHERE id = %s AND %s = 'consumer'",
                any_of(self._origin._ids),
                self._dunning_sql_debtor_kind("partner"),
            )
        )
        consumers = {partner_id for [partner_id] in rows}
        for partner in self:
            partner.dunning_is_consumer = partner._origin.id in consumers

    @api.model
    def _commercial_fields(self):
        # EXTENDS 'base'
        return [
            *super()._commercial_fields(),
            "dunning_policy_id",
            "dunning_contact_id",
            "dunning_debtor_kind",
            "dunning_term",
            "dunning_interest_percent",
            "dunning_interest_compounds",
            "dunning_require_reference",
        ]

    # === BUSINESS METHODS === #

    def _get_dunning_consumers(self):
        """Return the ids of those among these debtors who are consumers.

        :rtype: set[int]
        """
        return set(self.filtered("dunning_is_consumer").ids)

    @api.model
    def _dunning_sql_debtor_kind(self, alias):
        """Return the kind of debtor as SQL: as chosen, else by what is registered.

        In doubt a debtor is a consumer: that is the kind the law protects.
        """
        column = {
            name: SQL.identifier(alias, name)
            for name in ("dunning_debtor_kind", "is_company")
        }
        return SQL(
            """
            CASE WHEN %(dunning_debtor_kind)s IS NOT NULL THEN %(dunning_debtor_kind)s
                 WHEN %(is_company)s THEN 'business'
                 WHEN %(has_vat)s THEN 'business'
                 WHEN %(has_registry)s THEN 'business'
                 ELSE 'consumer' END
            """,
            **column,
            has_vat=self._dunning_sql_is_number(alias, "vat"),
            has_registry=self._dunning_sql_is_number(alias, "company_registry"),
        )

    @api.model
    def _dunning_sql_is_number(self, alias, column):
        """Whether a column holds the number of a register, see `is_number`.

        “n.v.t.” or a dash makes no business of a consumer.
        """
        digits = SQL(
            "REGEXP_REPLACE(COALESCE(%s, ''), '[^0-9]', '', 'g')",
            SQL.identifier(alias, column),
        )
        return SQL(
            "(LENGTH(%(digits)s) >= %(fewest)s AND LTRIM(%(digits)s, '0') != '')",
            digits=digits,
            fewest=FEWEST_DIGITS,
        )

    def _is_dunning_abroad(self):
        """Whether this debtor lives abroad, as `_dunning_sql_is_abroad` tells it."""
        self.ensure_one()
        return (self.commercial_partner_id.country_id.code or "NL") != "NL"

    @api.model
    def _dunning_sql_is_abroad(self, alias):
        """Return as SQL whether a debtor is a consumer who lives abroad.

        He keeps the protection of his own law: article 6 Rome I. Whoever has no country
        lives in the Netherlands, as his letters take it too.
        """
        return SQL(
            """
            %s = 'consumer' AND COALESCE(
                (SELECT code != 'NL' FROM res_country WHERE id = %s), FALSE)
            """,
            self._dunning_sql_debtor_kind(alias),
            SQL.identifier(alias, "country_id"),
        )
