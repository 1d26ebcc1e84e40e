import hashlib
import hmac
import json
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from odoo.exceptions import ValidationError
from odoo.tests import freeze_time, tagged

from .handover_common import HANDED_ON, HandoverCommon


class Agency(BaseHTTPRequestHandler):
    """The system of an agency, on this machine: it answers what it is told to."""

    answers, requests = [], []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.requests.append((self.path, dict(self.headers), body))
        self.send_response(self.answers.pop(0) if self.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@tagged("post_install_l10n", "post_install", "-at_install")
class TestHandoverPush(HandoverCommon):
    """Dossiers that are posted to the system of the agency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = HTTPServer(("127.0.0.1", 0), Agency)
        Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        cls.agency.write(
            {
                "channel": "api",
                "api_url": f"http://127.0.0.1:{cls.server.server_port}/files",
                "api_secret": "geheim",
            }
        )

    def setUp(self):
        super().setUp()
        Agency.answers, Agency.requests = [], []

    def _run_job(self, moment="2026-12-15 09:00:00"):
        with freeze_time(moment):
            self.env["dunning.handover"].search(
                [("push_state", "=", "waiting"), ("push_next", "<=", moment)]
            )._push()

    def test_nothing_is_posted_in_the_transaction(self):
        handover = self._hand_over()

        self.assertFalse(Agency.requests)
        self.assertEqual((handover.state, handover.push_state), ("sent", "waiting"))

    def test_dossier_is_posted_with_a_signature(self):
        handover = self._hand_over()

        self._run_job()

        [(path, headers, body)] = Agency.requests
        self.assertEqual(path, "/files")
        data = json.loads(body)
        self.assertEqual(data["schema"], "dossier-1")
        self.assertEqual(data["claims"][0]["total"], "1162.25")
        # 09:00 UTC on 15 December 2026.
        moment = int(datetime(2026, 12, 15, 9).timestamp())
        self.assertEqual(headers["X-Dunning-Timestamp"], str(moment))
        digest = hmac.new(b"geheim", f"{moment}.".encode() + body, hashlib.sha256)
        self.assertEqual(headers["X-Dunning-Signature"], f"sha256={digest.hexdigest()}")
        self.assertEqual(headers["Idempotency-Key"], handover.name)
        self.assertRecordValues(
            handover, [{"push_state": "done", "push_attempts": 1, "push_error": False}]
        )
        self._run_job("2026-12-16 09:00:00")
        self.assertEqual(len(Agency.requests), 1)

    def test_server_in_trouble_is_tried_again_after_pauses_that_grow(self):
        handover = self._hand_over()
        Agency.answers = [503, 429, 200]

        self._run_job("2026-12-15 09:00:00")
        self.assertRecordValues(
            handover,
            [
                {
                    "push_state": "waiting",
                    "push_error": "HTTP 503 Service Unavailable",
                    "push_next": datetime(2026, 12, 15, 9, 5),
                }
            ],
        )
        self._run_job("2026-12-15 09:04:00")
        self.assertEqual(len(Agency.requests), 1)
        self._run_job("2026-12-15 09:05:00")
        self.assertEqual(handover.push_next, datetime(2026, 12, 15, 9, 20))
        self._run_job("2026-12-15 09:20:00")

        self.assertRecordValues(handover, [{"push_state": "done", "push_attempts": 3}])

    def test_refusal_asks_a_person(self):
        handover = self._hand_over()
        Agency.answers = [422]

        self._run_job()

        self.assertRecordValues(
            handover, [{"push_state": "failed", "push_attempts": 1}]
        )
        self.assertIn("did not take the file", handover.activity_ids.summary)
        with freeze_time(HANDED_ON):
            handover.action_push_again()
        self._run_job("2026-12-15 10:00:00")
        self.assertEqual(handover.push_state, "done")

    def test_six_failures_ask_a_person(self):
        handover = self._hand_over()
        Agency.answers = [500] * 6

        for _attempt in range(6):
            self.assertEqual(handover.push_state, "waiting")
            self._run_job(handover.push_next.strftime("%Y-%m-%d %H:%M:%S"))

        # 5, 15, 60, 240 and 720 minutes: 17 hours and 20 minutes after the first.
        self.assertEqual(handover.push_state, "failed")
        self.assertEqual(len(Agency.requests), 6)

    def test_agency_that_cannot_be_reached_is_tried_again(self):
        handover = self._hand_over()
        self.agency.api_url = "http://127.0.0.1:9/files"

        self._run_job()

        self.assertRecordValues(
            handover, [{"push_state": "waiting", "push_error": "ConnectionError"}]
        )

    def test_job_runs(self):
        handover = self._hand_over()

        with freeze_time("2026-12-15 09:00:00"), self.enter_registry_test_mode():
            job = self.env.ref("l10n_nl_dunning.ir_cron_handover_push")
            job.method_direct_trigger()

        handover.invalidate_recordset()
        self.assertEqual(handover.push_state, "done")

    def test_address_must_be_encrypted(self):
        for url in (
            "http://rijn.example/api",
            "rijn.example",
            "ftp://rijn.example",
            "",
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                self.agency.api_url = url
        self.agency.api_url = "https://rijn.example/api"
        with self.assertRaisesRegex(ValidationError, "secret that you share"):
            self.agency.api_secret = False
