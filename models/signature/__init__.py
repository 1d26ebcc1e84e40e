from . import (
    payment_arrangement,
)
