"""The kinds of letter, from friendly to strict. Pure: no database, no clock."""

from typing import NamedTuple


class LevelKind(NamedTuple):
    """What a kind of letter is, and what it does in law."""

    code: str
    label: str
    is_formal: bool = False  # states the total in words and closes formally
    is_dated: bool = True  # names a last day to pay
    is_repeatable: bool = False  # may stand in a ladder more than once
    is_alone: bool = False  # bears one demand and nothing beside it (6:96(6) BW)
    puts_in_default: bool = False  # once its term has passed (6:82 BW)
    interrupts: bool = False  # the limitation, as a written demand (3:317 BW)
    needs_dutch_law: bool = False  # means nothing to a consumer abroad
    is_rung: bool = True  # stands in a ladder
    is_letter: bool = True  # the debtor gets a letter


#: In the order in which a ladder climbs; the last one is no rung of a ladder.
KINDS = (
    LevelKind("reminder", "Payment reminder", is_repeatable=True),
    LevelKind("demand", "Demand for payment", is_repeatable=True, puts_in_default=True),
    LevelKind(
        "default_notice",
        "Default notice",
        is_formal=True,
        puts_in_default=True,
        interrupts=True,
        needs_dutch_law=True,
    ),
    LevelKind(
        "fourteen_day",
        "Fourteen-day notice",
        is_formal=True,
        is_dated=False,
        is_alone=True,
        puts_in_default=True,
        interrupts=True,
        needs_dutch_law=True,
    ),
    LevelKind(
        "final_demand",
        "Final demand",
        is_formal=True,
        puts_in_default=True,
        interrupts=True,
        needs_dutch_law=True,
    ),
    LevelKind(
        "handover",
        "Handover to an agency",
        is_dated=False,
        needs_dutch_law=True,
        is_letter=False,
    ),
    LevelKind(
        "limitation_notice",
        "Interruption of limitation",
        is_formal=True,
        is_dated=False,
        interrupts=True,
        is_rung=False,
    ),
)

LEVEL_KINDS = [(kind.code, kind.label) for kind in KINDS]

BY_CODE = {kind.code: kind for kind in KINDS}

KIND_RANK = {kind.code: rank for rank, kind in enumerate(KINDS, start=1)}


def kinds_that(name):
    """Return the codes of the kinds of which something is true.

    :param str name: a field of :class:`LevelKind`
    :rtype: tuple[str, ...]

    >>> kinds_that("is_alone")
    ('fourteen_day',)
    """
    return tuple(kind.code for kind in KINDS if getattr(kind, name))
