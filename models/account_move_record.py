from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.sql import any_of
from .res_partner import ACCOUNTING_GROUPS

#: What there may be on record about an invoice: field, and model.
RECORDS = {
    "dunning_hold_ids": "dunning.hold",
    "dunning_contact_ids": "dunning.contact",
    "dunning_waiver_ids": "dunning.waiver",
    "dunning_arrangement_ids": "payment.arrangement",
    "dunning_protection_ids": "dunning.protection",
}


class AccountMove(models.Model):
    """Pauses, contacts, waivers and arrangements about an invoice, found at one go."""

    _inherit = "account.move"

    dunning_hold_ids = fields.Many2many(
        comodel_name="dunning.hold",
        string="Pauses",
        compute="_compute_dunning_records",
        groups=ACCOUNTING_GROUPS,
        help="All pauses of this invoice or of the whole customer, also those that "
        "are over.",
    )
    dunning_contact_ids = fields.Many2many(
        comodel_name="dunning.contact",
        string="Contact moments",
        compute="_compute_dunning_records",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_waiver_ids = fields.Many2many(
        comodel_name="dunning.waiver",
        string="Waivers",
        compute="_compute_dunning_records",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_arrangement_ids = fields.Many2many(
        comodel_name="payment.arrangement",
        string="Payment arrangements",
        compute="_compute_dunning_records",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_protection_ids = fields.Many2many(
        comodel_name="dunning.protection",
        string="Protected statuses",
        compute="_compute_dunning_records",
        groups=ACCOUNTING_GROUPS,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "dunning_item_ids",
        "commercial_partner_id",
        "line_ids.dunning_waiver_ids",
        "line_ids.dunning_arrangement_item_ids.arrangement_id",
        "commercial_partner_id.dunning_protection_ids",
    )
    def _compute_dunning_records(self):
        """Look what there is in one statement, and read only that."""
        found = self._origin._find_dunning_records()
        for name, comodel in RECORDS.items():
            ids = set().union(*(found[name, move_id] for move_id in self._origin._ids))
            records = self.env[comodel]
            if ids:
                # Not only browsed: in order, and those that the user may see.
                records = records.search([("id", "in", list(ids))])
            for move in self:
                wanted = found[name, move._origin.id]
                move[name] = records.filtered(lambda r, wanted=wanted: r.id in wanted)

    # === BUSINESS METHODS === #

    def _find_dunning_records(self):
        """Return what is on record about these invoices: one statement.

        :return: ids of records by field and invoice
        :rtype: defaultdict[tuple[str, int], set[int]]
        """
        owners = defaultdict(list)
        for move in self:
            debtor = move.commercial_partner_id
            owners["debtor", debtor.id].append(move)
            owners[f"debtor of {move.company_id.id}", debtor.id].append(move)
            for item in move.dunning_item_ids:
                owners["item", item.id].append(move)
            for item in move.dunning_item_ids._get_waivable_items():
                owners["waivable", item.id].append(move)
        found = defaultdict(set)
        for name, record_id, *owner in self._select_dunning_records(owners):
            for move in owners[tuple(owner)]:
                found[name, move.id].add(record_id)
        return found

    def _select_dunning_records(self, owners):
        """Select what there is about some items and debtors.

        :param owners: pairs of a kind and the id of an item or debtor
        :return: rows of field, record, and owner
        :rtype: list[tuple]
        """
        ids = defaultdict(list)
        for kind, owner_id in owners:
            ids[kind.partition(" ")[0]].append(owner_id or 0)
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT 'dunning_hold_ids', hold_id, 'item', move_line_id
                  FROM dunning_hold_item_rel
                 WHERE move_line_id = %(items)s
             UNION ALL
                SELECT 'dunning_hold_ids', id, 'debtor of ' || company_id, partner_id
                  FROM dunning_hold
                 WHERE partner_id = %(debtors)s AND is_debtor_wide
             UNION ALL
                SELECT 'dunning_contact_ids', contact_id, 'item', move_line_id
                  FROM dunning_contact_move_line_rel
                 WHERE move_line_id = %(items)s
             UNION ALL
                SELECT 'dunning_waiver_ids', waiver_id, 'waivable', item_id
                  FROM dunning_waiver_item_rel
                 WHERE item_id = %(waivable)s
             UNION ALL
                SELECT 'dunning_arrangement_ids', arrangement_id, 'item', move_line_id
                  FROM payment_arrangement_item
                 WHERE move_line_id = %(items)s
             UNION ALL
                SELECT 'dunning_protection_ids', id, 'debtor', partner_id
                  FROM dunning_protection
                 WHERE partner_id = %(debtors)s AND ended_on IS NULL
                """,
                items=any_of(ids["item"]),
                debtors=any_of(ids["debtor"]),
                waivable=any_of(ids["waivable"]),
            )
        )
