"""Which groups may be shown: no figure for few people, also not by subtraction."""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST_GROUP = 5


def shown_groups(counts: Sequence[int], *, rest: int = 0, minimum: int = SMALLEST_GROUP) -> list[bool]:
    """Which parts of a shown whole may be shown; `rest` people of the whole belong to no part.

    A part below the minimum is hidden. The whole less the shown parts gives away the sum of all that is not shown:
    where that is fewer people than the minimum, the smallest shown part is hidden too, until it is nobody or enough.
    """
    shown = [n >= minimum for n in counts]
    while 0 < rest + sum(n for n, s in zip(counts, shown, strict=True) if not s) < minimum:
        candidates = [i for i, s in enumerate(shown) if s]
        if not candidates:
            break
        shown[min(candidates, key=lambda i: counts[i])] = False
    return shown
