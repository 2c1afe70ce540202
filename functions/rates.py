"""Reference rates that late interest is counted from: one-year LPR, European Central Bank, Bank of England.

A table knows how long its last rate is good for: the LPR until the next monthly publication is due, the two statutory reference
rates for their half-year. A day outside is an error that names the table, never yesterday's rate carried on. Rows of the sheet Rates
(table, date, rate) extend a table or replace a rate of the same date.

Rates are kept as whole numbers of UNIT, and sums over days are looked up, so a column of any length is summed exactly and at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from functions.dates import add_months
from xladdin.cells import describe, is_blank, read_date
from xladdin.counted import counted
from xladdin.errors import CellError, InvalidValue, NotAvailable, OutOfRange

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from functions.sheet_rows import Table

    Dates = NDArray[np.datetime64]

#: reference rates lie between these: the lowest that a central bank had is -0.75 % (Switzerland, 2015 to 2022)
LOWEST_REFERENCE, HIGHEST_REFERENCE = -0.1, 0.5
UNIT: Final = 10**10  # a rate of 1 (100% a year) is so many units

# One-year loan prime rate (一年期贷款市场报价利率), published by the National Interbank Funding Center on the 20th of each month,
# or the next working day, since the reform of August 2019 (People's Bank of China announcement 2019 no. 15).
_LPR: Final = (
    ("2019-08-20", 0.0425), ("2019-09-20", 0.0420), ("2019-10-21", 0.0420), ("2019-11-20", 0.0415), ("2019-12-20", 0.0415),
    ("2020-01-20", 0.0415), ("2020-02-20", 0.0405), ("2020-03-20", 0.0405), ("2020-04-20", 0.0385), ("2020-05-20", 0.0385),
    ("2020-06-22", 0.0385), ("2020-07-20", 0.0385), ("2020-08-20", 0.0385), ("2020-09-21", 0.0385), ("2020-10-20", 0.0385),
    ("2020-11-20", 0.0385), ("2020-12-21", 0.0385),
    ("2021-01-20", 0.0385), ("2021-02-22", 0.0385), ("2021-03-22", 0.0385), ("2021-04-20", 0.0385), ("2021-05-20", 0.0385),
    ("2021-06-21", 0.0385), ("2021-07-20", 0.0385), ("2021-08-20", 0.0385), ("2021-09-22", 0.0385), ("2021-10-20", 0.0385),
    ("2021-11-22", 0.0385), ("2021-12-20", 0.0380),
    ("2022-01-20", 0.0370), ("2022-02-21", 0.0370), ("2022-03-21", 0.0370), ("2022-04-20", 0.0370), ("2022-05-20", 0.0370),
    ("2022-06-20", 0.0370), ("2022-07-20", 0.0370), ("2022-08-22", 0.0365), ("2022-09-20", 0.0365), ("2022-10-20", 0.0365),
    ("2022-11-21", 0.0365), ("2022-12-20", 0.0365),
    ("2023-01-20", 0.0365), ("2023-02-20", 0.0365), ("2023-03-20", 0.0365), ("2023-04-20", 0.0365), ("2023-05-22", 0.0365),
    ("2023-06-20", 0.0355), ("2023-07-20", 0.0355), ("2023-08-21", 0.0345), ("2023-09-20", 0.0345), ("2023-10-20", 0.0345),
    ("2023-11-20", 0.0345), ("2023-12-20", 0.0345),
    ("2024-01-22", 0.0345), ("2024-02-20", 0.0345), ("2024-03-20", 0.0345), ("2024-04-22", 0.0345), ("2024-05-20", 0.0345),
    ("2024-06-20", 0.0345), ("2024-07-22", 0.0335), ("2024-08-20", 0.0335), ("2024-09-20", 0.0335), ("2024-10-21", 0.0310),
    ("2024-11-20", 0.0310), ("2024-12-20", 0.0310),
    ("2025-01-20", 0.0310), ("2025-02-20", 0.0310), ("2025-03-20", 0.0310), ("2025-04-21", 0.0310), ("2025-05-20", 0.0300),
)

# Main refinancing rate of the European Central Bank in force on 1 January and 1 July: the reference rate of the half-year that begins
# then (Directive 2011/7/EU, articles 2(7) and 3(3)). Rates: ECB, "Key ECB interest rates", fixed rate tenders.
_ECB: Final = (
    ("2013-01-01", 0.0075), ("2013-07-01", 0.0050), ("2014-01-01", 0.0025), ("2014-07-01", 0.0015), ("2015-01-01", 0.0005),
    ("2015-07-01", 0.0005), ("2016-01-01", 0.0005), ("2016-07-01", 0.0), ("2017-01-01", 0.0), ("2017-07-01", 0.0),
    ("2018-01-01", 0.0), ("2018-07-01", 0.0), ("2019-01-01", 0.0), ("2019-07-01", 0.0), ("2020-01-01", 0.0),
    ("2020-07-01", 0.0), ("2021-01-01", 0.0), ("2021-07-01", 0.0), ("2022-01-01", 0.0), ("2022-07-01", 0.0),
    ("2023-01-01", 0.0250), ("2023-07-01", 0.0400), ("2024-01-01", 0.0450), ("2024-07-01", 0.0425), ("2025-01-01", 0.0315),
    ("2025-07-01", 0.0215),
)

# Official dealing rate of the Bank of England ("Bank Rate") in force on 30 June and 31 December: the reference rate for interest that
# starts to run in the half-year after (Late Payment of Commercial Debts (Rate of Interest) (No. 3) Order 2002, SI 2002/1675, article 4).
# Rates: Bank of England, "Official Bank Rate history".
_BOE: Final = (
    ("2009-06-30", 0.0050), ("2009-12-31", 0.0050), ("2010-06-30", 0.0050), ("2010-12-31", 0.0050), ("2011-06-30", 0.0050),
    ("2011-12-31", 0.0050), ("2012-06-30", 0.0050), ("2012-12-31", 0.0050), ("2013-06-30", 0.0050), ("2013-12-31", 0.0050),
    ("2014-06-30", 0.0050), ("2014-12-31", 0.0050), ("2015-06-30", 0.0050), ("2015-12-31", 0.0050), ("2016-06-30", 0.0050),
    ("2016-12-31", 0.0025), ("2017-06-30", 0.0025), ("2017-12-31", 0.0050), ("2018-06-30", 0.0050), ("2018-12-31", 0.0075),
    ("2019-06-30", 0.0075), ("2019-12-31", 0.0075), ("2020-06-30", 0.0010), ("2020-12-31", 0.0010), ("2021-06-30", 0.0010),
    ("2021-12-31", 0.0025), ("2022-06-30", 0.0125), ("2022-12-31", 0.0350), ("2023-06-30", 0.0500), ("2023-12-31", 0.0525),
    ("2024-06-30", 0.0525), ("2024-12-31", 0.0475), ("2025-06-30", 0.0425),
)

BUILT_IN: Final = {"LPR": _LPR, "ECB": _ECB, "BOE": _BOE}
#: what the sheet Rates may call a table, in capitals and without spaces; rows of other tables (exchange rates) are not looked at
NAMES: Final = {"LPR": "LPR", "LPR1Y": "LPR", "1YLPR": "LPR", "一年期LPR": "LPR", "ECB": "ECB", "BOE": "BOE", "BANKOFENGLAND": "BOE"}
#: days (month, day) that a statutory reference rate is taken on
_FIXING_DAYS: Final = {"ECB": ((1, 1), (7, 1)), "BOE": ((6, 30), (12, 31))}
_FIXING_WORDS: Final = {"ECB": "1 January and 1 July", "BOE": "30 June and 31 December"}
_BEGINNING: Final = np.datetime64("0001-01-01", "D")


@dataclass(frozen=True, slots=True)
class RateTable:
    """Steps of a rate from `starts[0]` (the beginning of time) on; `known` is False where no rate was ever given."""

    name: str
    starts: Dates
    units: NDArray[np.int64]
    known: NDArray[np.bool_]
    summed: NDArray[np.int64]  # units of all days before each step
    missing: NDArray[np.int64]  # days without a rate before each step

    @property
    def valid_until(self) -> np.datetime64:
        """The last day that has a rate."""
        last: np.datetime64 = self.starts[-1] - np.timedelta64(1, "D")
        return last

    def on(self, days: Dates) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the rate of each day in units, and whether there is one."""
        step = self._step(days)
        return self.units[step], self.known[step]

    def between(self, after: Dates, until: Dates) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Sum the rate (units) over the days after `after` up to and with `until`, and count the days without one."""
        summed, missing = self._up_to(until)
        summed_before, missing_before = self._up_to(after)
        return summed - summed_before, missing - missing_before

    def _step(self, days: Dates) -> NDArray[np.int64]:
        return np.maximum(np.searchsorted(self.starts, days, side="right") - 1, 0)

    def _up_to(self, days: Dates) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        step = self._step(days)
        run = (days - self.starts[step]).astype(np.int64) + 1
        return self.summed[step] + self.units[step] * run, self.missing[step] + ~self.known[step] * run

    def unknown(self, after: np.datetime64, until: np.datetime64) -> NotAvailable:
        """Say which days between two dates have no rate, and what to do about it."""
        gaps = np.flatnonzero(~self.known)
        ends = np.append(self.starts[1:], np.datetime64("9999-12-31", "D"))[gaps]
        first = int(gaps[np.flatnonzero((self.starts[gaps] <= until) & (ends > after + np.timedelta64(1, "D")))[0]])
        if first == 0:
            return NotAvailable(f"{self.name}: no rate is known before {self.starts[1]}; add earlier rates to the sheet Rates")
        if first == len(self.starts) - 1:
            return NotAvailable(f"{self.name}: no rate is known from {self.starts[first]} on; add later rates to the sheet Rates")
        end = self.starts[first + 1] - np.timedelta64(1, "D")
        return NotAvailable(f"{self.name}: no rate is known from {self.starts[first]} to {end}; add the missing rates to the sheet Rates")


@lru_cache(maxsize=64)
def read_rates(name: str, sheet: Table = ()) -> RateTable:
    """Return a table with the rows of the sheet Rates. Raises InvalidValue or OutOfRange naming a row that cannot be read."""
    given: dict[np.datetime64, float] = {np.datetime64(day, "D"): rate for day, rate in BUILT_IN[name]}
    given.update(_sheet_rates(name, sheet))
    days = np.array(sorted(given), dtype="datetime64[D]")
    rates = [given[day] for day in days]
    if name == "LPR":
        starts = days
        ends = _next_publication(days)  # where the next month's publication is listed, its own day counts, be it after the 20th
        consecutive = days[1:] < add_months(ends[:-1].astype("datetime64[M]").astype("datetime64[D]"), 1)
        ends[:-1] = np.where(consecutive, days[1:], ends[:-1])
    else:
        starts = days if name == "ECB" else days + np.timedelta64(1, "D")
        ends = add_months(starts, 6)
    return _steps(name, starts, ends, rates)


def _next_publication(days: Dates) -> Dates:
    """Return the 20th of the next month, the earliest day a new LPR may be published on."""
    next_month: Dates = (days.astype("datetime64[M]") + np.timedelta64(1, "M")).astype("datetime64[D]")
    return next_month + np.timedelta64(19, "D")


def _steps(name: str, starts: Dates, ends: Dates, rates: list[float]) -> RateTable:
    """Lay the rates one after the other, each from its start to the day before its end, with a step of its own for every gap."""
    steps: list[tuple[np.datetime64, int, bool]] = [(_BEGINNING, 0, False)]
    for index, rate in enumerate(rates):
        steps.append((starts[index], round(rate * UNIT), True))
        if index + 1 == len(rates) or ends[index] < starts[index + 1]:
            steps.append((ends[index], 0, False))
    first = np.array([day for day, _, _ in steps], dtype="datetime64[D]")
    units = np.array([unit for _, unit, _ in steps], dtype=np.int64)
    known = np.array([is_known for _, _, is_known in steps], dtype=np.bool_)
    length = np.diff(first).astype(np.int64)
    summed = np.concatenate(([0], np.cumsum(units[:-1] * length)))
    missing = np.concatenate(([0], np.cumsum(~known[:-1] * length)))
    return RateTable(name, first, units, known, summed, missing)


def _sheet_rates(name: str, sheet: Table) -> dict[np.datetime64, float]:
    rates: dict[np.datetime64, float] = {}
    for number, row in enumerate(sheet, start=1):
        label = "".join(str(row[0]).split()).upper() if row and not is_blank(row[0]) else ""
        if NAMES.get(label) != name:
            continue
        where = f"rates, row {number}"
        if len(row) < 3:
            raise InvalidValue(f"{where}: a row is table, date, rate; got {counted(len(row), 'column')}")
        try:
            day = read_date(row[1], "date")
        except CellError as error:
            raise type(error)(f"{where}: {error}") from None
        if name in _FIXING_DAYS and (day.month, day.day) not in _FIXING_DAYS[name]:
            raise InvalidValue(f"{where}: the reference rate of {name} is taken on {_FIXING_WORDS[name]}; got {day.isoformat()}")
        rates[np.datetime64(day, "D")] = _rate(where, row[2])
    return rates


def _rate(where: str, cell: Any) -> float:
    if isinstance(cell, (bool, str)) or not isinstance(cell, (int, float)):
        raise InvalidValue(f"{where}: rate must be a number; got {describe(cell)}")
    if not LOWEST_REFERENCE < cell < HIGHEST_REFERENCE:  # also turns away 3.45 written for 3.45%
        raise OutOfRange(f"{where}: rate must be a fraction, 0.0345 for 3.45%; got {describe(cell)}")
    return float(cell)
