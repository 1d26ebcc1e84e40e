from . import (
    dunning_notice,
    dunning_delivery,
    mail_mail,
    dunning_today,
)
