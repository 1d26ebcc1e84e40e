"""What happened before: letters of earlier rounds, holds and arrangements."""

from datetime import timedelta

from odoo.fields import Domain
from odoo.tools import SQL

#: One in so many debtors is on hold: all he owes, or one of his items.
HOLD_EVERY = 40
#: Days between the the earlier rounds, and how many of ten debtors took part.
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
    make_holds(company, debtors)


def make_holds(company, debtors) -> None:
    """Put some debtors on hold, and single items of others."""
    env = company.env
    Hold = env["dunning.hold"].with_context(tracking_disable=True)
    Hold._hold_debtors(debtors[::HOLD_EVERY], company, {"kind": "promise"})
    MoveLine = env["account.move.line"]
    open_items = MoveLine.search(
        Domain(MoveLine._get_dunning_open_domain())
        & Domain("partner_id", "in", debtors[1::HOLD_EVERY].ids)
    )
    first_items = [items[:1] for items in open_items.grouped("partner_id").values()]
    Hold._hold_items(MoveLine.union(*first_items), {"kind": "dispute"})


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
