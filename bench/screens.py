"""What the web client asks of the server: views as specifications, lists, filters."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from lxml import etree

from odoo.fields import Command, Domain
from odoo.tools.safe_eval import datetime, safe_eval

MODULE = "l10n_nl_dunning"
NESTED = ("list", "kanban", "form")
#: Lists of Odoo itself to which the module adds filters.
CORE_ACTIONS = (
    "account.action_move_out_invoice",
    "account.res_partner_action_customer",
)
#: Records of a page, groups of a page, and up to where the client has them counted.
PAGE, GROUPS, COUNT_LIMIT = 80, 80, 10001


class Search(NamedTuple):
    """A list as somebody looks at it: with one filter, or one way to group."""

    action: str
    name: str
    model: str
    show: Callable


def act_as_accountant(company):
    """Return the company as somebody who keeps its accounts sees it.

    Record rules then take part in the statements, as with every user.
    """
    user = company.env.ref("base.user_admin")
    groups = company.env.ref("account.group_account_manager")
    user.write(
        {
            "company_ids": [Command.link(company.id)],
            "group_ids": [Command.link(groups.id)],
        }
    )
    company.env.flush_all()
    context = {**company.env.context, "allowed_company_ids": company.ids}
    return company.with_user(user).with_context(context)


def get_specification(env, model: str, view_id=None, view_type="form") -> dict:
    """Return the fields a view shows, as the client passes them to `web_read`."""
    view = env[model].get_view(view_id, view_type)
    return _read_node(env, model, etree.fromstring(view["arch"]))


def _read_node(env, model: str, node) -> dict:
    specification = {}
    for child in node:
        if child.tag != "field":
            specification |= _read_node(env, model, child)
            continue
        name = child.get("name")
        field = env[model]._fields.get(name)
        if field is None or child.get("optional") == "hide":
            continue
        specification[name] = _read_field(env, field, child)
    return specification


def _read_field(env, field, node) -> dict:
    if not field.relational:
        return {}
    if field.type == "many2one":
        return {"fields": {"display_name": {}}}
    nested = next((child for child in node if child.tag in NESTED), ())
    return {"fields": _read_node(env, field.comodel_name, nested), "limit": 40}


def get_actions(env) -> list:
    """Return the window actions that show lists: the module's and two of Odoo."""
    # sudo: users may not search actions, the client gets them from menus
    records = (
        env["ir.model.data"]
        .sudo()
        .search([("module", "=", MODULE), ("model", "=", "ir.actions.act_window")])
    )
    actions = env["ir.actions.act_window"].sudo().browse(records.mapped("res_id"))
    actions |= actions.union(*(env.ref(name).sudo() for name in CORE_ACTIONS))
    return [
        action
        for action in actions
        if "list" in action.view_mode.split(",")
        and not env[action.res_model]._transient
    ]


def evaluate(env, text: str) -> Domain:
    names = {"uid": env.uid, "context_today": datetime.date.today}
    return Domain(safe_eval(text or "[]", names))


def get_lists(env) -> Iterator[Search]:
    """Return every list without filter, with each filter, and grouped in each way."""
    for action in get_actions(env):
        name = action.xml_id
        is_ours = name.startswith(MODULE)
        search = env[action.res_model].get_view(action.search_view_id.id, "search")
        base = evaluate(env, action.domain)
        views = {kind: view_id for view_id, kind in action.views}
        arch = env[action.res_model].get_view(views.get("list"), "list")["arch"]
        page = _Page(env[action.res_model], etree.fromstring(arch))
        name = name.partition(".")[2]
        yield Search(name, "", action.res_model, page.make_show(base))
        for node in etree.fromstring(search["arch"]).iter("filter"):
            if not is_ours and not node.get("name").startswith("dunning_"):
                continue
            if show := page.make_filtered(base, node):
                yield Search(name, node.get("name"), action.res_model, show)


class _Page:
    """The first page of a list."""

    def __init__(self, model, view):
        self.model = model
        self.fields = _read_node(model.env, model._name, view)
        self.order = view.get("default_order")
        self.sums = [
            f"{node.get('name')}:sum" for node in view.iter("field") if node.get("sum")
        ]

    def make_filtered(self, base, node):
        """Return what shows the page with a filter of the search view, if it is one."""
        env = self.model.env
        if node.get("domain"):
            return self.make_show(base & evaluate(env, node.get("domain")))
        if node.get("date"):
            this_month = [
                (node.get("date"), ">=", "=1d"),
                (node.get("date"), "<", "=1d +1m"),
            ]
            return self.make_show(base & Domain(this_month))
        if group := safe_eval(node.get("context") or "{}").get("group_by"):
            return self._make_grouped(base, group)
        return None

    def make_show(self, domain):
        def show():
            self.model.env.invalidate_all()
            answer = self.model.web_search_read(
                list(domain),
                self.fields,
                limit=PAGE,
                order=self.order,
                count_limit=COUNT_LIMIT,
            )
            return answer["length"]

        return show

    def _make_grouped(self, domain, group):
        def show():
            self.model.env.invalidate_all()
            answer = self.model.web_read_group(
                list(domain), [group], ["__count", *self.sums], limit=GROUPS
            )
            return answer["length"]

        return show
