"""When a customer will pay: from how late it paid before, given how late it already is.

What is open and already so many days late cannot be paid earlier than that: only the part of the history that was later still says
when it will come. A customer with too few such payments is judged by those of all customers; where those too are too few, nothing is
known, and the amount is not forecast.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Dates = NDArray[np.datetime64]
#: payments later than today's lateness that a forecast needs (house rule, as for PAYTREND)
FEWEST: Final = 6
OWN, ALL, NONE = BASES = (0, 1, 2)
_SPAN: Final = 1 << 22  # days late lie far within it: customers' histories are kept apart in one sorted array
_SHIFT: Final = _SPAN // 2


@dataclass(frozen=True, slots=True)
class History:
    """Days late of past payments: sorted within each customer, and of all customers together."""

    keyed: Ints
    pooled: Ints


def history_of(who: Ints, late: Ints) -> History:
    """Keep days late (early payments negative) by customer number."""
    return History(np.sort(who * _SPAN + late + _SHIFT), np.sort(late))


def days_late(history: History, who: Ints, behind: Ints, share: float) -> tuple[Ints, Ints]:
    """Return the days late by which `share` of the payments later than `behind` were made, and on what it is based.

    `who`, `behind`: customer and present days past due (negative before), n items. The answer is meaningless where the basis is NONE.
    """
    base = who * _SPAN
    first = np.searchsorted(history.keyed, base + behind + _SHIFT, side="right")
    last = np.searchsorted(history.keyed, base + _SPAN)
    left = last - first
    pool_first = np.searchsorted(history.pooled, behind, side="right")
    pool_left = len(history.pooled) - pool_first
    basis = np.where(left >= FEWEST, OWN, np.where(pool_left >= FEWEST, ALL, NONE))
    made = np.zeros(len(who), dtype=np.int64)
    for kind, values, start, number in ((OWN, history.keyed, first, left), (ALL, history.pooled, pool_first, pool_left)):
        rows = basis == kind
        if rows.any():
            step = np.maximum(np.ceil(share * number[rows] - 1e-9).astype(np.int64), 1) - 1  # the smallest that covers the share
            made[rows] = values[start[rows] + step] - (base[rows] + _SHIFT if kind == OWN else 0)
    return made, basis
