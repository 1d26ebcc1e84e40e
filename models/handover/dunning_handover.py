import os
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import format_amount, format_date

from ..delivery.dunning_document_mixin import LetterParts
from .dunning_handover_item import OPEN_STATES

APPROVERS = "l10n_nl_dunning.group_dunning_handover"
FOLDER_PARAMETER = "l10n_nl_dunning.handover_folder"
LETTER_TEMPLATE = "l10n_nl_dunning.dunning_handover_letter"
MAIL_TEMPLATE = "l10n_nl_dunning.dunning_handover_mail"

#: From where the agency may take a file on, and to what.
FOLLOWING = {
    "sent": ("proposed",),
    "accepted": ("sent",),
    "collecting": ("accepted",),
    "paid": ("accepted", "collecting"),
    "settled": ("accepted", "collecting"),
    "uncollectable": ("accepted", "collecting"),
    "returned": ("sent", "accepted", "collecting"),
    "withdrawn": ("proposed", "sent"),
}

#: States in which nothing more is expected.
CLOSED_STATES = ("paid", "settled", "uncollectable", "returned", "withdrawn")


class DunningHandover(models.Model):
    """Items of one debtor given to an agency, from the proposal to what came of it."""

    _name = "dunning.handover"
    _inherit = ["dunning.document.mixin", "mail.thread", "mail.activity.mixin"]
    _description = "Handover to an agency"
    _order = "id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
        index="trigram",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
    )
    agency_id = fields.Many2one(
        comodel_name="dunning.agency",
        index=True,
        ondelete="restrict",
        required=True,
        check_company=True,
        tracking=True,
    )
    run_id = fields.Many2one(
        comodel_name="dunning.run",
        string="Proposed by round",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    item_ids = fields.One2many(
        comodel_name="dunning.handover.item",
        inverse_name="handover_id",
        string="Items",
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("proposed", "Proposed"),
            ("sent", "Sent"),
            ("accepted", "Accepted"),
            ("collecting", "Being collected"),
            ("paid", "Paid"),
            ("settled", "Settled"),
            ("uncollectable", "Uncollectable"),
            ("returned", "Given back"),
            ("withdrawn", "Withdrawn"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    dossier_id = fields.Many2one(
        comodel_name="dunning.dossier",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    notice_file_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Letter to the debtor",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    agency_reference = fields.Char(
        string="Reference of the agency", copy=False, index="trigram", tracking=True
    )
    approved_by_id = fields.Many2one(
        comodel_name="res.users", string="Approved by", readonly=True, copy=False
    )
    sent_on = fields.Date(readonly=True, copy=False)
    accepted_on = fields.Date(readonly=True, copy=False)
    closed_on = fields.Date(readonly=True, copy=False)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Owner", default=lambda self: self.env.user
    )
    amount_total = fields.Monetary(
        string="Handed over", compute="_compute_amount_total", store=True
    )
    amount_collected = fields.Monetary(string="Collected", copy=False, tracking=True)
    amount_costs = fields.Monetary(
        string="Costs of the agency", copy=False, tracking=True
    )
    amount_commission = fields.Monetary(
        string="Commission",
        compute="_compute_amount_commission",
        store=True,
        readonly=False,
        copy=False,
    )
    bill_id = fields.Many2one(
        comodel_name="account.move",
        string="Vendor bill",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    obstacles = fields.Text(
        string="What stands in the way", compute="_compute_obstacles"
    )

    _check_amounts = models.Constraint(
        "CHECK(amount_collected >= 0 AND amount_costs >= 0 AND amount_commission >= 0)",
        "What the agency collected and charged cannot be negative.",
    )

    # === COMPUTE METHODS === #

    @api.depends("item_ids.principal", "item_ids.interest", "item_ids.costs")
    def _compute_amount_total(self):
        for handover in self:
            handover.amount_total = sum(handover.item_ids.mapped("total"))

    @api.depends("amount_collected", "agency_id.commission_percent")
    def _compute_amount_commission(self):
        for handover in self:
            handover.amount_commission = handover.currency_id.round(
                handover.amount_collected * handover.agency_id.commission_percent / 100
            )

    @api.depends("state", "agency_id")
    @api.depends_context("lang")
    def _compute_obstacles(self):
        """Say of proposals what the law or a rule still asks."""
        Rules = self.env["dunning.handover.rules"]
        for handover in self:
            items = handover.item_ids.move_line_id
            sentences = handover.state == "proposed" and Rules._find_obstacles(
                items, handover.agency_id
            )
            handover.obstacles = "\n".join(sentences or ())

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        for vals in vals_list:
            sequence = self.env["ir.sequence"].with_company(vals.get("company_id"))
            vals["name"] = sequence.next_by_code("dunning.handover")
            vals["state"] = "proposed"
        return super().create(vals_list)

    def write(self, vals):
        if vals.get("state", "proposed") not in ("proposed", "withdrawn") and any(
            handover.state == "proposed" for handover in self
        ):
            self._check_approver()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_proposed(self):
        if sent := self.filtered(lambda handover: handover.state != "proposed"):
            raise UserError(
                self.env._(
                    "Handover %s was sent and cannot be deleted. Withdraw it instead.",
                    sent[0].name,
                )
            )

    # === ACTION METHODS === #

    def action_open(self):
        """Open these handovers."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Handovers"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action |= {"view_mode": "form", "res_id": self.id}
        return action

    def action_approve(self):
        """Give the files to the agencies: with a dossier of today."""
        self._check_approver()
        self.lock_for_update()  # whoever comes second finds it sent
        for handover in self:
            handover._check_eligible()
            handover._send()

    def action_withdraw(self):
        """Take the files back; the agency has not accepted them yet."""
        self._move_to("withdrawn")
        for handover in self.filtered("sent_on"):
            handover = handover._in_agency_lang()
            handover._tell_agency(
                handover.env._("Withdrawn: %s", handover.name),
                handover.env._(
                    "We take this file back. Please do nothing with it, and delete "
                    "the dossier."
                ),
            )

    def action_accept(self):
        """Record that the agencies took the files on, and tell the debtors."""
        self._move_to("accepted", accepted_on=self._get_today())
        for handover in self:
            handover._issue_letter("handover")

    def action_collect(self):
        """Record that the agencies are collecting."""
        self._move_to("collecting")

    def action_pay(self):
        """Record that all was paid."""
        self._move_to("paid")

    def action_settle(self):
        """Record that the agencies settled for less."""
        self._move_to("settled")

    def action_give_up(self):
        """Record that nothing can be collected."""
        self._move_to("uncollectable")

    def action_return(self):
        """Record that the agencies gave the files back: own dunning goes on."""
        self._move_to("returned")

    def action_open_dossier(self):
        """Open what was sent to the agency."""
        return self.dossier_id.action_open()

    def action_make_bill(self):
        """Draw up the bill for costs and commission, as draft to be checked."""
        self.ensure_one()
        if not self.bill_id:
            self.bill_id = self.env["account.move"].create(self._prepare_bill())
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.bill_id.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _check_approver(self):
        """Check that the user may give files to agencies.

        :raise AccessError: when he may not
        """
        if not self.env.user.has_group(APPROVERS):
            raise AccessError(
                self.env._(
                    "A handover is approved by somebody with that right: ask who does "
                    "it, or have it given to you."
                )
            )

    def _get_today(self):
        return (self.company_id[:1] or self.env.company)._get_dunning_today()

    def _move_to(self, state, **values):
        """Take these handovers a step further.

        :param str state: to which
        :param values: what is recorded with it
        :raise UserError: when one of them is not where that can be done
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for handover in self:
            if handover.state not in FOLLOWING[state]:
                raise UserError(
                    self.env._(
                        "Handover %(name)s is in state “%(state)s” and cannot become "
                        "“%(wanted)s”.",
                        name=handover.name,
                        state=labels[handover.state],
                        wanted=labels[state],
                    )
                )
        if state in CLOSED_STATES:
            values["closed_on"] = self._get_today()
        self.write({"state": state, **values})
        self.item_ids.flush_recordset()

    # --- What may be handed over.

    @api.model
    def _propose(self, items):
        """Propose to hand items over: a handover for each debtor and currency.

        :param items: `account.move.line`
        :return: the proposals, and why there is none of the others, a sentence each
        :rtype: tuple[recordset, list[str]]
        """
        Rules = self.env["dunning.handover.rules"]
        refused = []
        groups = items.grouped(
            lambda line: (
                line.company_id,
                line.partner_id.commercial_partner_id,
                line.currency_id,
            )
        )
        agencies = self.env["dunning.agency"].search(
            [("company_id", "in", items.company_id.ids)]
        )
        vals_list = []
        known = self._read_claims(items)
        for (company, partner, currency), lines in groups.items():
            own = agencies.filtered(lambda a, company=company: a.company_id == company)
            agency = own._pick(partner, sum(lines.mapped("amount_residual")))
            if sentences := Rules._find_obstacles(lines, agency):
                refused += [f"{partner.display_name}: {text}" for text in sentences]
                continue
            vals_list.append(
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "currency_id": currency.id,
                    "agency_id": agency.id,
                    "item_ids": [Command.create(known[line.id]) for line in lines],
                }
            )
        return self.create(vals_list), refused

    @api.model
    def _read_claims(self, items):
        """Return what handovers say of items, read for all of them at once.

        :return: values of `dunning.handover.item` by id of the item
        :rtype: dict[int, dict]
        """
        numbers, claims = items._get_dunning_numbers(), {}
        for company, lines in items.grouped("company_id").items():
            claims |= lines._get_dunning_item_claims(company._get_dunning_today())
        return {
            line.id: {
                "move_line_id": line.id,
                "move_name": numbers[line.id],
                "date_maturity": line.date_maturity or line.date,
                **self._prepare_amounts(claims[line.id]),
            }
            for line in items
            if line.id in claims
        }

    @api.model
    def _prepare_amounts(self, claim):
        return {
            "principal": float(claim.open_principal),
            "interest": float(claim.open_interest),
            "costs": float(claim.open_costs),
        }

    def _check_eligible(self):
        """Check that nothing came up since it was proposed.

        :raise UserError: saying what did
        """
        self.ensure_one()
        if self.state != "proposed":
            self._move_to("sent")  # says why not
        Rules = self.env["dunning.handover.rules"]
        sentences = Rules._find_obstacles(self.item_ids.move_line_id, self.agency_id)
        if sentences:
            raise UserError(
                self.env._(
                    "%(name)s cannot be handed over:\n%(reasons)s",
                    name=self.partner_id.display_name,
                    reasons="\n".join(sentences),
                )
            )

    @api.model
    def _cron_propose(self):
        """Propose what has been through its ladder, where there is an agency for it."""
        agencies = self.env["dunning.agency"].search([("active", "=", True)])
        for company in agencies.company_id:
            self.with_company(company)._propose_finished(company)

    @api.model
    def _propose_finished(self, company):
        """Propose to hand over what the ladder has no further letter for.

        :rtype: recordset of `dunning.handover`
        """
        steps = self.env["account.move.line"]._plan_dunning(
            company, company._get_dunning_today()
        )
        return self._propose_steps(s for s in steps if s.obstacle == "finished")

    @api.model
    def _propose_steps(self, steps):
        """Propose to hand the items of a plan over that are in no handover yet.

        :param Iterable[Step] steps: steps of the plan
        :rtype: recordset of `dunning.handover`
        """
        items = self.env["account.move.line"].browse(s.item.line_id for s in steps)
        known = self.env["dunning.handover.item"].search(
            [("move_line_id", "in", items.ids), ("is_live", "=", True)]
        )
        proposals, _refused = self._propose(items - known.move_line_id)
        return proposals

    # --- On its way to the agency.

    def _send(self):
        """Make the dossier and give it to the agency."""
        self.ensure_one()
        day = self._get_today()
        items = self.item_ids.move_line_id
        claims = items._get_dunning_item_claims(day)
        for item in self.item_ids:
            item.write(self._prepare_amounts(claims[item.move_line_id.id]))
        Dossier = self.env["dunning.dossier"]
        lang = Dossier._get_lang_of(self.agency_id.lang)
        self.dossier_id = Dossier._make_of_items(items, lang=lang)
        self.write(
            {"state": "sent", "sent_on": day, "approved_by_id": self.env.user.id}
        )
        self.item_ids.flush_recordset()
        channel = self.agency_id.channel
        if channel == "mail":
            self._in_agency_lang()._send_by_mail()
        elif channel == "folder":
            self._send_by_folder()

    def _send_by_mail(self):
        if not self.agency_id.partner_id.email:
            raise UserError(
                self.env._(
                    "Enter an e-mail address on %s, or choose another channel.",
                    self.agency_id.display_name,
                )
            )
        self._tell_agency(
            self.env._("File %(name)s: %(debtor)s", **self._get_names()),
            self.env._(
                "We hand over the claim on %(debtor)s: %(amount)s. The dossier is "
                "enclosed. Please confirm with our reference %(name)s.",
                **self._get_names(),
            ),
            self.dossier_id.archive_id,
        )

    def _get_names(self):
        self.ensure_one()
        return {
            "name": self.name,
            "debtor": self.partner_id.name,
            "amount": format_amount(self.env, self.amount_total, self.currency_id),
        }

    def _send_by_folder(self):
        """Put the dossier into the folder of the agency, which the server gives out."""
        # sudo: a setting of the system, which administrators alone may change
        Parameter = self.env["ir.config_parameter"].sudo()
        root = Parameter.get_param(FOLDER_PARAMETER)
        if not root or not os.path.isdir(root):
            raise UserError(
                self.env._(
                    "There is no folder for handovers on the server. Ask your "
                    "administrator to set the system parameter %s.",
                    FOLDER_PARAMETER,
                )
            )
        folder = Path(root, f"agency-{self.agency_id.id}")
        folder.mkdir(exist_ok=True)
        target = folder / f"{self.name.replace('/', '-')}.zip"
        # what is taken back in the database must not lie there for the agency
        self.env.cr.postrollback.add(lambda: target.unlink(missing_ok=True))
        # under its name it is there as a whole or not at all
        part = target.with_suffix(".part")
        part.write_bytes(self.dossier_id.archive_id.raw)
        part.replace(target)

    def _in_agency_lang(self):
        """Return this handover in the language of the agency."""
        self.ensure_one()
        lang = self.env["dunning.dossier"]._get_lang_of(self.agency_id.lang)
        return self.with_context(lang=lang)

    def _tell_agency(self, subject, body, attachments=None):
        """Write to the agency, in the conversation of this handover."""
        self.ensure_one()
        self.message_post(
            subject=subject,
            body=body,
            partner_ids=self.agency_id.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
            attachment_ids=attachments.copy().ids if attachments else [],
        )

    # --- What the debtor is told.

    def _prepare_letter_parts(self, kind, addressee):
        # EXTENDS 'l10n_nl_dunning'
        if kind != "handover":
            return super()._prepare_letter_parts(kind, addressee)
        return LetterParts(
            self._prepare_letter(addressee),
            LETTER_TEMPLATE,
            MAIL_TEMPLATE,
            self.env._("Print and post the notice of the handover"),
        )

    def _letter_issued(self, letter):
        # EXTENDS 'l10n_nl_dunning'
        if letter.kind == "handover":
            self.notice_file_id = letter.document_id
        return super()._letter_issued(letter)

    def _message_receive_bounce(self, email, partner):
        # EXTENDS 'mail'
        result = super()._message_receive_bounce(email, partner)
        self._fail_bounced(email)
        return result

    def _prepare_letter(self, letter):
        """Return what the debtor is told, in his language."""
        handover = self.with_env(letter.env)
        return {
            **self._prepare_document(letter),
            "handover": handover,
            "agency": handover.agency_id.partner_id,
            "subject": letter.env._(
                "Your file is with %s", self.agency_id.partner_id.name
            ),
            "numbers": ", ".join(handover.item_ids.mapped("move_name")),
        }

    # --- What the agency must know, and what it reports.

    @api.model
    def _get_of_items(self, items, states=OPEN_STATES):
        """Return the handovers that some items are in.

        :rtype: recordset of `dunning.handover`
        """
        return (
            self.env["dunning.handover.item"]
            .search(
                [
                    ("move_line_id", "in", items.ids),
                    ("handover_id.state", "in", states),
                ]
            )
            .handover_id
        )

    def _tell_payment(self, line, amount, day):
        """Tell the agency of money that came in here, and what is left of the item.

        :param line: the item (`account.move.line`)
        :param float amount: what was paid or credited, in its currency
        :param date day: when
        """
        self.ensure_one()
        self = self._in_agency_lang()
        number = self.item_ids.filtered(lambda item: item.move_line_id == line)
        self._tell_agency(
            self.env._("Payment in file %s", self.agency_reference or self.name),
            self.env._(
                "On %(day)s %(amount)s was paid to us or credited on %(number)s. Still "
                "open of it: %(rest)s. Our reference: %(name)s.",
                day=format_date(self.env, day),
                amount=format_amount(self.env, amount, line.currency_id),
                number=number.move_name,
                rest=format_amount(
                    self.env, line.amount_residual_currency, line.currency_id
                ),
                name=self.name,
            ),
        )

    def _report(self, values):
        """Record what the agency reports of this file.

        :param dict values: `state`, `amount_collected`, `amount_costs`,
            `amount_commission` and `agency_reference`, as far as they are reported
        """
        self.ensure_one()
        state = values.pop("state", None)
        if state and state != self.state:
            if state == "accepted":
                self.action_accept()
            else:
                if state != "returned" and self.state == "sent":
                    self.action_accept()  # it reports on what it took on
                self._move_to(state)
        if values:
            self.write(values)

    def _prepare_bill(self):
        """Return the draft bill of the agency: its costs and its commission."""
        self.ensure_one()
        lines = [
            (self.env._("Costs in file %s", self.name), self.amount_costs),
            (self.env._("Commission in file %s", self.name), self.amount_commission),
        ]
        lines = [line for line in lines if line[1]]
        if not lines:
            raise UserError(
                self.env._("Enter first what the agency charges for this file.")
            )
        return {
            "move_type": "in_invoice",
            "partner_id": self.agency_id.partner_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_origin": self.name,
            "ref": self.agency_reference or False,
            "invoice_line_ids": [
                Command.create({"name": name, "price_unit": amount})
                for name, amount in lines
            ],
        }
