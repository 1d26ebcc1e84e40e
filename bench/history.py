"""What happened before: letters of earlier rounds, and what was agreed."""

from datetime import timedelta

from agreements import make_agreements

from odoo.tools import SQL

#: Days between the earlier rounds, and how many of ten debtors took part.
ROUNDS = ((0, 7), (18, 5), (38, 3))


def make_history(company, first_day) -> None:
    """Make earlier rounds with the module itself and let them count as sent."""
    env = company.env
    debtors = env["res.partner"].search([("name", "=like", "Debiteur %")], order="id")
    for days, share in ROUNDS:
        chosen = debtors.filtered(lambda debtor, share=share: debtor.id % 10 < share)
        run = env["dunning.run"].propose(
            company, date=first_day + timedelta(days=days), partners=chosen
        )
        env.flush_all()
        count_as_sent(run)
    env.invalidate_all()
    make_agreements(company, debtors, company._get_dunning_today())


def count_as_sent(run) -> None:
    """Do in SQL what delivery writes, without the PDFs; one in a hundred failed."""
    cr = run.env.cr
    cr.execute(
        SQL(
            """
            UPDATE dunning_notice notice
               SET state = CASE WHEN id %% 100 = 0 THEN 'failed' ELSE 'sent' END,
                   date = %(day)s, lang = 'nl_NL',
                   name = 'AM/' || to_char(%(day)s::date, 'YYYY') || '/'
                          || 100000 + notice.id,
                   error = CASE WHEN id %% 100 = 0 THEN 'Refused' END,
                   deadline = (SELECT MAX(line.deadline)
                                 FROM dunning_notice_line line
                                WHERE line.notice_id = notice.id)
             WHERE run_id = %(run)s
            """,
            day=run.date,
            run=run.id,
        )
    )
    cr.execute(
        SQL(
            """
            UPDATE dunning_notice_line line SET state = notice.state
              FROM dunning_notice notice
             WHERE notice.id = line.notice_id AND notice.run_id = %s
            """,
            run.id,
        )
    )
    cr.execute(
        SQL(
            """
            INSERT INTO dunning_delivery
                   (notice_id, company_id, channel, state, address, date_sent, error)
            SELECT id, company_id, CASE WHEN by_email THEN 'email' ELSE 'post' END,
                   state, 'administratie@bench.example', date, error
              FROM dunning_notice
             WHERE run_id = %s
            """,
            run.id,
        )
    )
