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
    """Days late of past payments, rising within each customer, and of all customers together; with the number of payments so far."""

    keyed: Ints
    before: Ints  # payments in the rows before: one more than `keyed`
    pooled: Ints
    pooled_before: Ints


def history_of(who: Ints, late: Ints, number: Ints | None = None) -> History:
    """Keep days late (early payments negative) by customer number; `number` of payments each, one where it is left out."""
    number = np.ones(len(who), dtype=np.int64) if number is None else number
    late = np.clip(late, 1 - _SHIFT, _SHIFT - 1)
    keyed, before = _counted(who * _SPAN + late + _SHIFT, number)
    return History(keyed, before, *_counted(late, number))


def _counted(values: Ints, number: Ints) -> tuple[Ints, Ints]:
    distinct, rows = np.unique(values, return_inverse=True)
    total = np.bincount(rows.reshape(-1), weights=number, minlength=len(distinct))
    return distinct, np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(total).astype(np.int64)])


def days_late(history: History, who: Ints, behind: Ints, share: float) -> tuple[Ints, Ints]:
    """Return the days late by which `share` of the payments later than `behind` were made, and on what it is based.

    `who`, `behind`: customer and present days past due (negative before), n items. The answer is meaningless where the basis is NONE.
    """
    base, behind = who * _SPAN, np.clip(behind, 1 - _SHIFT, _SHIFT - 1)
    first = history.before[np.searchsorted(history.keyed, base + behind + _SHIFT, side="right")]
    left = history.before[np.searchsorted(history.keyed, base + _SPAN)] - first
    pool_first = history.pooled_before[np.searchsorted(history.pooled, behind, side="right")]
    pool_left = history.pooled_before[-1] - pool_first
    basis = np.where(left >= FEWEST, OWN, np.where(pool_left >= FEWEST, ALL, NONE))
    made = np.zeros(len(who), dtype=np.int64)
    sides = ((OWN, history.keyed, history.before, first, left), (ALL, history.pooled, history.pooled_before, pool_first, pool_left))
    for kind, values, before, start, number in sides:
        rows = basis == kind
        if rows.any():
            step = np.maximum(np.ceil(share * number[rows] - 1e-9).astype(np.int64), 1)  # the smallest that covers the share
            place = np.searchsorted(before, start[rows] + step, side="left") - 1
            made[rows] = values[place] - (base[rows] + _SHIFT if kind == OWN else 0)
    return made, basis


def latest_known(history: History) -> int | None:
    """Return the days past due from which too few payments of all customers came later to tell anything; None where none tells."""
    rows = np.flatnonzero(history.pooled_before[-1] - history.pooled_before[:-1] >= FEWEST)
    return int(history.pooled[rows[-1]]) if len(rows) else None
