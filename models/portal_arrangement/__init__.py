from . import (
    dunning_notice,
    payment_arrangement,
)
