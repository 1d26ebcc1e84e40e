from . import (
    res_partner,
    dunning_today,
    payment_arrangement,
    payment_arrangement_item,
    payment_arrangement_line,
)
