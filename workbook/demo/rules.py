"""The demo's rates, holidays, and the tables that hold the rules' numbers. What is invented says so in its source."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any, Final

import numpy as np

from functions.default_scorecard import DEFAULT_SCORECARD
from functions.rates import BUILT_IN
from workbook.demo.ledger import MONTHS, month_start

INVENTED: Final = "demo data, invented"
#: grade, lowest score, one-year probability of default (an illustration, not an estimate)
GRADES: Final = (
    ("AAA", 90.0, 0.0003), ("AA", 80.0, 0.0008), ("A", 70.0, 0.002), ("BBB", 60.0, 0.006), ("BB", 50.0, 0.015),
    ("B", 40.0, 0.04), ("CCC", 30.0, 0.10), ("CC", 20.0, 0.18), ("C", 10.0, 0.30), ("D", 0.0, 1.0),
)  # fmt: skip
#: signal, watch from, alarm from, smallest sample
SIGNALS: Final = (
    ("payment trend, days later a month", 1.5, 3.0, 6),
    ("order swing, robust z", 2.5, 4.0, 12),
    ("management changes in 12 months", 1.0, 2.0, None),
)


def make_rates(draw: np.random.Generator, as_of: dt.date) -> dict[str, list[Any]]:
    """Write the sheet Rates: two pairs by month, and invented rows where the built-in tables end before the as-of date."""
    rows: list[tuple[str, dt.date, float, str]] = []
    for pair, start in (("USD/CNY", 7.19), ("EUR/CNY", 7.75)):
        rate = start
        for back in range(MONTHS - 1, -1, -1):
            rate *= 1 + float(draw.normal(0.0, 0.006))
            rows.append((pair, month_start(as_of, back), round(rate, 4), INVENTED))
    later = (
        ("LPR1Y", _monthly(_end("LPR"), as_of), 0.030),
        ("ECB", _half_years(_end("ECB"), as_of, ((1, 1), (7, 1))), 0.0215),
        ("BOE", _half_years(_end("BOE"), as_of, ((6, 30), (12, 31))), 0.04),
    )
    rows += [(table, day, rate, INVENTED) for table, days, rate in later for day in days]
    return {key: [row[index] for row in rows] for index, key in enumerate(("table", "date", "rate", "source"))}


def _end(table: str) -> dt.date:
    """Return the first day of the last step in a built-in table."""
    return dt.date.fromisoformat(BUILT_IN[table][-1][0])


def _monthly(after: dt.date, until: dt.date) -> list[dt.date]:
    """Return the 20th of each month after a day, up to another."""
    days, month = [], after.year * 12 + after.month
    while (day := dt.date(month // 12, month % 12 + 1, 20)) <= until:
        days.append(day)
        month += 1
    return days


def _half_years(after: dt.date, until: dt.date, fixings: tuple[tuple[int, int], ...]) -> list[dt.date]:
    """Return the days on which a half-yearly rate is fixed after a day, up to another."""
    days = [dt.date(year, *fixing) for year in range(after.year, until.year + 1) for fixing in fixings]
    return [day for day in days if after < day <= until]


def make_holidays(as_of: dt.date) -> dict[str, list[Any]]:
    """Write the sheet Holidays: a guess at the days off of the year after next, which nobody has published."""
    year = as_of.year + 1
    days = [dt.date(year, 1, 1), *(dt.date(year, 5, day) for day in (1, 2, 3)), *(dt.date(year, 10, day) for day in range(1, 8))]
    names = {1: "New Year", 5: "Labour Day", 10: "National Day"}
    return {
        "calendar": ["CN"] * len(days),
        "date": days,
        "working": [False] * len(days),
        "name": [f"{names[day.month]} (guess)" for day in days],
    }


def make_signals() -> dict[str, list[Any]]:
    """Write the sheet Signals."""
    return {key: [row[index] for row in SIGNALS] for index, key in enumerate(("signal", "watch", "alarm", "minimum_sample"))}


def make_grades() -> dict[str, list[Any]]:
    """Write the sheet Grades."""
    return {key: [row[index] for row in GRADES] for index, key in enumerate(("grade", "from_score", "default_probability"))}


def make_scorecard() -> dict[str, list[Any]]:
    """Write the sheet Scorecard: the default one, a row per band and one for the points of a missing value."""
    rows: list[tuple[str, float | None, float | None, float]] = []
    for factor in DEFAULT_SCORECARD.factors:
        for band in factor.bands:
            low, high = (float(end) if math.isfinite(end) else None for end in (band.low, band.high))
            rows.append((factor.key, low, high, float(band.points)))
        rows.append((factor.key, None, None, float(factor.missing)))
    return {key: [row[index] for row in rows] for index, key in enumerate(("factor", "from", "to", "points"))}
