from . import (
    payment_arrangement,
    payment_arrangement_line,
    mail_mail,
)
