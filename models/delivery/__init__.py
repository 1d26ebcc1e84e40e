from . import (
    dunning_delivery,
    dunning_document_mixin,
    dunning_letter,
    dunning_today,
    dunning_notice,
    mail_mail,
    res_company,
    dunning_notice_line,
    dunning_planner,
)
