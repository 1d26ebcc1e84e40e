from . import (
    dunning_today,
    dunning_notice,
    dunning_delivery,
    mail_mail,
)
