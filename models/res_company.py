from datetime import timedelta

from odoo import api, fields, models

from ..tools.plan_input import Settings


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_contact_interval = fields.Integer(
        string="Days between two letters",
        default=7,
        help="A debtor gets no second letter within this number of days.",
    )
    dunning_correction_days = fields.Integer(
        string="Days for payments in transit",
        help="Days added to each due date and deadline before the next letter, for "
        "payments that the bank has not yet reported.",
    )
    dunning_bank_max_age = fields.Integer(
        string="Bank up to date within (days)",
        default=3,
        help="A new round warns when the newest bank statement is older than this.",
    )
    dunning_require_sent = fields.Boolean(
        string="Only sent invoices",
        default=True,
        help="An invoice that was not sent to the customer is not dunned.",
    )
    dunning_invoice_check = fields.Selection(
        selection=[
            ("none", "No check"),
            ("warn", "Warn"),
            ("block", "Keep the first letter back"),
        ],
        string="Invoice check before the first letter",
        default="warn",
        required=True,
        help="Looks for what may keep a customer from paying: an invoice that did not "
        "arrive, no bank account or order number on it. Faults can keep the first "
        "letter back until they are mended.",
    )
    dunning_skip_direct_debit = fields.Boolean(
        string="Not with direct debit",
        default=True,
        help="An invoice that is collected by direct debit is not dunned.",
    )
    dunning_propose_daily = fields.Boolean(
        string="Propose letters every day",
        compute="_compute_dunning_propose_daily",
        store=True,
        readonly=False,
        help="Every day a round proposes the letters that are due. Levels marked as "
        "automatic are sent at once, the others wait for approval.",
    )
    dunning_window_side = fields.Selection(
        selection=[("left", "Left"), ("right", "Right")],
        string="Envelope window",
        default="left",
        required=True,
    )
    dunning_window_top = fields.Integer(
        string="From the top (mm)", default=50, required=True
    )
    dunning_window_left = fields.Integer(
        string="From the edge (mm)",
        default=25,
        required=True,
        help="Distance from the left edge of the paper, or from the right edge with "
        "the window on the right, to the address.",
    )
    dunning_letterhead = fields.Boolean(
        string="Print letterhead",
        default=True,
        help="Logo, company details and footer on the letter. Switch off for "
        "pre-printed paper.",
    )

    _check_dunning_days = models.Constraint(
        "CHECK(dunning_contact_interval >= 0 AND dunning_correction_days >= 0 "
        "AND dunning_bank_max_age >= 0)",
        "Numbers of days for dunning cannot be negative.",
    )
    _check_dunning_window = models.Constraint(
        "CHECK(dunning_window_top BETWEEN 20 AND 90 "
        "AND dunning_window_left BETWEEN 10 AND 90)",
        "Place the address window between 20 and 90 mm from the top and between 10 and "
        "90 mm from the edge of the paper.",
    )

    @api.depends("account_fiscal_country_id")
    def _compute_dunning_propose_daily(self):
        """The ladders are for Dutch companies; others may switch the job on."""
        for company in self:
            country = company.account_fiscal_country_id
            company.dunning_propose_daily = country.code == "NL"

    def _get_dunning_settings(self):
        """Return the settings of this company as the pure plan sees them."""
        self.ensure_one()
        company = self.sudo()  # the plan is the same for users who may not read these
        return Settings(
            correction_days=company.dunning_correction_days,
            contact_interval=company.dunning_contact_interval,
            require_sent=company.dunning_require_sent,
            skip_direct_debit=company.dunning_skip_direct_debit,
        )

    def _get_dunning_today(self):
        """Return the day it is for this company, also in a job without time zone."""
        self.ensure_one()
        return fields.Date.context_today(self.with_context(tz=self._get_dunning_tz()))

    def _get_dunning_tz(self):
        return self.partner_id.tz or "Europe/Amsterdam"

    def _get_dunning_responsible(self):
        """Return who is told what needs attention: the first accounting manager.

        :rtype: recordset of `res.users`
        """
        self.ensure_one()
        managers = self.env.ref("account.group_account_manager").all_user_ids.filtered(
            lambda user: user.active and self in user.company_ids
        )
        return managers.sorted("id")[:1] or self.env.user

    def _get_dunning_worker(self, user):
        """Return who does some work: a user, if he can, else who is responsible.

        A job or a customer that made a record cannot.

        :param user: whose work it would be (`res.users`), may be empty
        :rtype: recordset of `res.users`
        """
        self.ensure_one()
        if not user.active or user.share or user._is_superuser():
            return self._get_dunning_responsible()
        return user

    def _get_dunning_responsibles(self):
        """Return who is told what needs attention, each of them once.

        :rtype: recordset of `res.users`
        """
        users = self.env["res.users"]
        return users.union(*(c._get_dunning_responsible() for c in self))

    # === BANK === #

    def _get_dunning_bank_account(self, moves):
        """Return the account that some invoices ask to pay to.

        :param moves: the invoices (`account.move`)
        :rtype: recordset of `res.partner.bank`
        """
        self.ensure_one()
        accounts = moves.partner_bank_id
        own = self.partner_id.bank_ids.filtered(
            lambda bank: not bank.company_id or bank.company_id == self
        )
        return ((accounts & own) or own or accounts)[:1]

    def _get_dunning_bank_journals(self):
        """Return the bank journals whose newest statement tells who has paid."""
        self.ensure_one()
        return self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self),
                ("type", "=", "bank"),
            ]
        )

    def _is_dunning_bank_stale(self, newest):
        """Whether payments may be missing, given the newest bank statement line.

        :param date newest: its date, or False without any
        """
        self.ensure_one()
        limit = self._get_dunning_today() - timedelta(days=self.dunning_bank_max_age)
        return not newest or newest < limit

    def _get_dunning_bank_warning(self):
        """Return why a round might dun who has paid already, or False.

        :rtype: str or bool
        """
        self.ensure_one()
        journals = self._get_dunning_bank_journals()
        stale = journals.filtered("dunning_bank_is_stale")
        if not journals.filtered("dunning_bank_date"):
            return self.env._(
                "No bank statement was imported yet. Debtors who have paid already may "
                "get a letter."
            )
        if not stale:
            return False
        return self.env._(
            "The bank is not up to date: %(journals)s. Debtors who have paid already "
            "may get a letter. Import the newest statements first.",
            journals=", ".join(stale.mapped("display_name")),
        )
