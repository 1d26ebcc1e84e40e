"""How a claim is divided over the accounts to which it is to be paid.

Pure: no database, no clock. Amounts are whole coins, such as cents.
"""

from typing import NamedTuple


class Share(NamedTuple):
    """What is asked of one invoice, and the part of it for a blocked account."""

    account: int
    amount: int
    blocked_account: int | None = None
    blocked: int = 0


def split_claim(shares, total, main):
    """Return which part of a claim is to be paid to which account.

    What the claim holds beside the invoices, interest and costs, goes to the main
    account. Credits lower that one first, and a blocked account last: what is paid
    there is for taxes, and lowers the liability of who pays it.

    :param list[Share] shares: the invoices
    :param int total: the claim
    :param int main: the account of the first invoice
    :return: amounts above zero by account, the main one first; the claim as it is for
        the main account when nothing is to be paid
    :rtype: dict[int, int]

    >>> split_claim([Share(1, 10000, 9, 4000), Share(2, 5000)], 15500, 1)
    {1: 6500, 2: 5000, 9: 4000}
    >>> split_claim([Share(1, 10000, 9, 4000), Share(2, 5000)], 4500, 1)
    {2: 500, 9: 4000}
    >>> split_claim([Share(1, 10000)], 0, 1)
    {1: 0}
    """
    free, blocked = {main: 0}, {}
    for share in shares:
        rest = share.amount - share.blocked
        free[share.account] = free.get(share.account, 0) + rest
        if share.blocked:
            known = blocked.get(share.blocked_account, 0)
            blocked[share.blocked_account] = known + share.blocked
    besides = total - sum(free.values()) - sum(blocked.values())
    free[main] += max(besides, 0)
    credit = max(-besides, 0)
    parts = {}
    for account, amount in (*free.items(), *blocked.items()):
        taken = min(amount, credit)
        credit -= taken
        if amount - taken:
            parts[account] = parts.get(account, 0) + amount - taken
    return parts if total > 0 else {main: total}
