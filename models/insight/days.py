"""The days for which figures are worked out."""

from odoo.tools import SQL

#: Of so many months the last day is shown, and today.
MONTHS = 24


def sql_days(env):
    """Return the companies of the user and the day it is there, as rows of SQL."""
    companies = env.companies or env.company
    return SQL(", ").join(
        SQL("(%s, %s::date)", company.id, company._get_dunning_today())
        for company in companies
    )


def sql_ends(env):
    """Return for each company today and the last days of the past months, numbered."""
    return SQL(
        """
        SELECT today.company_id, 0 AS number, today.day
          FROM (VALUES %(days)s) today (company_id, day)
         UNION ALL
        SELECT today.company_id, months.number,
               (DATE_TRUNC('month', today.day)
                - (months.number - 1) * INTERVAL '1 month')::date - 1
          FROM (VALUES %(days)s) today (company_id, day)
    CROSS JOIN GENERATE_SERIES(1, %(months)s) months (number)
        """,
        days=sql_days(env),
        months=MONTHS,
    )
