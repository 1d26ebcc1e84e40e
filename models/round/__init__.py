from . import (
    dunning_run,
    dunning_run_obstacle,
    dunning_notice,
    dunning_notice_line,
    res_company,
    dunning_today,
)
