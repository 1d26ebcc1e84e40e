from . import (
    dunning_today,
    payment_arrangement,
    payment_arrangement_item,
    payment_arrangement_line,
)
