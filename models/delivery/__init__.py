from . import (
    dunning_delivery,
    mail_mail,
)
