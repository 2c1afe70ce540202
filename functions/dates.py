"""Calendar months: whole months, clamped to the end of a shorter month (31 January + 1 month = 28 or 29 February).

Where a rule speaks of months or years (terms of payment, limitation, payment plans) they are counted here, in one way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]


def add_months(dates: Dates, months: int | NDArray[np.int64]) -> Dates:
    """Count calendar months on from each date. n dates, whole months (one number or n); a missing date stays missing."""
    month = dates.astype("datetime64[M]")
    day = dates - month.astype("datetime64[D]")
    target = month + np.asarray(months).astype("timedelta64[M]")
    clamped: Dates = np.minimum(target.astype("datetime64[D]") + day, _last_day(target))
    return clamped


def month_end(dates: Dates) -> Dates:
    """Return the last day of each date's month."""
    return _last_day(dates.astype("datetime64[M]"))


def _last_day(months: Dates) -> Dates:
    first_of_next: Dates = (months + np.timedelta64(1, "M")).astype("datetime64[D]")
    return first_of_next + np.timedelta64(-1, "D")
