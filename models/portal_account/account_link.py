"""Links to a debtor's page that need no login: who they are for, until when they work.

A link is signed, not kept. So each letter can carry one of its own, and they end by
themselves. To withdraw those that are out, the debtor gets another edition.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools.misc import consteq, hmac

SCOPE = "l10n_nl_dunning account page"


class AccountLink(NamedTuple):
    """What the token of a link says."""

    debtor_id: int
    recipient_id: int  # to whom it was sent: the debtor or who represents him
    expires: date


def sign(env, link, edition):
    """Return the token of a link.

    :param env: environment of a superuser, who knows the secret of the database
    :param AccountLink link: what it says
    :param int edition: how often the links of this debtor were withdrawn
    :rtype: str
    """
    text = f"{link.debtor_id}-{link.recipient_id}-{link.expires:%Y%m%d}"
    return f"{text}-{hmac(env, SCOPE, (text, edition))[:32]}"


def read(token):
    """Return what a token says, whether it is genuine or not; None when it is none.

    :param token: what anybody may have sent
    :rtype: AccountLink | None
    """
    if not isinstance(token, str) or not token.isascii() or len(token) > 80:
        return None
    try:
        debtor, recipient, day, _signature = token.split("-")
        expires = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        return AccountLink(int(debtor), int(recipient), expires)
    except ValueError:
        return None


def is_genuine(env, token, link, edition):
    """Whether a token was signed here for this edition."""
    return consteq(sign(env, link, edition), token)
