from odoo import models

#: Letters that can still be called back.
WITHDRAWN_STATES = ("queued", "pending", "failed")


class DunningProtection(models.Model):
    """What happens at once to the letters of a debtor whose status changes."""

    _inherit = "dunning.protection"

    # === BUSINESS METHODS === #

    def _take_effect(self):
        """Stop what is under way and tell whoever has to act, in all companies."""
        for protection in self:
            count = protection._withdraw_letters()
            protection._withdraw_offers()
            parts = [protection.summary]
            if count:
                parts.append(self.env._("Letters withdrawn: %s.", count))
            protection.partner_id._message_log(body=" ".join(parts))
            protection._schedule_work()

    def _withdraw_letters(self):
        """Call back all letters to these debtors that have not left yet.

        Proposals disappear; letters in the queue, with the mail server or on the pile
        for the post are cancelled with the reason. What has left stays as it is.

        :return: how many letters did not go out
        :rtype: int
        """
        count = 0
        for protection in self:
            # sudo: the status counts for all companies, also those of colleagues
            notices = (
                self.env["dunning.notice"]
                .sudo()
                .search(
                    [
                        ("partner_id", "=", protection.partner_id.id),
                        ("state", "in", ("draft", *WITHDRAWN_STATES)),
                    ]
                )
            )
            count += len(notices)
            drafts = notices.filtered(lambda notice: notice.state == "draft")
            (notices - drafts)._cancel(protection._get_headline())
            drafts.unlink()
            protection._cancel_deliveries()
        return count

    def _withdraw_offers(self):
        """Call back the arrangements that wait for a signature of the debtor himself.

        Afterwards offers go to whoever represents him.
        """
        self.ensure_one()
        offers = (
            self.env["payment.arrangement"]
            .sudo()  # of all companies, as the letters
            .search(
                [("partner_id", "=", self.partner_id.id), ("state", "=", "offered")]
            )
        )
        if offers:
            offers._cancel(self._get_headline())

    def _cancel_deliveries(self):
        """Stop what still waits of letters that left by another channel."""
        self.ensure_one()
        deliveries = (
            self.env["dunning.delivery"]
            .sudo()  # of all companies
            .search(
                [
                    ("notice_id.partner_id", "=", self.partner_id.id),
                    ("notice_id.state", "=", "sent"),
                    ("state", "=", "pending"),
                ]
            )
        )
        deliveries._cancel()

    def _schedule_work(self):
        """Put an activity on the customer for those who file the claim."""
        self.ensure_one()
        if not self._get_effect().filing:
            return
        for user in self._get_creditors()._get_dunning_responsibles():
            protection = self.with_context(lang=user.lang or self.env.lang)
            protection.partner_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=protection._get_work(),
                note=protection.summary,
                user_id=user.id,
            )

    def _get_creditors(self):
        """Return the companies that this debtor owes something.

        :rtype: recordset of `res.company`
        """
        self.ensure_one()
        MoveLine = self.env["account.move.line"].sudo()  # of all companies
        groups = MoveLine._read_group(
            [
                *MoveLine._get_dunning_open_domain(),
                ("partner_id", "=", self.partner_id.id),
            ],
            ["company_id"],
        )
        # sudo: colleagues there are told as well
        return self.env["res.company"].sudo().union(*(company for [company] in groups))

    def _exclude_items(self):
        """Exclude what these debtors still owe from dunning.

        Only in the companies of the user: whether a debt is lost is for its creditor.
        """
        MoveLine = self.env["account.move.line"]
        items = MoveLine.search(
            [
                *MoveLine._get_dunning_open_domain(),
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        items.no_followup = True
