"""Working days: the official Chinese calendar, weekends only, and what the sheet Holidays adds to either.

The State Council moves working days: before and after long holidays some Saturdays and Sundays are worked. The calendar of a year is
published in the November before; for a year that nobody has published there is no answer but the error "calendar unknown".
A row of the sheet Holidays (date, worked or not) overrides a day and makes its year known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from functions.sheet_rows import Table, as_table, dated_rows
from xladdin.cells import describe, is_blank
from xladdin.errors import InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]

CALENDARS: Final = ("CN", "WEEKENDS")
LONGEST: Final = 10_000  # working days, forty years
_WEEKENDS_KNOWN: Final = range(1950, 2151)  # any year would do; these are the ones credit is given in

#: worked, though the package does not know: for New Year 2006 (国办发明电〔2005〕35号, 一). The other years' make-up days were counted
#: against their days off: nothing else is missing from 2004 to 2026.
_ALSO_WORKED: Final = (np.datetime64("2005-12-31", "D"),)

CALENDAR: Final = Arg(
    "calendar",
    "text",
    "CN: official Chinese working days with make-up weekends; WEEKENDS: Monday to Friday.",
    "CN：中国法定工作日（含调休）；WEEKENDS：仅周一至周五。",
    default="CN",
    choices=CALENDARS,
)
HOLIDAYS: Final = Arg(
    "holidays",
    "any",
    "Rows of the sheet Holidays: date, TRUE when worked (blank or FALSE: a holiday). They override the calendar and make their year known.",
    "“Holidays”工作表的行：日期、是否上班（空白或FALSE为放假），优先于内置日历；有行的年份视为已公布。",
    shape="range",
    default=None,
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days from `first` on: for day i, how many of the days up to and with it are worked, and how many unknown."""

    name: str
    first: np.datetime64
    worked: NDArray[np.int64]
    unknown: NDArray[np.int64]

    @property
    def last(self) -> np.datetime64:
        """The last day of the last known year."""
        return self.first + np.timedelta64(self.worked.size - 2, "D")


@lru_cache(maxsize=32)
def read_calendar(name: str, table: Table = ()) -> Calendar:
    """Read a calendar by name and the rows of the sheet Holidays. Raises InvalidValue for a row that cannot be read."""
    days, years = _chinese() if name == "CN" else ({}, set(_WEEKENDS_KNOWN))
    for where, day, row in dated_rows(table, "holidays", 0):
        days[day] = _is_worked(where, row[1] if len(row) > 1 else None)
        years.add(int(day.astype("datetime64[Y]").astype(np.int64)) + 1970)
    first = np.datetime64(f"{min(years):04d}-01-01", "D")
    span = np.arange(first, np.datetime64(f"{max(years):04d}-12-31", "D") + np.timedelta64(1, "D"))
    worked = np.is_busday(span)
    overridden = np.fromiter(days, dtype="datetime64[D]", count=len(days))
    worked[(overridden - first).astype(np.int64)] = np.fromiter(days.values(), dtype=np.bool_, count=len(days))
    known = np.isin(span.astype("datetime64[Y]").astype(np.int64) + 1970, sorted(years))
    zero = np.zeros(1, dtype=np.int64)  # a day before the first, so that counts up to the day before a date can be asked
    return Calendar(
        name,
        first,
        np.concatenate((zero, np.cumsum(worked & known, dtype=np.int64))),
        np.concatenate((zero, np.cumsum(~known, dtype=np.int64))),
    )


def _chinese() -> tuple[dict[np.datetime64, bool], set[int]]:
    """Official holidays and make-up days (chinesecalendar, from the State Council's yearly notices), and the years they cover."""
    import chinese_calendar  # noqa: PLC0415 - only who asks for it waits for it

    days = dict.fromkeys((np.datetime64(day, "D") for day in chinese_calendar.holidays), False)
    days.update(dict.fromkeys((np.datetime64(day, "D") for day in chinese_calendar.workdays), True))
    days.update(dict.fromkeys(_ALSO_WORKED, True))
    return days, {day.year for day in chinese_calendar.holidays}


def _is_worked(where: str, cell: Any) -> bool:
    if is_blank(cell):
        return False
    if isinstance(cell, (bool, int, float)) and cell in (0, 1):
        return bool(cell)
    text = cell.strip().casefold() if isinstance(cell, str) else ""
    if text in ("true", "yes", "是", "上班", "班"):
        return True
    if text in ("false", "no", "否", "休息", "休", "放假"):
        return False
    raise InvalidValue(f"{where}: worked or not must be TRUE or FALSE; got {describe(cell)}")


def _position(calendar: Calendar, dates: Dates) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Index of each date in the calendar's counts, and which dates lie outside it (their index is clipped)."""
    index = (dates - calendar.first).astype(np.int64) + 1
    outside = (index < 1) | (index >= calendar.worked.size)
    return np.clip(index, 1, calendar.worked.size - 1), outside


