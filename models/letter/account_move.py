import logging

import psycopg2
import requests

from odoo import api, fields, models
from odoo.modules import module
from odoo.tools import split_every

from ...tools.groups import ACCOUNTING_GROUPS

_logger = logging.getLogger(__name__)

INVOICE_REPORT = "account.account_invoices"

#: Copies in one call of the report engine: a call that fails loses no more than these.
COPIES_AT_A_TIME = 20

#: Seconds in which the web server must answer that gives reports their styles.
SERVER_TIMEOUT = 5


class AccountMove(models.Model):
    """Copies of invoices, for letters that carry them."""

    _inherit = "account.move"

    dunning_copy = fields.Binary(
        string="Copy for letters",
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="Printed for a letter, of an invoice of which no PDF was kept.",
    )

    # === ACTION METHODS === #

    def button_draft(self):
        """What was printed of an invoice may not be right any more."""
        # EXTENDS 'account'
        self._get_dunning_copy_files().unlink()
        return super().button_draft()

    # === BUSINESS METHODS === #

    def _get_dunning_copy_files(self):
        """Return the attachments that hold the copies.

        :rtype: recordset of `ir.attachment`
        """
        files = self.env["ir.attachment"].sudo()  # they belong to the invoices
        return files.search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "dunning_copy"),
                ("res_id", "in", self.ids),
            ]
        )

    def _get_dunning_copies(self):
        """Return copies of these invoices of which no PDF was kept.

        They were sent in another way; a pro forma would be wrong beside a formal
        letter. What was not printed before, such as for a preview, is printed now.

        :return: PDF by invoice
        :rtype: dict[account.move, bytes]
        """
        missing = self.filtered(lambda move: not move.invoice_pdf_report_id)
        kept = {file.res_id: file.raw for file in missing._get_dunning_copy_files()}
        unprinted = missing.filtered(lambda move: move.id not in kept)
        printed = unprinted._render_dunning_copies() if unprinted else {}
        return {move: kept.get(move.id) or printed[move] for move in missing}

    def _render_dunning_copies(self):
        """Print these invoices in one go.

        :rtype: dict[account.move, bytes]
        """
        Report = self.env["ir.actions.report"]
        content, kind = Report._pre_render_qweb_pdf(INVOICE_REPORT, self.ids)
        by_id = Report._get_splitted_report(INVOICE_REPORT, content, kind)
        return {move: by_id[move.id] for move in self}

    def _keep_dunning_copies(self):
        """Print and keep the copies of these invoices that are not there yet.

        Done before anything is locked, some at a time. What cannot be printed is told.

        :return: why there is no copy, by invoice
        :rtype: dict[account.move, str]
        """
        missing = self.filtered(lambda move: not move.invoice_pdf_report_id)
        kept = set(missing._get_dunning_copy_files().mapped("res_id"))
        missing = missing.filtered(lambda move: move.id not in kept)
        if not missing:
            return {}
        if not self._is_dunning_report_server_up():
            return dict.fromkeys(
                missing,
                self.env._(
                    "The copy of the invoice cannot be printed now: Odoo's web server, "
                    "which gives it its layout, does not answer. It is tried again."
                ),
            )
        errors = {}
        for ids in split_every(COPIES_AT_A_TIME, missing.ids):
            errors |= self.browse(ids)._print_dunning_copies()
        return errors

    def _print_dunning_copies(self):
        """Print and keep copies together, or one by one when that goes wrong.

        :return: why there is no copy, by invoice
        """
        try:
            with self.env.cr.savepoint():
                copies = self._render_dunning_copies()
                self.env["ir.attachment"].sudo().create(
                    # sudo: they belong to the invoices
                    [
                        {
                            "name": move._get_invoice_report_filename(),
                            "raw": content,
                            "res_model": self._name,
                            "res_field": "dunning_copy",
                            "res_id": move.id,
                        }
                        for move, content in copies.items()
                    ]
                )
        except psycopg2.OperationalError:
            raise  # two workers met: the whole job is tried again
        except Exception as error:
            if len(self) == 1:
                _logger.warning("No copy of %s can be printed", self, exc_info=error)
                return {
                    self: self.env._(
                        "The copy of invoice %(invoice)s cannot be printed: %(error)s",
                        invoice=self.name,
                        error=error,
                    )
                }
            errors = {}
            for move in self:
                errors |= move._print_dunning_copies()
            return errors
        self.invalidate_recordset(["dunning_copy"], flush=False)
        return {}

    @api.model
    def _is_dunning_report_server_up(self):
        """Whether the web server answers that reports get their styles from.

        Where it does not, the report engine waits for minutes and prints bare text.
        """
        if module.current_test:
            return True  # then Odoo does not print at all
        url = self.env["ir.actions.report"]._get_report_url()
        try:
            requests.head(f"{url}/web/health", timeout=SERVER_TIMEOUT)
        except requests.RequestException:
            return False
        return True
