"""Dates of other systems: which format a column is written in, decided by all its values, or refused.

Year-first dates, Chinese dates, dates with the month's name and Excel's serial numbers say themselves what they mean. Of 3/4/2026
only the column as a whole can say whether the day or the month comes first: a day above 12 somewhere decides it.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from xladdin.errors import BadRequest

#: the formats that can be asked for
FORMATS: Final = ("m/d/y", "d/m/y", "y/m/d", "yyyymmdd", "serial")
_SHORT: Final = {"mdy": "m/d/y", "dmy": "d/m/y", "ymd": "y/m/d", "m/d/yyyy": "m/d/y", "d/m/yyyy": "d/m/y", "yyyy/m/d": "y/m/d"}
_TIME: Final = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?Z?)?"
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}\Z", re.IGNORECASE)
_CHINESE: Final = re.compile(r"(\d{4}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]?\Z")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?\Z")
_YEAR_LAST: Final = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{1,2}}){_TIME}\Z", re.IGNORECASE)
_DAY_NAMED: Final = re.compile(r"(\d{1,2})[- .]([A-Za-z]{3,9})\.?[- ,.]+(\d{4})\Z")
_MONTH_NAMED: Final = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})\Z")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?\Z")
_EPOCH: Final = re.compile(r"\d{10}(?:\.\d+)?\Z|\d{13}(?:\.0+)?\Z")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SERIAL_EPOCH: Final = dt.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 80_000  # 1954-10-03 to 2119-01-11: other five-digit numbers are no dates of receivables
_CENTURY: Final = 2000


@dataclass(frozen=True, slots=True)
class DateFormat:
    """How the dates of a column were read: the format in words, and each distinct text's date (None: no date)."""

    name: str
    dates: dict[str, dt.date | None]


def read_dates(column: str, texts: Iterable[str], asked: str = "") -> DateFormat:
    """Read the distinct texts of a column. Raises BadRequest when the order of day and month is not clear."""
    asked = _SHORT.get(asked.casefold(), asked.casefold())
    if asked and asked not in FORMATS:
        raise BadRequest(f"there is no date format {asked}; there are {', '.join(FORMATS)}")
    distinct = list(dict.fromkeys(texts))
    plain = {text: unicodedata.normalize("NFKC", text).strip() for text in distinct}
    order = asked if asked in ("m/d/y", "d/m/y") else _order(column, plain.values(), asked)
    dates = {text: parse(short, order) for text, short in plain.items()}
    names = dict.fromkeys(_kind(short, order) for text, short in plain.items() if dates[text] is not None)
    if not names and distinct and all(_EPOCH.match(short) for short in plain.values()):
        raise BadRequest(f'column "{column}" looks like seconds since 1970 ({distinct[0]}); export it as dates')
    return DateFormat(" or ".join(names), dates)


def parse(text: str, order: str) -> dt.date | None:
    """Read one text; `order` (m/d/y or d/m/y) decides for dates with the year last. None when it names no day."""
    for pattern, places in ((_YEAR_FIRST, (1, 3, 4)), (_CHINESE, (1, 2, 3)), (_COMPACT, (1, 2, 3))):
        match = pattern.match(text)
        if match:
            return _day(*(int(match[place]) for place in places))
    match = _YEAR_LAST.match(text)
    if match:
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if order == "y/m/d":  # asked for: 26/01/31
            return _day(first + _CENTURY, second, year) if len(match[1]) == 2 and len(match[4]) < 4 else None
        if len(match[4]) == 1:
            return None
        year += _CENTURY if len(match[4]) == 2 else 0
        if match[2] == "." and not order:
            order = "d/m/y"  # no country writes the month first with dots
        return _day(year, first, second) if order == "m/d/y" else _day(year, second, first) if order == "d/m/y" else None
    match = _DAY_NAMED.match(text)
    if match:
        return _named(match[2], int(match[1]), int(match[3]))
    match = _MONTH_NAMED.match(text)
    if match:
        return _named(match[1], int(match[2]), int(match[3]))
    match = _SERIAL.match(text)
    if match and _FIRST_SERIAL <= int(match[1]) <= _LAST_SERIAL:
        return _SERIAL_EPOCH + dt.timedelta(days=int(match[1]))
    return None


def _order(column: str, texts: Iterable[str], asked: str) -> str:
    """Say whether day or month comes first where the year comes last; blank where no text needs it."""
    if asked:
        return asked
    unclear: list[str] = []
    month_only: list[str] = []
    day_only: list[str] = []
    for text in texts:
        match = _YEAR_LAST.match(text)
        if match is None or match[2] == ".":
            continue
        if len(match[4]) < 4:
            raise BadRequest(
                f'column "{column}" has years of two digits ({text}); say how to read them with --date-format m/d/y, d/m/y or y/m/d'
            )
        month_first, day_first = parse(text, "m/d/y"), parse(text, "d/m/y")
        if month_first and day_first:
            unclear.append(text)
        elif month_first:
            month_only.append(text)
        elif day_first:
            day_only.append(text)
    if month_only and day_only:
        raise BadRequest(
            f'column "{column}" mixes two orders of day and month: {month_only[0]} can only be m/d/y, {day_only[0]} only d/m/y; '
            "say which one holds with --date-format, the others become findings"
        )
    if unclear and not month_only and not day_only:
        if all(parse(text, "m/d/y") == parse(text, "d/m/y") for text in unclear):
            return "d/m/y"  # 1/1, 2/2 …: both orders say the same
        raise BadRequest(
            f'column "{column}": {unclear[0]} may be m/d/y or d/m/y, no day is above 12; say it with --date-format m/d/y or d/m/y'
        )
    return "m/d/y" if month_only else "d/m/y" if day_only else ""


def _kind(text: str, order: str) -> str:
    if _YEAR_FIRST.match(text):
        return "y/m/d"
    if _COMPACT.match(text):
        return "yyyymmdd"
    if _CHINESE.match(text):
        return "y年m月d日"
    if _SERIAL.match(text):
        return "serial"
    if _YEAR_LAST.match(text):
        return order or "d.m.y"
    return "month by name"


def _named(month: str, day: int, year: int) -> dt.date | None:
    short = month[:3].casefold()
    return _day(year, _MONTHS.index(short) + 1, day) if short in _MONTHS else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