def _unknown_year(calendar: Calendar, start: np.datetime64, end: np.datetime64) -> NotAvailable:
    """Say which is the first unknown year of the days between two dates, the one before which counting stopped."""
    low, high = (start, end) if start <= end else (end, start)
    years = np.arange(low.astype("datetime64[Y]"), high.astype("datetime64[Y]") + np.timedelta64(1, "Y"))
    if start > end:
        years = years[::-1]
    for year in years:
        first, next_first = year.astype("datetime64[D]"), (year + np.timedelta64(1, "Y")).astype("datetime64[D]")
        index, outside = _position(calendar, np.array([first, next_first - np.timedelta64(1, "D")]))
        if outside.any() or calendar.unknown[index[1]] > calendar.unknown[index[0] - 1]:
            break
    way = "" if calendar.name == "WEEKENDS" else "; or count Monday to Friday, with the calendar WEEKENDS"
    return NotAvailable(
        f"calendar unknown: {calendar.name} has no working days of {year} yet; add its holidays to the sheet Holidays, make-up days as "
        f"worked (the State Council publishes them in the November before), and give those rows as holidays{way}"
    )


@function(
    category="Aging and dates",
    help_zh="起始日之后第n个工作日（含调休上班日）；n为负则往前数；0为起始日本身。",
    args=(
        Arg("start", "date", "The day counted from; it is not counted itself.", "起始日（不计入），可为一列。", shape="column"),
        Arg("days", "integer", "Working days to count; negative: back.", "工作日数，负数往前数。", minimum=-LONGEST, maximum=LONGEST),
        CALENDAR,
        HOLIDAYS,
    ),
    result="date",
    source="State Council notices on public holidays (国务院办公厅关于部分节假日安排的通知), 2004 to 2026.",
    errors=(InvalidValue, OutOfRange, NotAvailable),
    examples=(
        Example(("2026-02-13", 2), "2026-02-24", "Over Spring Festival; Saturday the 14th is worked.", "跨春节；2月14日（周六）上班。"),
        Example(("2026-09-30", 3, "CN"), "2026-10-10", "Saturday 10 October 2026 is worked.", "2026年10月10日（周六）调休上班。"),
    ),
)
def add_workdays(start: Dates, days: int, calendar: str = "CN", holidays: Sequence[Sequence[Any]] | None = None) -> Rows:
    """Date that lies so many working days after a day (before it when negative); 0 is the day itself.

    `start`: dates, n rows; `days`: whole number; `calendar`: CN or WEEKENDS; `holidays`: rows of the sheet Holidays.
    Answers n dates; #N/A "calendar unknown" when a year that would have to be counted is not published yet.
    """
    book = read_calendar(calendar, as_table(holidays))
    if days == 0:
        return Rows(start.copy())
    index, outside = _position(book, start)
    counts = book.worked
    # Forward the n-th working day after the start; back the n-th before it, from the count of the day before.
    wanted = counts[index] + days if days > 0 else counts[index - 1] + days + 1
    found = np.searchsorted(counts, wanted, side="left")
    beyond = (wanted > counts[-1]) | (wanted < 1)
    found = np.clip(found, 1, counts.size - 1)
    reached = book.first + (found - 1).astype("timedelta64[D]")
    low, high = (index, found) if days > 0 else (found, index)
    crossed = book.unknown[high] > book.unknown[low - 1]
    bad = (outside | beyond | crossed) & ~np.isnat(start)
    edge = book.last + np.timedelta64(1, "D") if days > 0 else book.first - np.timedelta64(1, "D")

    def error(row: int) -> NotAvailable:
        return _unknown_year(book, start[row], edge if beyond[row] else reached[row])

    return Rows(reached).fail(bad, error)


@function(
    category="Aging and dates",
    help_zh="两日之间的工作日数（含调休上班日）：起始日不计，终止日计入；终止日在前为负数。",
    args=(
        Arg("start", "date", "The day counted from; it is not counted itself.", "起始日（不计入），可为一列。", shape="column"),
        Arg("end", "date", "The last day counted.", "终止日（计入），可为一列。", shape="column"),
        CALENDAR,
        HOLIDAYS,
    ),
    result="integer",
    source="State Council notices on public holidays, 2004 to 2026. As with days past due, the first day is not counted.",
    errors=(InvalidValue, OutOfRange, NotAvailable),
    examples=(
        Example(("2026-02-13", "2026-02-24"), 2, "Saturday 14 and Tuesday 24 February.", "2月14日（周六调休）和2月24日。"),
        Example(("2025-12-31", "2026-12-31"), 248, "The working days of 2026.", "2026年全年工作日。"),
    ),
)
def workdays_between(start: Dates, end: Dates, calendar: str = "CN", holidays: Sequence[Sequence[Any]] | None = None) -> Rows:
    """Working days after `start` up to and with `end`; negative when `end` comes first.

    `start`, `end`: dates, n rows; `calendar`: CN or WEEKENDS; `holidays`: rows of the sheet Holidays.
    Answers n whole numbers; #N/A "calendar unknown" when a year between is not published yet.
    """
    book = read_calendar(calendar, as_table(holidays))
    low, low_outside = _position(book, start)
    high, high_outside = _position(book, end)
    unknown = np.abs(book.unknown[high] - book.unknown[low]) > 0
    unknown |= (book.unknown[high] > book.unknown[high - 1]) | (book.unknown[low] > book.unknown[low - 1])
    bad = (low_outside | high_outside | unknown) & ~np.isnat(start) & ~np.isnat(end)
    return Rows(book.worked[high] - book.worked[low]).fail(bad, lambda row: _unknown_year(book, start[row], end[row]))
