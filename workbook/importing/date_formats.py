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

from workbook.importing.month_names import MONTHS, WEEKDAYS, plain_letters
from xladdin.errors import BadRequest

#: the formats that can be asked for
FORMATS: Final = ("m/d/y", "d/m/y", "y/m/d", "yyyymmdd", "serial")
_SHORT: Final = {"mdy": "m/d/y", "dmy": "d/m/y", "ymd": "y/m/d", "m/d/yyyy": "m/d/y", "d/m/yyyy": "d/m/y", "yyyy/m/d": "y/m/d"}
# 10:30, 10:30:00.123, 10.30.00.000000 PM (Oracle), 12:00AM (SQL Server), with an offset: the day is that of the clock where it was written
_TIME: Final = (
    r"(?:(?:,? +|,|T)\d{1,2}(?::\d{2}(?::\d{2}(?:[.,:]\d+)?)?|\.\d{2}\.\d{2}(?:\.\d+)?)(?: ?[AP]\.?M\.?)?"
    r"(?: ?(?:Z|UTC|GMT|(?:UTC|GMT)?[+-]\d{2}:?\d{2}|(?:UTC|GMT)?[+-]\d{1,2}))?(?:\[[\w/+-]+\])?)?"
)
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}\Z", re.IGNORECASE)
_CHINESE_WEEKDAY: Final = r"(?: ?\(?(?:星期|周|週|曜日)?[一二三四五六日天]?(?:曜日)?\)?)?"
_CHINESE: Final = re.compile(rf"(\d{{4}}) ?年 ?(\d{{1,2}}) ?月 ?(\d{{1,2}}) ?[日号]?{_CHINESE_WEEKDAY}{_TIME}\Z", re.IGNORECASE)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+|T\d{4,6}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?\Z", re.IGNORECASE)
_YEAR_LAST: Final = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})\2(\d{{4}}|\d{{1,2}}){_TIME}\Z", re.IGNORECASE)
_MONTH: Final = r"([^\W\d_]{3,10})\.?"
_YEAR: Final = r"(\d{4}|'?\d{2})"
_DAY: Final = r"(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?"
_NAMED: Final = (  # the pattern, and where its day, month and year stand; a year of two digits is told by the format asked for
    (re.compile(rf"{_DAY}[-/ .]*(?:(?:of|de|di) )?{_MONTH}[-/ ,.]*(?:(?:de|del) )?{_YEAR}{_TIME}\Z", re.IGNORECASE), (1, 2, 3)),
    (re.compile(rf"{_MONTH}[-/ ]*{_DAY}(?:,? +|-|/|,){_YEAR}{_TIME}\Z", re.IGNORECASE), (2, 1, 3)),
    (re.compile(rf"(\d{{4}})[-/ .]{_MONTH}[-/ .]{_DAY}{_TIME}\Z", re.IGNORECASE), (3, 2, 1)),
)
_CLOCK_LAST: Final = re.compile(  # Wed Feb  4 10:30:00 UTC 2026
    r"([^\W\d_]{3,10}) +(\d{1,2}) +\d{1,2}:\d{2}(?::\d{2})?(?: +[A-Z]{2,5}| ?[+-]\d{4})? +(\d{4})\Z", re.IGNORECASE,
)
_WEEKDAY: Final = re.compile(r"([^\W\d_]{2,10})\.?,? +(?=\S)")
_WEEKDAY_LAST: Final = re.compile(r",? +\(?([^\W\d_]{2,10})\)?\Z")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?\Z")
_EPOCH: Final = re.compile(r"\d{10}(?:\.\d+)?\Z|\d{13}(?:\.0+)?\Z")
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
    plain = {text: _plain(text) for text in distinct}
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
    named = _read_named(text)
    if named:
        return _named(*named, order)
    match = _SERIAL.match(text)
    if match and _FIRST_SERIAL <= int(match[1]) <= _LAST_SERIAL:
        return _SERIAL_EPOCH + dt.timedelta(days=int(match[1]))
    return None


def _plain(text: str) -> str:
    """Write a text in plain characters and digits, without the day of the week before or behind it."""
    short = " ".join(unicodedata.normalize("NFKC", text).split())
    if not short.isascii():
        short = "".join(str(unicodedata.decimal(mark)) if mark.isdecimal() else mark for mark in short)
    short = re.sub(r" ?\((?:星期|周|週)?[月火水木金土日一二三四五六](?:曜日|曜)?\)\Z", "", short)
    if _read_named(short):
        return short  # "Mar 4 2026": mar is a month before it is the French Tuesday
    before = _WEEKDAY.match(short)
    if before and plain_letters(before[1]) in WEEKDAYS and short[before.end() :]:
        rest = short[before.end() :]
        if rest[0].isdecimal() or plain_letters(rest.split()[0].rstrip(".,"))[:4] in MONTHS:
            short = rest
    behind = _WEEKDAY_LAST.search(short)
    return short[: behind.start()] if behind and plain_letters(behind[1]) in WEEKDAYS else short


def _read_named(text: str) -> tuple[str, str, str] | None:
    """Return day, month and year as written in a date whose month is a name."""
    match = _CLOCK_LAST.match(text)
    if match:
        return match[2], match[1], match[3]
    for pattern, (day, month, year) in _NAMED:
        match = pattern.match(text)
        if match and plain_letters(match[month]) in MONTHS:
            return match[day], match[month], match[year]
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
            named = None if match else _read_named(text)
            if named and len(named[2]) < 4:
                raise BadRequest(
                    f'column "{column}" has years of two digits ({text}); say how to read them with --date-format m/d/y, d/m/y or y/m/d'
                )
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


def _named(day: str, month: str, year: str, order: str) -> dt.date | None:
    """Read a date whose month is a name; of two short numbers the format that was asked for says which is the year."""
    number = MONTHS[plain_letters(month)]
    short = year.lstrip("'")
    if len(short) == 4:
        return _day(int(short), number, int(day))
    if not order:
        return None
    if order == "y/m/d" and short == year:
        return _day(_CENTURY + int(day), number, int(short)) if len(day) == len(short) else None
    return _day(_CENTURY + int(short), number, int(day))


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
