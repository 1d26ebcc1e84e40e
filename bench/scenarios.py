"""The pieces of work that are measured, each on a fresh copy of the database.

A scenario is a generator: it gets an environment ready, and yields a name, a function
and how many items or letters that function works on. What is yielded is measured.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import floors
import screens
from session import find_company

Work = tuple[str, Callable, int]

#: Letters that are delivered and printed: enough to see that memory stays flat.
LETTERS = 200
#: Letters that are delivered before anything is measured.
WARMING = 50
#: Letters that are printed by hand in one go.
PRINTED = 100
#: Dossiers of ten invoices that are made, and the invoices in a large one.
DOSSIERS = int(os.environ.get("DOSSIERS", 50))
LARGE_DOSSIER = 500
#: Open items of the debtor whose page is shown.
LARGE_ACCOUNT = 500


def count_items(company) -> int:
    return len(floors.bare_selection(company))


def plan(env) -> Iterator[Work]:
    """Selection and plan of all open items, and what the same takes in bare SQL."""
    company = find_company(env)
    MoveLine = company.env["account.move.line"]
    today = company._get_dunning_today()
    items = count_items(company)
    yield "floor: bare SQL", lambda: floors.bare_selection(company), items
    yield (
        "selection",
        lambda: MoveLine._select_dunning_items(company, today),
        items,
    )
    yield "selection + plan", lambda: MoveLine._plan_dunning(company, today), items


def propose(env) -> Iterator[Work]:
    """Proposal and confirmation of a round over all debtors."""
    company = find_company(env)
    items = count_items(company)
    yield "floor: bare SQL", lambda: floors.bare_selection(company), items
    made = {}

    def make():
        made["run"] = company.env["dunning.run"].propose(company)
        env.flush_all()

    yield "proposal", make, items
    letters = len(made["run"].notice_ids)
    env.cr.commit()
    env.invalidate_all()

    def confirm():
        made["run"].action_confirm()
        env.flush_all()

    yield "confirmation", confirm, letters


def queue_letters(env, limit=None, by_email=True):
    """Return letters that wait to be delivered, in an environment with cold caches.

    Those beyond the limit stay proposed.
    """
    company = find_company(env)
    run = company.env["dunning.run"].propose(company)
    run.action_confirm()
    queued = run.notice_ids.filtered(
        lambda notice: notice.state == "queued" and notice.by_email is by_email
    )[:limit]
    env.flush_all()
    env.cr.execute(
        "UPDATE dunning_notice SET state = 'draft' WHERE state = 'queued' "
        "AND NOT id = ANY(%s)",
        [queued.ids],
    )
    env.cr.commit()
    env.invalidate_all()
    return queued


def work_queue(env, letters=None) -> int:
    """Work the queue as the job does: in batches, a transaction each."""
    Notice = env["dunning.notice"]
    done = 0
    while letters is None or done < letters:
        batch = len(Notice._deliver_next())
        env.cr.commit()
        env.invalidate_all()  # as the job's own commit does
        if not batch:
            break
        done += batch
    return done


def deliver_mail(env) -> Iterator[Work]:
    """Delivery by e-mail with the PDF left out: one small file for all letters.

    The first batch is not measured: a process reads translations and templates once.
    """
    letters = min(LETTERS, len(queue_letters(env)) - WARMING)
    yield "floor: bare mails", lambda: floors.bare_mails(env, letters), letters
    env.cr.rollback()
    env.invalidate_all(flush=False)
    pdf = b"%PDF-1.4\n%%EOF\n"

    def stand_in(notices, *_args):
        return dict.fromkeys(notices.ids, pdf)

    def work():
        work_queue(env, letters)

    with patch.object(type(env["dunning.notice"]), "_render_letters", stand_in):
        work_queue(env, WARMING)
        yield "delivery by e-mail without PDF", work, letters


def deliver_pdf(env) -> Iterator[Work]:
    """Delivery by e-mail, the PDF included; memory at a fifth and at the end."""
    letters = min(LETTERS, len(queue_letters(env)))
    part = letters // 5
    yield "delivery with PDF, first fifth", lambda: work_queue(env, part), part
    rest = letters - part
    yield "delivery with PDF, the rest", lambda: work_queue(env, rest), rest


def deliver_post(env) -> Iterator[Work]:
    """Delivery of letters by post, and the one PDF that somebody prints of them."""
    queued = queue_letters(env, by_email=False)
    letters = min(LETTERS, len(queued))
    yield "delivery by post with PDF", lambda: work_queue(env, letters), letters
    to_print = queued.filtered("letter_id")
    yield "one file for the post", to_print._action_print_for_post, len(to_print)


def engine(env) -> Iterator[Work]:
    """Printing: the bare engine, many letters in a call, a single one by hand.

    Letters of one page are measured apart, to be held against the floor.
    """
    from odoo.addons.l10n_nl_dunning.tools.pdf import CALL_SIZE, print_letters

    queued = queue_letters(env)
    notices, short = queued[:PRINTED], find_short(queued)
    for size in (1, CALL_SIZE):
        pages = floors.plain_pages(size)
        yield (
            f"floor: bare engine, {size} a call",
            lambda pages=pages: _run_engine(pages),
            size,
        )
    made = {}

    def render():
        made["pages"] = list(short._render_letter_pages().values())

    yield "letters of one page as HTML", render, len(short)
    yield "letters of one page to PDF", lambda: print_letters(made["pages"]), len(short)
    report = env["ir.actions.report"]
    name = "l10n_nl_dunning.dunning_notice_report"
    for title, letters in (
        ("printing letters of one page", short),
        ("printing a batch by hand", notices),
        ("printing one by hand", short[:1]),
    ):

        def print_them(letters=letters):
            env.invalidate_all()
            report._render_qweb_pdf(name, letters.ids)

        yield title, print_them, len(letters)


def find_short(notices):
    """Return the first of some letters that fill one page, printing them for it."""
    candidates = notices[: 4 * PRINTED]
    sheets = candidates._render_sheets()
    return candidates.filtered(lambda notice: len(sheets[notice.id]) == 1)[:PRINTED]


def _run_engine(pages):
    from odoo.addons.l10n_nl_dunning.tools import pdf as letter_pdf

    letter_pdf._run_engine(pages)


def tab(env) -> Iterator[Work]:
    """Opening invoices one by one, with and without what the module adds."""
    company = find_company(env)
    moves = company.env["account.move"].search(
        [("company_id", "=", company.id), ("payment_state", "=", "not_paid")]
        + [("move_type", "=", "out_invoice")],
        limit=15,
        order="id desc",
    )
    specification = screens.get_specification(moves.env, "account.move")
    without = {
        name: value
        for name, value in specification.items()
        if not name.startswith("dunning_")
    }

    def open_all(fields):
        for move_id in moves.ids:
            moves.env.invalidate_all()
            moves.browse(move_id).web_read(fields)  # as the client: this one only

    open_all(specification)
    yield "invoice without the tab", lambda: open_all(without), len(moves)
    yield "invoice with the tab", lambda: open_all(specification), len(moves)


def claim(env) -> Iterator[Work]:
    """What one debtor must pay today, and all debtors together."""
    company = find_company(env)
    MoveLine = company.env["account.move.line"]
    today = company._get_dunning_today()
    open_items = [
        ("company_id", "=", company.id),
        *MoveLine._get_dunning_open_domain(),
    ]
    debtors = MoveLine.search(open_items).partner_id[:40]

    def claim_each():
        for debtor in debtors:
            company.env.invalidate_all()
            items = MoveLine.search([*open_items, ("partner_id", "=", debtor.id)])
            items.get_dunning_claim(today)

    yield "claim of a debtor", claim_each, len(debtors)

    def claim_all():
        MoveLine.search(open_items).get_dunning_claim(today)

    company.env.invalidate_all()
    yield "claims of all debtors", claim_all, count_items(company)


def dossier(env) -> Iterator[Work]:
    """Dossiers of ten invoices in the background, then one of five hundred.

    Memory must be flat between a fifth and the end. The invoices were sent, so that
    their PDF is there: to print them is Odoo's own work.
    """
    company = find_company(env)
    numbers = [DOSSIERS // 5, DOSSIERS - DOSSIERS // 5]
    waiting = make_waiting_dossiers(company, sum(numbers))

    def work(count):
        for dossier in waiting[:count]:
            dossier._try_to_make()
            env.cr.commit()
            env.invalidate_all()
        del waiting[:count]

    with stand_in_invoices(env):
        yield "dossiers, first fifth", lambda: work(numbers[0]), numbers[0]
        yield "dossiers, the rest", lambda: work(numbers[1]), numbers[1]
        large = make_large_dossier(company, LARGE_DOSSIER)
        yield "dossier of many invoices", large._make, LARGE_DOSSIER


def find_open_items(company, limit=None):
    """Return open items, those of a debtor together."""
    MoveLine = company.env["account.move.line"]
    domain = [
        ("company_id", "=", company.id),
        ("amount_residual", ">", 0),
        *MoveLine._get_dunning_open_domain(),
    ]
    return MoveLine.search(domain, order="partner_id, id", limit=limit)


def make_waiting_dossiers(company, count) -> list:
    """Return dossiers that wait for the job, of ten items each."""
    Dossier = company.env["dunning.dossier"]
    items, vals_list = find_open_items(company), []
    for partner, lines in items.grouped("partner_id").items():
        if len(vals_list) < count and len(lines) >= 10:
            vals_list.append(
                Dossier._prepare_dossier(company, partner, lines[:10], None)
            )
    while len(vals_list) < count:  # there are fewer such debtors: again
        vals_list.append(dict(vals_list[len(vals_list) % max(len(vals_list) // 2, 1)]))
    dossiers = Dossier.create(vals_list)
    company.env.cr.commit()
    return list(dossiers)


def account(env) -> Iterator[Work]:
    """What the page of all that is open shows, of a debtor with very many items."""
    company = find_company(env)
    partner = give_to_one_debtor(company, LARGE_ACCOUNT)[0].partner_id
    env.cr.commit()
    debtor = partner.commercial_partner_id

    def show():
        env.invalidate_all()
        values = debtor._prepare_dunning_account(debtor)
        assert sum(len(account.items) for account in values["accounts"])

    show()  # the reference of the choice is made once
    env.cr.commit()
    yield "page of all that is open", show, LARGE_ACCOUNT


def give_to_one_debtor(company, count):
    """Return open items, which are given to the debtor of the first."""
    env = company.env
    items = find_open_items(company, count)
    partner = items[0].partner_id
    for table, ids in (
        ("account_move_line", items.ids),
        ("account_move", items.move_id.ids),
    ):
        env.cr.execute(
            f"UPDATE {table} SET partner_id = %s WHERE id = ANY(%s)", [partner.id, ids]
        )
    env.invalidate_all()
    return items


def make_large_dossier(company, count):
    """Return a dossier of many invoices of one debtor."""
    env = company.env
    items = give_to_one_debtor(company, count)
    partner = items[0].partner_id
    Dossier = env["dunning.dossier"]
    dossier = Dossier.create(Dossier._prepare_dossier(company, partner, items, None))
    env.cr.commit()
    env.invalidate_all()
    return dossier


@contextmanager
def stand_in_invoices(env):
    """Let each invoice have a PDF of one page, as if it had been sent."""
    from odoo.addons.l10n_nl_dunning.tools import pdf as letter_pdf

    copy = letter_pdf._run_engine(floors.plain_pages(1))
    Move = type(env["account.move"])
    with (
        patch.object(Move, "_keep_dunning_copies", lambda moves: {}),
        patch.object(
            Move, "_get_dunning_copies", lambda moves: dict.fromkeys(moves, copy)
        ),
    ):
        yield


def lists(env) -> Iterator[Work]:
    """The first page of each list, of each of its filters and each way to group it."""
    company = screens.act_as_accountant(find_company(env))
    for search in screens.get_lists(company.env):
        yield f"list {search.action} {search.name}".strip(), search.show, 1


def today(env) -> Iterator[Work]:
    """The start screen: what comes at once, and the cards that come after."""
    company = screens.act_as_accountant(find_company(env))
    Today = company.env["dunning.today"]

    def show(late):
        company.env.invalidate_all()
        return Today.get_cards(late=late)["cards"]

    show(False)  # translations and views are read once a process
    yield "start screen", lambda: show(False), 1
    yield "start screen, cards that come later", lambda: show(True), 1


SCENARIOS = {
    function.__name__: function
    for function in (
        *(plan, propose, deliver_mail, deliver_pdf, deliver_post),
        *(engine, tab, claim, dossier, lists, today, account),
    )
}
