"""All that a customer owes, on one page of the portal, whatever letters asked."""

from . import (
    account_link,
    dunning_notice,
    res_company,
    res_partner,
)
