from . import (
    dunning_delivery,
    dunning_notice,
    mail_mail,
    res_company,
)
