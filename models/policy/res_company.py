from odoo import api, fields, models


class ResCompany(models.Model):
    """What the company agreed with its customers about when they must pay."""

    _inherit = "res.company"

    dunning_correction_days = fields.Integer(
        string="Days for payments in transit",
        help="Days added to each due date and deadline before the next letter, for "
        "payments that the bank has not yet reported.",
    )

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

    dunning_trade_term = fields.Boolean(
        string="Payment term agreed with businesses",
        help="Interest of businesses runs from the day after the due date, because the "
        "payment term was agreed with them. A due date that only stands on the invoice "
        "is no agreement: then it runs from thirty days after the invoice was received "
        "(article 6:119a(2) BW).",
    )
    dunning_trade_term_proof = fields.Char(
        string="Proof of the term with businesses",
        help="Where it was agreed, for example the general conditions with their date.",
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

    @api.constrains("dunning_trade_term")
    def _check_dunning_handover_last(self):
        """The same, for ladders that hand businesses over without a notice."""
        if any(not company.dunning_trade_term for company in self):
            # sudo: the ladders of all, also where the user may not read them
            self.env["dunning.policy"].sudo().search(
                [("company_id", "in", [False, *self.ids])]
            )._check_handover_last()

    # === BUSINESS METHODS === #

    def _has_dunning_agreed_term(self, partner, is_consumer):
        """Whether the company agreed with a debtor when he must pay.

        :param partner: the debtor
        :param bool is_consumer: whether he is a consumer
        :rtype: bool
        """
        self.ensure_one()
        if partner.dunning_term:
            return partner.dunning_term == "agreed"
        return self.dunning_fatal_term if is_consumer else self.dunning_trade_term

    def _get_dunning_responsible(self):
        """Return who is told what needs attention: the first accounting manager.

        :rtype: recordset of `res.users`
        """
        self.ensure_one()
        managers = self.env.ref("account.group_account_manager").all_user_ids.filtered(
            lambda user: user.active and self in user.company_ids
        )
        return managers.sorted("id")[:1] or self.env.user
