from . import (
    dunning_protection,
)
