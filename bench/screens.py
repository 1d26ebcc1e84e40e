"""What the web client asks of the server: views as specifications, lists, filters."""

from lxml import etree

from odoo.fields import Domain
from odoo.tools.safe_eval import datetime, safe_eval

NESTED = ("list", "kanban", "form")


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
    """Return the window actions of the module's menus that show lists."""
    records = env["ir.model.data"].search(
        [("module", "=", "l10n_nl_dunning"), ("model", "=", "ir.actions.act_window")]
    )
    actions = env["ir.actions.act_window"].browse(records.mapped("res_id"))
    return [
        action
        for action in actions
        if action.view_mode.startswith("list")
        and not env[action.res_model]._transient
        and env[action.res_model]._auto
    ]


def evaluate(env, text: str) -> Domain:
    context = {"uid": env.uid, "context_today": datetime.date.today}
    return Domain(safe_eval(text or "[]", context))


def get_filters(env, action) -> dict:
    """Return the domains of the filters of an action's search view by name."""
    view = action.search_view_id.id
    arch = env[action.res_model].get_view(view, "search")["arch"]
    return {
        node.get("name"): node.get("domain")
        for node in etree.fromstring(arch).iter("filter")
        if node.get("domain")
    }


def get_list_specification(env, action) -> dict:
    views = dict((kind, view_id) for view_id, kind in action.views)
    return get_specification(env, action.res_model, views.get("list"), "list")
