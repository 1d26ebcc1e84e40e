import json
from io import BytesIO
from zipfile import ZipFile

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...law.court import is_subdistrict, payment_order_obstacle
from ...tools.pdf import join_sheets

#: Obstacles of the plan that also keep a claim from being brought before a court.
IN_THE_WAY = (
    *("protected", "handover", "arrangement", "arrangement_offered"),
    *("payment_in_process", "promise", "paused", "excluded", "not_due", "charged"),
)

TEXTS = {
    "subdistrict": "l10n_nl_dunning.court_summons_text",
    "payment_order": "l10n_nl_dunning.court_payment_order_text",
}
PAGE = "l10n_nl_dunning.court_page"


class DunningCourtClaim(models.Model):
    """A claim in court that the creditor brings himself: a draft, to be checked.

    Text and annexes are prepared from the dossier of that day. What has to be checked
    before it is used stands beside it.
    """

    _name = "dunning.court.claim"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Claim in court"
    _order = "date desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    name = fields.Char(
        string="Reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
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
    kind = fields.Selection(
        selection=[
            ("subdistrict", "Sub-district court"),
            ("payment_order", "European order for payment"),
        ],
        string="Procedure",
        required=True,
        readonly=True,
    )
    item_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="dunning_court_claim_item_rel",
        column1="claim_id",
        column2="move_line_id",
        string="Items",
        readonly=True,
    )
    date = fields.Date(string="As on", readonly=True)
    principal = fields.Monetary(readonly=True)
    interest = fields.Monetary(readonly=True)
    costs = fields.Monetary(
        string="Collection costs", readonly=True, help="VAT included."
    )
    total = fields.Monetary(compute="_compute_total", store=True)
    court = fields.Char(tracking=True)
    case_number = fields.Char(tracking=True, copy=False)
    text = fields.Html(
        sanitize_attributes=False,
        help="Prepared from the dossier. Change and complete it before you print it.",
    )
    checks = fields.Text(
        string="To be checked",
        readonly=True,
        help="What only people can know or look up before this is used.",
    )
    dossier_id = fields.Many2one(
        comodel_name="dunning.dossier",
        string="Annexes",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    document_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="PDF",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    form_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="Form as data",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    title_id = fields.Many2one(
        comodel_name="dunning.title",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    state = fields.Selection(
        selection=[
            ("draft", "To be checked"),
            ("filed", "Filed"),
            ("decided", "Decided"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Owner", default=lambda self: self.env.user
    )

    # === COMPUTE METHODS === #

    @api.depends("principal", "interest", "costs")
    def _compute_total(self):
        for claim in self:
            claim.total = claim.principal + claim.interest + claim.costs

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            sequence = self.env["ir.sequence"].with_company(vals.get("company_id"))
            vals["name"] = sequence.next_by_code("dunning.court.claim")
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if filed := self.filtered(lambda claim: claim.state != "draft"):
            raise UserError(
                self.env._(
                    "Claim %s was filed and cannot be deleted. Withdraw it instead.",
                    filed[0].name,
                )
            )

    # === ACTION METHODS === #

    def action_open(self):
        """Open these claims."""
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Claims in court"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.ids)],
        }
        if len(self) == 1:
            action |= {"view_mode": "form", "res_id": self.id}
        return action

    def action_renew(self):
        """Prepare it again with what is owed today; changes in the text are lost."""
        for claim in self:
            claim._check_state("draft")
            claim._prepare()

    def action_print(self):
        """Print the text as it stands now."""
        self.ensure_one()
        self._check_state("draft")
        previous = self.document_id
        self.document_id = self.env["ir.attachment"].create(
            {
                "name": f"{self.name.replace('/', '-')}.pdf",
                "raw": self._print_text(),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        previous.unlink()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.document_id.id}",
            "target": "new",
        }

    def action_file(self):
        """Record that it was brought before the court."""
        self._check_state("draft")
        self.state = "filed"

    def action_withdraw(self):
        """Record that it is not pursued."""
        self._check_state("draft", "filed")
        self.state = "withdrawn"

    def action_decide(self):
        """Record the decision as a title, which is watched until it is paid."""
        self.ensure_one()
        self._check_state("filed")
        self.title_id = self.env["dunning.title"].create(
            {
                "name": self.case_number or self.name,
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "move_ids": [Command.set(self.item_ids.move_id.ids)],
                "kind": {"subdistrict": "judgment"}.get(self.kind, self.kind),
                "court": self.court,
                "date": self.company_id._get_dunning_today(),
                "amount": self.total,
            }
        )
        self.state = "decided"
        return {
            "type": "ir.actions.act_window",
            "res_model": "dunning.title",
            "res_id": self.title_id.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    def _check_state(self, *states):
        for claim in self:
            if claim.state not in states:
                raise UserError(
                    self.env._(
                        "Claim %s is no longer a draft, or was closed. Prepare a new "
                        "one from the invoices.",
                        claim.name,
                    )
                )

    @api.model
    def _prepare_claims(self, items):
        """Prepare a claim for each company, debtor and currency.

        :param items: open `account.move.line`
        :rtype: recordset of `dunning.court.claim`
        :raise UserError: saying of each why not, when one cannot be brought
        """
        claims = self.browse()
        groups = items.grouped(
            lambda line: (
                line.company_id,
                line.partner_id.commercial_partner_id,
                line.currency_id,
            )
        )
        for (company, partner, currency), lines in groups.items():
            claims += self.create(
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "currency_id": currency.id,
                    "kind": self._find_procedure(company, partner),
                    "item_ids": [Command.set(lines.ids)],
                }
            )
        for claim in claims:
            claim._prepare()
        return claims

    @api.model
    def _find_procedure(self, company, partner):
        """Return by which procedure a debtor is sued: abroad in the EU by the form."""
        is_abroad = partner.country_id and partner.country_id != company.country_id
        return "payment_order" if is_abroad else "subdistrict"

    def _prepare(self):
        """Read what is owed today, and prepare text, annexes and what to check.

        :raise UserError: saying why the claim cannot be brought this way
        """
        self.ensure_one()
        day = self.company_id._get_dunning_today()
        claims = self.item_ids._get_dunning_item_claims(day).values()
        self.write(
            {
                "date": day,
                "principal": sum(float(claim.open_principal) for claim in claims),
                "interest": sum(float(claim.open_interest) for claim in claims),
                "costs": sum(float(claim.open_costs) for claim in claims),
            }
        )
        if sentences := list(self._find_obstacles(day)):
            raise UserError(
                self.env._(
                    "%(name)s cannot be sued like this:\n%(reasons)s",
                    name=self.partner_id.display_name,
                    reasons="\n".join(sentences),
                )
            )
        # Dutch courts are addressed in Dutch.
        Dossier = self.env["dunning.dossier"]
        lang = Dossier._get_lang_of("nl")
        self.dossier_id = Dossier._make_of_items(self.item_ids, lang=lang)
        data = self.with_context(lang=lang)._write_text()
        self.checks = "\n".join(self._get_checks(data))

    # --- Whether it can be brought.

    def _find_obstacles(self, day):
        """Yield why the claim cannot be brought before this court, a sentence each."""
        self.ensure_one()
        yield from self._find_plan_obstacles(day)
        if self.kind == "subdistrict":
            if not is_subdistrict(f"{self.total:.2f}"):
                yield self.env._(
                    "The sub-district court hears claims up to 25,000 euro with "
                    "interest (article 93 Rv): a lawyer has to bring this one."
                )
            return
        obstacle = payment_order_obstacle(
            self.company_id.country_id.code or "",
            self.partner_id.country_id.code or "",
            self.partner_id.dunning_is_consumer,
        )
        if obstacle == "outside":
            yield self.env._(
                "The European order for payment is for debtors in another state of "
                "the European Union, and not in Denmark (articles 2 and 3)."
            )
        elif obstacle == "consumer":
            yield self.env._(
                "A consumer may be sued only in the state in which he lives (article "
                "6(2)): file the form with a court there."
            )

    def _find_plan_obstacles(self, day):
        """Yield what people agreed or the law says: the plan knows it.

        A dispute is what a court is for, but an order for payment is for claims that
        nobody contests.
        """
        field = self.env["account.move.line"]._fields["dunning_obstacle"]
        labels = dict(field._description_selection(self.env))
        numbers = self.item_ids._get_dunning_numbers()
        wanted = IN_THE_WAY
        if self.kind == "payment_order":
            wanted = (*wanted, "dispute")
        for line_id, step in self.item_ids._get_dunning_steps(day).items():
            if step.obstacle in wanted:
                yield self.env._(
                    "%(number)s: %(reason)s.",
                    number=numbers[line_id],
                    reason=labels[step.obstacle].rstrip("."),
                )

    # --- What it says.

    def _write_text(self):
        """Write the text, and the form as data where there is one.

        :return: what the dossier tells
        :rtype: dict
        """
        self.ensure_one()
        dossier = self.dossier_id.with_context(lang=self.env.lang)
        data = self.env["dunning.dossier.content"]._collect(dossier)
        with ZipFile(BytesIO(dossier.archive_id.raw)) as archive:
            data["files"] = json.loads(archive.read("dossier.json"))["files"]
        values = {"claim": self, "part": data["claims"][0]}
        if self.kind == "payment_order":
            form = self.env["dunning.court.form"]._fill(self, data)
            values["form"] = form
            self.form_id = self.env["ir.attachment"].create(
                {
                    "name": f"{self.name.replace('/', '-')}-form-A.json",
                    "raw": json.dumps(form, ensure_ascii=False, indent=2).encode(),
                    "mimetype": "application/json",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
            self.court = self.court or form["court"]["name"]
        self.text = dossier._render_part(TEXTS[self.kind], data, **values)
        return data

    def _print_text(self):
        """Return the text as PDF.

        :rtype: bytes
        """
        lang = self.env["dunning.dossier"]._get_lang_of("nl")
        dossier = self.dossier_id.with_context(lang=lang)
        page = dossier._render_page(
            PAGE, {}, claim=self.with_context(lang=lang), text=self.text
        )
        [sheets] = self.env["dunning.notice"]._print_pages([page])
        return join_sheets(sheets)

    # --- What people have to check.

    def _get_checks(self, data):
        """Return what has to be checked before it is used, a sentence each.

        What the dossier misses is said in the language of the user, as the rest.

        :param dict data: what the dossier tells
        :rtype: list[str]
        """
        self.ensure_one()
        Content = self.env["dunning.dossier.content"]
        found = Content._get_missing(self.dossier_id, data)
        missing = [row["sentence"] for row in found]
        own = (
            self._get_subdistrict_checks()
            if self.kind == "subdistrict"
            else self._get_payment_order_checks()
        )
        return [*missing, *own]

    def _get_subdistrict_checks(self):
        return [
            self.env._(
                "Address and name of the debtor on the day of the summons: population "
                "register or trade register."
            ),
            self.env._(
                "No insolvency, administration or guardianship: the Central Insolvency "
                "Register and the register of guardianship and administration."
            ),
            self.env._(
                "The court: that of the place where the debtor lives or has its seat "
                "(article 99 Rv), and the day of the hearing."
            ),
            self.env._(
                "The facts: what was agreed, delivered and said, in full and "
                "truthfully (article 21 Rv), and each defence that is known with your "
                "answer (article 111(3) Rv)."
            ),
            self.env._(
                "A bailiff has to serve it: he completes names, dates and notices, and "
                "tells the court fee."
            ),
            *self._get_consumer_checks(),
        ]

    def _get_consumer_checks(self):
        if not self.partner_id.dunning_is_consumer:
            return
        yield self.env._(
            "The court looks of its own motion whether the duties to inform consumers "
            "were kept and whether terms are unfair: say how, and enclose it."
        )
        if not self.costs:
            yield self.env._(
                "No collection costs are claimed: no fourteen-day letter was received "
                "and lapsed (article 6:96(6) BW)."
            )

    def _get_payment_order_checks(self):
        return [
            self.env._(
                "That a Dutch court has jurisdiction: the form says the place of "
                "performance; a choice of court or another ground goes before it "
                "(Regulation 1215/2012)."
            ),
            self.env._(
                "The codes of boxes 3, 6, 7 and 10 against the explanation on the form."
            ),
            self.env._(
                "Name, address and legal form of the debtor in the register of his "
                "country."
            ),
            self.env._(
                "Which law applies: interest and costs are worked out by Dutch law."
            ),
            self.env._(
                "The court fee, and whether you want ordinary proceedings when the "
                "debtor objects (boxes 5 and 11). Sign the form."
            ),
        ]
