"""The ways in which a letter goes out. Pure: no database, no clock."""

from typing import NamedTuple


class Channel(NamedTuple):
    """What a channel needs, and what it is worth."""

    code: str
    needs: str  # of the debtor: email, post or phone
    is_posted: bool = False  # somebody prints the letter and takes it to the post
    is_written: bool = True  # what goes out by it counts as written (6:82, 3:317 BW)
    is_proven: bool = False  # the carrier hands over proof that it was delivered


#: In the order in which they are tried, where the first that works is enough.
CHANNELS = (
    Channel("email", "email"),
    Channel("post", "post", is_posted=True),
    Channel("registered", "post", is_posted=True, is_proven=True),
)
