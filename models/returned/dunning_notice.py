from datetime import date

from odoo import models


class DunningNotice(models.Model):
    """The first letter after a payment came back says so."""

    _inherit = "dunning.notice"

    # === BUSINESS METHODS === #

    def _prepare_shared_values(self):
        """Find together what came back of all that these letters are about."""
        # EXTENDS 'l10n_nl_dunning'
        shared = super()._prepare_shared_values()
        items = self.line_ids.filtered("level_id").move_line_id
        returned = self.env["dunning.returned"]._find(items)
        return shared | {"returned": returned.grouped("move_line_id")}

    def _prepare_parties(self, shared):
        """Hand on what came back of what this letter is about."""
        # EXTENDS 'l10n_nl_dunning'
        return super()._prepare_parties(shared) | {
            "returned": {
                item: self._get_untold(records, shared["earlier"].get(item, ()))
                for item, records in shared["returned"].items()
            }
        }

    def _get_untold(self, returned, earlier):
        """Return those payments of an item that came back after its last letter.

        :param returned: the `dunning.returned`
        :param earlier: lines of letters about the item that arrived
        """
        latest = self.date or date.max
        days = {line.notice_id.date for line in earlier if line.notice_id != self}
        return returned.filtered(
            lambda record: (
                record.date <= latest
                and not any(record.date <= day <= latest for day in days)
            )
        )

    def _get_request(self, section, values):
        """Say first why what was paid is open again."""
        # EXTENDS 'l10n_nl_dunning'
        paragraphs = super()._get_request(section, values)
        untold = [
            record
            for line in section.lines
            for record in values["returned"].get(line.move_line_id, ())
        ]
        fmt = values["fmt"]
        told = [
            self._say(
                "collection_returned" if record.is_collected else "payment_returned",
                amount=fmt.amount(record.amount),
                invoice=record.move_line_id.move_id.name,
                paid=fmt.date(record.date_payment),
                returned=fmt.date(record.date),
            )
            for record in untold
        ]
        return [*told, *paragraphs]
