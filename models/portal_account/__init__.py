"""All that a customer owes, on one page of the portal, whatever letters asked."""

from . import (
    res_partner,
)
