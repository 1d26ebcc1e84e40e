"""Plain data of callers from outside: ids, days and numbers.

Python callers pass records and dates, the external API what JSON has. Whatever cannot
be meant is refused with a message that says what to pass, not with a traceback.
"""

from datetime import date

from odoo import fields
from odoo.exceptions import MissingError, UserError
from odoo.models import BaseModel


def read_records(model, value, name):
    """Return the records that are meant.

    :param model: an empty recordset
    :param value: a recordset, an id, a list of ids, or nothing
    :param str name: of the parameter, for the message
    :raise UserError: when it is none of these
    :raise MissingError: when a record does not exist
    """
    if isinstance(value, BaseModel):
        if value._name == model._name:
            return value
        value = None, value
    ids = _list_ids(value)
    if ids is None:
        raise UserError(
            model.env._(
                "“%(value)s” is no value for “%(name)s”: pass the id of a record, or a "
                "list of ids (%(model)s).",
                value=value,
                name=name,
                model=model._name,
            )
        )
    records = model.browse(dict.fromkeys(ids))
    if missing := records - records.exists():
        raise MissingError(
            model.env._(
                "There is no record with id %(ids)s of %(model)s, which was passed as "
                "“%(name)s”.",
                ids=", ".join(map(str, missing.ids)),
                name=name,
                model=model._name,
            )
        )
    return records


def _list_ids(value):
    """Return a value as a list of ids; None when it is none."""
    if value is None or value is False:
        return []
    ids = list(value) if isinstance(value, list | tuple) else [value]
    return ids if all(_is_number(each) for each in ids) else None


def read_day(env, value, name="date"):
    """Return the day that is meant, or None without one.

    :param value: a date, or a day as `2026-11-05`
    :param str name: of the parameter, for the message
    :raise UserError: when it is none of these
    """
    if not value or isinstance(value, date):
        return fields.Date.to_date(value)
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise UserError(
            env._(
                "“%(value)s” is no day for “%(name)s”: pass it as year, month and day, "
                "such as 2026-11-05.",
                value=value,
                name=name,
            )
        ) from None


def read_count(env, value, name):
    """Return the whole number above zero that is meant, or None without one.

    :raise UserError: when it is none
    """
    if value is None or value is False:
        return None
    if not _is_number(value):
        raise UserError(
            env._(
                "“%(value)s” is no value for “%(name)s”: pass a whole number above "
                "zero.",
                value=value,
                name=name,
            )
        )
    return value


def _is_number(value):
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
