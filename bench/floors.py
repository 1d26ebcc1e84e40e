"""The least that the work can cost: bare SQL and the bare PDF engine."""

from datetime import date

from odoo.tools import SQL

#: The level of every open item, and nothing else.
LEVELS = """
SELECT line.id, line.partner_id, line.amount_residual, line.date_maturity,
       latest.level_id, latest.deadline
  FROM account_move_line line
  JOIN account_account account ON account.id = line.account_id
  LEFT JOIN (
       SELECT DISTINCT ON (move_line_id) move_line_id, level_id, deadline
         FROM dunning_notice_line
        WHERE state = 'sent'
     ORDER BY move_line_id, deadline DESC
       ) latest ON latest.move_line_id = line.id
 WHERE line.reconciled IS NOT TRUE
   AND line.parent_state = 'posted'
   AND line.company_id = %s
   AND line.amount_residual > 0
   AND account.account_type = 'asset_receivable'
"""
PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"/><style>
body{{font:10pt Arial;margin:20mm}} td{{padding:2mm;border-bottom:1px solid #888}}
</style></head><body><h1>Brief {number}</h1>{paragraphs}<table>{rows}</table>
</body></html>"""


def bare_selection(company) -> list:
    """Return the level of every open item of a company, in one statement."""
    return company.env.execute_query(SQL(LEVELS, company.id))


def bare_mails(env, count: int) -> None:
    """Make mails in one go, with a text and a shared attachment, and nothing else."""
    attachment = env["ir.attachment"].create({"name": "a.pdf", "raw": b"%PDF-1.4"})
    env["mail.mail"].create(
        [
            {
                "subject": f"Brief {number}",
                "email_to": f"administratie{number}@bench.example",
                "body_html": "<p>Wij verzoeken u te betalen.</p>" * 20,
                "attachment_ids": attachment.ids,
            }
            for number in range(count)
        ]
    )
    env.flush_all()


def plain_pages(count: int) -> list[str]:
    """Return pages with about as much text as a letter."""
    paragraphs = "".join(f"<p>{'Wij verzoeken u te betalen. ' * 8}</p>" for _ in "1234")
    cells = f"<td>F/2026/1</td><td>{date.today()}</td><td>€ 121,00</td>"
    rows = f"<tr>{cells}</tr>" * 5
    return [
        PAGE.format(number=number, paragraphs=paragraphs, rows=rows)
        for number in range(count)
    ]
