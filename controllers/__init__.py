from . import (
    portal,
    portal_account,
    portal_arrangement,
    portal_dispute,
    portal_payment,
)
