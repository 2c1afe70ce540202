"""The days between which payments, sales and disputes are summed: every window of the indicators and every month, cut once."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from workbook.questions.ask import Ask
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
else:
    ibis = Lazily("ibis")

Dates = NDArray[np.datetime64]
WINDOWS: Final = (30, 90, 180, 365)
#: the change of an indicator is that over so many days
BACK: Final = 30
#: month ends before the day: a year of months, each with the quarter before it
MONTHS: Final = 16
#: ends of the windows that end today or BACK days ago, and of the windows before them
_OFFSETS: Final = tuple(sorted({start + window * shift for start in (0, BACK) for window in WINDOWS for shift in (0, 1, 2)}))
#: balances roll from one bucket of thirty days to the next: a year of looks, and the day itself
STEP: Final = 30
ROLLS: Final = 12
YEAR_OF_MONTHS: Final = 12
#: a forecast of so many weeks ago is held against what came
TESTED_WEEKS: Final = 4
_COUNT: Final = len(_OFFSETS) + MONTHS


def month_ends(as_of: dt.date, count: int) -> list[dt.date]:
    """Return the last days of the `count` months before the one of the day, rising."""
    days = [as_of.replace(day=1) - dt.timedelta(days=1)]
    while len(days) < count:
        days.append(days[-1].replace(day=1) - dt.timedelta(days=1))
    return days[::-1]


def rolling_looks(as_of: dt.date) -> list[dt.date]:
    """Return the days between which balances rolled, rising."""
    return [as_of - dt.timedelta(days=STEP * number) for number in range(ROLLS, -1, -1)]


def monthly_looks(as_of: dt.date, months: int = YEAR_OF_MONTHS) -> list[dt.date]:
    """Return the last month ends and the day, rising."""
    return [*month_ends(as_of, months), as_of]


def window_looks(as_of: dt.date) -> list[dt.date]:
    """Return the days whose balances the indicators need, rising: today and a month ago, each with all windows before it."""
    return sorted({as_of - dt.timedelta(days=start + back) for start in (0, BACK) for back in (0, *WINDOWS)})


def forecast_look(as_of: dt.date) -> dt.date:
    """Return the day whose forecast is held against what came."""
    return as_of - dt.timedelta(days=7 * TESTED_WEEKS)


def all_looks(as_of: dt.date) -> list[dt.date]:
    """Return every day past that the reports look at, rising."""
    return sorted({*rolling_looks(as_of), *monthly_looks(as_of), *window_looks(as_of), forecast_look(as_of)})


def edges(as_of: dt.date) -> list[dt.date]:
    """Return the ends of the spans, rising; the last is the day, the first ends all that was before."""
    return sorted([*(as_of - dt.timedelta(days=back) for back in _OFFSETS), *month_ends(as_of, MONTHS)])


def named(as_of: dt.date) -> dict[str, dt.date]:
    """Name the edges for a question."""
    return {f"edge_{number}": day for number, day in enumerate(edges(as_of))}


def span_of(ask: Ask, day: Any) -> Any:
    """Return the number of the span a day lies in: that of the first edge not before it."""
    return sum((ibis.ifelse(day > ask.on(f"edge_{number}"), 1, 0) for number in range(_COUNT)), ibis.literal(0, "int64")).cast("int64")


def ends(as_of: dt.date, spans: NDArray[np.int64]) -> Dates:
    """Return the last day of each span: it lies in the same windows and months as every day of the span."""
    made: Dates = np.array(edges(as_of), dtype="datetime64[D]")[spans]
    return made
