from . import (
    res_partner,
    dunning_today,
    dunning_run,
    dunning_run_obstacle,
    dunning_notice,
    dunning_notice_line,
    res_company,
)
