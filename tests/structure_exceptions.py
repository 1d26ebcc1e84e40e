"""What does not keep the rules of the house yet. The list only shrinks."""

EXCEPTIONS = {
    "use": {
        "arrangement/account_move.py: dunning_arrangement_ids of tab",
        "arrangement/account_move_line.py: _asks_no_interest of instalment",
        "arrangement/payment_arrangement.py: _get_ordered_lines of instalment",
        "arrangement/payment_arrangement.py: _send_offer of signature",
        "arrangement/payment_arrangement_line.py: _get_ordered_lines of instalment",
        "arrangement/payment_arrangement_line.py: _get_progress of instalment",
        "delivery/mail_mail.py: _set_mail_failed of follow_up",
        "delivery/mail_mail.py: _set_mail_sent of follow_up",
        "delivery/mail_mail.py: payment.arrangement of arrangement",
        "signature/payment_arrangement.py: _revive of follow_up",
        "signature/payment_arrangement.py: _set_undelivered of follow_up",
    },
}
