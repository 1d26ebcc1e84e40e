"""What a button answers: the web client opens it."""


def open_dialog(model, title, **context):
    """Return the action that asks something in a dialog.

    :param str model: the wizard
    :param str title: of the dialog
    :param context: what it starts with: `default_<field>`
    :rtype: dict
    """
    return {
        "type": "ir.actions.act_window",
        "name": title,
        "res_model": model,
        "view_mode": "form",
        "target": "new",
        "context": context,
    }


def open_form(record):
    """Return the action that opens a record.

    :param record: one record
    :rtype: dict
    """
    record.ensure_one()
    return {
        "type": "ir.actions.act_window",
        "res_model": record._name,
        "res_id": record.id,
        "view_mode": "form",
        "views": [(False, "form")],
    }


def open_file(attachment):
    """Return the action that shows a file in a tab of its own.

    :param attachment: the `ir.attachment`
    :rtype: dict
    """
    return {
        "type": "ir.actions.act_url",
        "url": f"/web/content/{attachment.id}?download=false",
        "target": "new",
    }


def open_list(env, action, domain, **context):
    """Return a list of the module, limited to some of its records.

    :param env: the environment
    :param str action: the external id of the list, without the module
    :param list domain: which records
    :param context: instead of that of the list
    :rtype: dict
    """
    known = env["ir.actions.act_window"]._for_xml_id(f"l10n_nl_dunning.{action}")
    return {**known, "domain": list(domain), "context": context}
