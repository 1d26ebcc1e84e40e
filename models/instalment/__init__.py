from . import (
    payment_arrangement,
    payment_arrangement_item,
    dunning_today,
)
