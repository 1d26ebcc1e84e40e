import hashlib
import hmac
import logging
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import requests

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

#: Minutes to wait after each failure; after the last one a person has to look.
PAUSES = (5, 15, 60, 240, 720)

#: Answers that may be different next time, besides those of a server in trouble.
TRY_AGAIN = (408, 425, 429)

#: Seconds to wait for an answer.
TIMEOUT = 30


class DunningHandover(models.Model):
    """The dossier is posted to the agency after the transaction, by a job.

    So an agency that does not answer keeps nobody waiting, and what is rolled back is
    never sent.
    """

    _inherit = "dunning.handover"

    push_state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("done", "Taken"),
            ("failed", "Failed"),
        ],
        string="Posted to the API",
        readonly=True,
        copy=False,
    )
    push_attempts = fields.Integer(string="Attempts", readonly=True, copy=False)
    push_next = fields.Datetime(string="Next attempt", readonly=True, copy=False)
    push_error = fields.Char(string="Answer of the API", readonly=True, copy=False)

    _push_idx = models.Index("(push_next) WHERE push_state = 'waiting'")

    # === ACTION METHODS === #

    def action_push_again(self):
        """Post the file again that the agency did not take."""
        self.filtered(lambda handover: handover.push_state == "failed")._queue_push()

    # === BUSINESS METHODS === #

    def _send(self):
        result = super()._send()
        if self.agency_id.channel == "api":
            self._queue_push()
        return result

    def _queue_push(self):
        """Let the job post these files, as soon as the transaction is done."""
        if self:
            self.write(
                {
                    "push_state": "waiting",
                    "push_attempts": 0,
                    "push_next": fields.Datetime.now(),
                    "push_error": False,
                }
            )
            # sudo: clerks start the job, but may not read scheduled actions
            self.env.ref("l10n_nl_dunning.ir_cron_handover_push").sudo()._trigger()

    @api.model
    def _cron_push(self):
        """Post what waits, one file after the other."""
        commit_progress = self.env["ir.cron"]._commit_progress
        due = [
            ("push_state", "=", "waiting"),
            ("push_next", "<=", fields.Datetime.now()),
        ]
        handovers = self.search(due, order="push_next, id")
        commit_progress(remaining=len(handovers))
        for handover in handovers:
            # Another worker may have it, or have posted it by now.
            locked = handover.try_lock_for_update().filtered_domain(due)
            locked._push()
            if not commit_progress(1):
                break

    def _push(self):
        """Post these files and record what the agency answered."""
        for handover in self:
            error, is_final = handover._post_dossier()
            attempts = handover.push_attempts + 1
            values = {"push_attempts": attempts, "push_error": error or False}
            if not error:
                values |= {"push_state": "done", "push_next": False}
            elif is_final or attempts > len(PAUSES):
                values |= {"push_state": "failed", "push_next": False}
                handover._ask_help(error)
            else:
                pause = timedelta(minutes=PAUSES[attempts - 1])
                values["push_next"] = fields.Datetime.now() + pause
                # sudo: as above
                job = self.env.ref("l10n_nl_dunning.ir_cron_handover_push").sudo()
                job._trigger(values["push_next"])
            handover.write(values)

    def _ask_help(self, error):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("The agency did not take the file"),
            note=error,
            user_id=self.company_id._get_dunning_worker(self.user_id).id,
        )

    def _post_dossier(self):
        """Post the JSON of the dossier to the agency.

        :return: what went wrong, empty when nothing did, and whether it always will
        :rtype: tuple[str, bool]
        """
        self.ensure_one()
        with ZipFile(BytesIO(self.dossier_id.archive_id.raw)) as archive:
            body = archive.read("dossier.json")
        self.dossier_id.archive_id.invalidate_recordset(["raw", "datas"])
        agency = self.agency_id.sudo()  # the secret, which managers alone may read
        try:
            response = requests.post(
                agency.api_url,
                data=body,
                headers=self._get_push_headers(body, agency.api_secret),
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            _logger.info("Handover %s could not be posted: %s", self.name, error)
            return type(error).__name__, False
        code = response.status_code
        if 200 <= code < 300:
            return "", False
        is_final = 300 <= code < 500 and code not in TRY_AGAIN
        return f"HTTP {code} {response.reason or ''}".strip(), is_final

    def _get_push_headers(self, body, secret):
        """Return headers that prove who posts, and what.

        The signature is over the moment and the body, so an old file cannot be posted
        again by somebody else.

        :param bytes body: what is posted
        :param str secret: what the agency knows
        :rtype: dict[str, str]
        """
        moment = str(int(fields.Datetime.now().timestamp()))
        signed = f"{moment}.".encode() + body
        digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": self.name,
            "X-Dunning-Reference": self.name,
            "X-Dunning-Dossier-Sha256": self.dossier_id.sum_sha256,
            "X-Dunning-Timestamp": moment,
            "X-Dunning-Signature": f"sha256={digest}",
        }
