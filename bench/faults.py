"""Letters that survive what goes wrong: workers that are killed, a server that refuses.

Usage: faults.py DATABASE LETTERS SEED

Two processes work for real: one issues the queued letters, one works Odoo's mail queue.
Both are killed at random moments, drawn from the seed, and started again. A mail server
on this machine keeps what it accepts and asks to try later now and then. In the end it
is counted there, letter by letter, what was lost, wrong or double.
"""

import email
import hashlib
import json
import logging
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from contextlib import closing

from aiosmtpd.controller import Controller
from scenarios import queue_letters, work_queue
from session import environment

import odoo.sql_db
from odoo.tools import email_normalize

KINDS = ("letters", "mails")
#: Processes that are killed, and seconds between two of them.
KILLS = 14
PAUSES = (0.3, 2.5)
#: Of a hundred mails, how many the server does not take for the moment.
REFUSED_PERCENT = 2
#: The letter in the name that Odoo gives to a mail.
LETTER = re.compile(r"-(\d+)-dunning\.notice@")
#: Bytes of a mail.
SIZE_LIMIT = 50 * 1024 * 1024
#: Seconds until the run is given up.
LIMIT = 900
#: What is still to be done: letters in the queue, and mails that may still go.
LEFT = (
    "SELECT (SELECT COUNT(*) FROM dunning_notice WHERE id = ANY(%s)"
    " AND state = 'queued'), (SELECT COUNT(*) FROM mail_mail WHERE state = 'outgoing')"
)


def work(database: str, kind: str) -> None:
    """Be a worker of one kind until somebody ends the process."""
    with environment(database) as env:
        # It tells of each mail that was refused, which is what is tried here.
        logging.getLogger("odoo.addons.mail.models.mail_mail").setLevel("CRITICAL")
        print("ready", flush=True)
        while True:
            if kind == "letters":
                work_queue(env)
            else:
                env["mail.mail"].process_email_queue()
                env.cr.commit()
            env.cr.rollback()
            env.invalidate_all(flush=False)
            time.sleep(0.1)


class MailServer:
    """Keeps what it accepts, and asks to try later now and then."""

    def __init__(self, draw: random.Random):
        self.draw = draw
        self.accepted = defaultdict(list)  # by letter: recipients and sums of the PDFs
        self.refused = 0
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = probe.getsockname()[1]
        self.controller = Controller(
            self, hostname="127.0.0.1", port=self.port, data_size_limit=SIZE_LIMIT
        )
        self.controller.start()

    def close(self) -> None:
        self.controller.stop()

    async def handle_DATA(self, server, session, envelope):
        if self.draw.random() * 100 < REFUSED_PERCENT:
            self.refused += 1
            return "451 try again later"
        message = email.message_from_bytes(envelope.original_content)
        sums = [
            hashlib.sha1(part.get_payload(decode=True)).hexdigest()
            for part in message.walk()
            if part.get_content_type() == "application/pdf"
        ]
        letter = int(LETTER.search(message["Message-Id"])[1])
        self.accepted[letter].append((tuple(envelope.rcpt_tos), sums))
        return "250 kept"


class Run:
    """Workers that are killed and started again, until all is done."""

    def __init__(self, database: str, queued: list[int], draw: random.Random):
        self.database, self.queued, self.draw = database, queued, draw
        self.cursor = odoo.sql_db.db_connect(database).cursor()
        self.killed = Counter()
        self.workers = {kind: self._start(kind) for kind in KINDS}

    def _start(self, kind: str) -> subprocess.Popen:
        command = [sys.executable, __file__, self.database, kind]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def work(self) -> None:
        started = time.monotonic()
        try:
            while self._is_left() and time.monotonic() - started < LIMIT:
                time.sleep(self.draw.uniform(*PAUSES))
                if self.killed.total() < KILLS:
                    self._kill(self.draw.choice(KINDS))
        finally:
            for worker in self.workers.values():
                worker.kill()

    def _kill(self, kind: str) -> None:
        """Kill a worker as soon as it works, and start another one."""
        self.workers[kind].stdout.readline()
        time.sleep(self.draw.uniform(*PAUSES))
        self.workers[kind].send_signal(signal.SIGKILL)
        self.workers[kind].wait()
        self.killed[kind] += 1
        self.workers[kind] = self._start(kind)

    def _is_left(self) -> bool:
        """Whether something is to be done; what waits for another try need not wait."""
        self.query(
            "UPDATE mail_mail SET scheduled_date = NULL WHERE state = 'outgoing' "
            "AND scheduled_date IS NOT NULL AND id IN "
            "(SELECT id FROM mail_mail WHERE state = 'outgoing' "
            "FOR UPDATE SKIP LOCKED) RETURNING id"
        )
        return any(self.query(LEFT, self.queued)[0])

    def query(self, query: str, *parameters: object) -> list[tuple]:
        self.cursor.execute(query, parameters)
        rows = self.cursor.fetchall()
        self.cursor.commit()
        return rows


def count(run: Run, server: MailServer) -> dict:
    """Compare what the server has with what Odoo says of each letter."""
    rows = run.query(
        "SELECT notice.id, delivery.state, delivery.address, file.checksum "
        "FROM dunning_notice notice "
        "JOIN dunning_delivery delivery ON delivery.notice_id = notice.id "
        "JOIN ir_attachment file ON file.id = notice.letter_id "
        "WHERE notice.id = ANY(%s) AND delivery.channel = 'email'",
        run.queued,
    )
    result = Counter({"letters": len(run.queued)})
    result["without a delivery"] = len(run.queued) - len(rows)
    for notice_id, state, address, checksum in rows:
        copies = server.accepted[notice_id]
        result[f"Odoo says {state}"] += 1
        result["at the server"] += bool(copies)
        result["double"] += len(copies) > 1
        result["perhaps sent, and there"] += state == "perhaps" and bool(copies)
        result["lost"] += state == "sent" and not copies
        result["there, and not known"] += bool(copies) and state not in (
            *("sent", "perhaps"),
        )
        result["wrong"] += any(
            recipients != (email_normalize(address),) or checksum not in sums
            for recipients, sums in copies
        )
    return dict(result)


def main(database: str, letters: str, seed: str) -> int:
    draw = random.Random(int(seed))
    with closing(MailServer(draw)) as server, environment(database) as env:
        logging.getLogger("mail.log").setLevel("WARNING")
        env["dunning.level"].search([]).attach_invoices = False
        env["ir.mail_server"].search([]).active = False
        env["ir.mail_server"].create(
            {
                "name": "This machine",
                "smtp_host": "127.0.0.1",
                "smtp_port": server.port,
                "smtp_encryption": "none",
            }
        )
        env["mail.mail"].search([("state", "=", "outgoing")]).state = "cancel"
        queued = queue_letters(env, int(letters)).ids
        run = Run(database, queued, draw)
        with closing(run.cursor):
            run.work()
            result = count(run, server)
    result |= {
        "asked to try later": server.refused,
        **{f"killed at the {kind}": run.killed[kind] for kind in KINDS},
        "seed": int(seed),
    }
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        work(*sys.argv[1:])
    else:
        sys.exit(main(*sys.argv[1:]))
