from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DunningContactRecord(models.TransientModel):
    """What happens with the outcome of a contact."""

    _inherit = "dunning.contact.record"

    # === ACTION METHODS === #

    def action_save(self):
        """Record the outcome and close."""
        self.ensure_one()
        return self._record() or {"type": "ir.actions.act_window_close"}

    def action_save_next(self):
        """Record the outcome and open the next debtor of the list."""
        self.ensure_one()
        following = self._get_following()
        action = self._record()
        if not action:
            return following._open_or_finish()
        context = {"dunning_following_call": following.ids, **action["context"]}
        return {**action, "context": context}

    def action_skip(self):
        """Leave this debtor on the list and open the next one."""
        self.ensure_one()
        return self._get_following()._open_or_finish()

    # === BUSINESS METHODS === #

    def _get_following(self):
        """Return the next call of the list.

        :rtype: recordset of `dunning.call`
        """
        Call = self.env["dunning.call"]
        number = Call._make_id(self.company_id, self.partner_id.id)
        return Call.browse(number)._get_next()

    def _record(self):
        """Record the contact and do at once what was agreed.

        :return: an action when the user has to enter more, else False
        :rtype: dict or bool
        """
        self._check_outcome()
        self._save_contact_details()
        contact = self._save_contact()
        if self.send_copy:
            self._send_copies()
        return self._follow_up(contact)

    def _check_outcome(self):
        if not self.outcome:
            raise UserError(self.env._("Choose the outcome: was the debtor reached?"))

    def _save_contact(self):
        """Record the contact, or the outcome of the call that was planned.

        :rtype: recordset of `dunning.contact`
        """
        values = self._prepare_contact()
        if planned := self._get_planned():
            planned.write(values)
            planned._log()
            planned._escalate()
            return planned
        return self.env["dunning.contact"].create(values)

    def _prepare_contact(self):
        """Return the values of the contact.

        :rtype: dict
        """
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "person_id": self.person_id.id,
            "move_line_ids": [Command.set(self.move_line_ids.ids)],
            "type": self.type,
            "direction": self.direction,
            "date": fields.Datetime.now(),
            "user_id": self.env.uid,
            "outcome": self.outcome,
            "reason_id": self.reason_id.id,
            "note": self.note,
            "next_date": self.next_date,
        }

    def _save_contact_details(self):
        """Write what the user changed of telephone, e-mail and contact for letters."""
        person = self.person_id or self.partner_id
        for name in ("phone", "email"):
            known = person[name] or self.partner_id[name]
            if (self[name] or False) != (known or False):
                person[name] = self[name]
        if self.letter_contact_id != self.partner_id.dunning_contact_id:
            self.partner_id.dunning_contact_id = self.letter_contact_id

    def _send_copies(self):
        """Have the invoices sent again, by the way in which the customer gets them."""
        moves = self.move_line_ids.move_id.filtered(lambda move: move.is_invoice())
        if not moves:
            raise UserError(self.env._("There is no invoice to send a copy of."))
        if not (self.email or self.partner_id.email):
            raise UserError(
                self.env._(
                    "Enter the e-mail address of %s to send the copy to.",
                    self.partner_id.display_name,
                )
            )
        self.env["account.move.send"]._check_move_constraints(moves)
        # As the wizard of core that sends several invoices: its job does the rest.
        moves.sending_data = {
            "author_user_id": self.env.uid,
            "author_partner_id": self.env.user.partner_id.id,
        }
        # sudo: clerks start the job, but may not read scheduled actions
        self.env.ref("account.ir_cron_account_move_send").sudo()._trigger()
