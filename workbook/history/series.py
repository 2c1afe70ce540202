"""From stored days to a series of months: aging, roll rates, migration of grades, and whose overdue grew. DuckDB reads, little comes back.

A month's look is its last stored day. Roll rates and growth ask for two looks a month apart; where a month is missing there is no rate
over the gap, and the gap is told. Amounts of all months are converted at the same rates, so that a trend is not one of currencies.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from functions.provision import lost, rolled
from workbook.history.questions import questions
from workbook.history.store import Counting, Stored, days_in, read_day
from workbook.reports.common import Exchange, Ints
from workbook.units import units_column
from xladdin.errors import BadRequest, CellError

Numbers = NDArray[np.float64]
#: two looks are a month apart when so many days lie between them
A_MONTH: Final = (25, 35)
_SUMS: Final = ", ".join(f"sum({key})::DECIMAL(38, 4) AS {key}" for key in ("amount", "disputed", "worth", "disputed_worth"))
#: a year of transitions
LOOKS: Final = 13
#: classes of the ages: not due, 1-30, 31-60, 61-90, 91-120 days; a sixth is older and did not roll
ROLLING: Final = 5


@dataclass(frozen=True, slots=True)
class Series:
    """The looks of months, oldest first, and what they add up to; amounts in 1/10000 of `exchange`'s currency."""

    looks: tuple[Stored, ...]
    exchange: Exchange
    counting: Counting  # of the newest look, or of the report
    same_limits: NDArray[np.bool_]  # which looks were stored with these buckets
    same_count: NDArray[np.bool_]  # … and counted in this way but for the buckets
    buckets: Ints  # looks x buckets: not due … the last, unapplied
    by_currency: list[dict[str, int]]  # outstanding of each look before conversion
    disputed: Ints
    customers: Ints
    documents: Ints
    ages: Ints  # looks x six ages, items by their due date
    items: dict[str, tuple[int, int]]  # by currency: the items of all looks by age, and by bucket

    @property
    def days(self) -> list[dt.date]:
        """The looks' days."""
        return [look.day for look in self.looks]

    @property
    def outstanding(self) -> Ints:
        """What was open, unapplied money taken off."""
        total: Ints = self.buckets.sum(axis=1)
        return total

    @property
    def overdue(self) -> Ints:
        """What was past due, by the look's own buckets."""
        late: Ints = self.buckets[:, 1:-1].sum(axis=1)
        return late

    @property
    def gaps(self) -> list[tuple[dt.date, dt.date]]:
        """Looks that follow each other with a month missing between them."""
        return [(one, other) for one, other in pairwise(self.days) if (other - one).days > A_MONTH[1]]

    @property
    def pairs(self) -> list[int]:
        """The looks that have another one a month later."""
        return [at for at, (one, other) in enumerate(pairwise(self.days)) if A_MONTH[0] <= (other - one).days <= A_MONTH[1]]

    def rolls(self, at: int) -> list[float | None]:
        """Return the roll rates from a look to the next one, by the rule of ROLLRATES; None where a class was empty."""
        return roll_rates(self.ages[at : at + 2, :ROLLING].astype(np.float64))

    def pooled(self) -> list[float | None]:
        """Return the roll rates over all pairs: sums of what rolled over sums of what could have."""
        two = np.array([[self.ages[at + step, :ROLLING] for at in self.pairs] for step in (0, 1)], dtype=np.float64)
        return roll_rates(two.sum(axis=1)) if self.pairs else [None] * (ROLLING - 1)

    def losses(self, loss_given_default: float) -> list[float] | None:
        """Return the loss rate of each class that follows from them (LOSSRATES); None where one is not known."""
        rolls = self.pooled()
        known = np.array([rate for rate in rolls if rate is not None])
        return lost(known, loss_given_default).tolist() if len(known) == len(rolls) else None


def roll_rates(two: Numbers) -> list[float | None]:
    """Return how the classes of one month rolled into the next, class by class, so that an empty one leaves the others known."""
    made: list[float | None] = []
    for at in range(two.shape[1] - 1):
        try:
            made.append(float(rolled(two[:, at : at + 2])[0]))
        except CellError:
            made.append(None)
    return made


class KeptRates(Exchange):
    """The rates that a snapshot itself was made with, for a folder without its workbook."""

    def __init__(self, currency: str, rates: dict[str, float], as_of: dt.date) -> None:
        self._to, self._language, self._as_of = currency, "en", as_of
        self._rates = {f"{code}/{currency}": (as_of, rate) for code, rate in rates.items()}
        self.problems, self._too_large = [], set()


def looks_of(folder: Path, as_of: dt.date | None = None, months: int = LOOKS) -> tuple[Stored, ...]:
    """Read the last day of each of the latest months with a snapshot. Raises BadRequest for a folder that mixes what does not belong."""
    days = [day for day in days_in(folder) if as_of is None or day <= as_of]
    last = {(day.year, day.month): day for day in days}
    looks = tuple(read_day(folder, day) for day in list(last.values())[-months:])
    names = max((look.aging.workbooks for look in looks), key=len, default=())
    for look in looks:
        for facts in look.facts.values():
            if facts.workbooks[0] not in names:
                raise BadRequest(
                    f"{folder.name} mixes the snapshots of {names[0]} ({_last_of(looks, names)}) and of {facts.workbooks[0]} ({look.day}): "
                    "give each workbook a folder of its own"
                )
    return looks


def _last_of(looks: Sequence[Stored], names: tuple[str, ...]) -> dt.date:
    return max(look.day for look in looks if look.aging.workbooks[0] in names)


def kept_rates(looks: Sequence[Stored]) -> KeptRates:
    """Return the rates of the newest look that has each currency, in the report currency of the newest look."""
    currency = looks[-1].aging.report_currency
    rates: dict[str, float] = {}
    for look in looks:
        if look.aging.report_currency == currency:
            rates |= look.aging.rates
    return KeptRates(currency, rates, looks[-1].day)


def series_of(looks: tuple[Stored, ...], exchange: Exchange, counting: Counting) -> Series:
    """Sum the looks. Raises BadRequest where a file cannot be read."""
    width = max([len(counting.limits), *(len(look.aging.limits) for look in looks)]) + 3
    place = {look.day: at for at, look in enumerate(looks)}
    with questions(looks) as ask:
        aging = ask(
            f"SELECT as_of, currency, bucket, {_SUMS}, sum(documents)::BIGINT AS documents FROM aging GROUP BY ALL ORDER BY ALL"
        )
        who = ask("SELECT as_of, count(DISTINCT customer_id)::BIGINT AS customers FROM aging GROUP BY as_of")
        ages = ask("SELECT as_of, currency, age, sum(amount)::DECIMAL(38, 4) AS amount FROM ages GROUP BY ALL ORDER BY ALL")
    count = len(looks)
    row, code = _places(aging, place), aging["currency"].to_numpy(zero_copy_only=False).astype(object)
    units = units_column(aging["amount"])[0]
    at_these_rates = _at_rates(looks, exchange, row, code)
    buckets = np.zeros((count, width), dtype=np.int64)
    which = np.asarray(aging["bucket"]).astype(np.int64)
    np.add.at(buckets, (row, which), _worth(aging, "amount", "worth", exchange, at_these_rates))  # -1, unapplied, is the last column
    disputed, documents, customers = (np.zeros(count, dtype=np.int64) for _ in range(3))
    np.add.at(disputed, row, _worth(aging, "disputed", "disputed_worth", exchange, at_these_rates))
    np.add.at(documents, row, np.asarray(aging["documents"]))
    customers[_places(who, place)] = np.asarray(who["customers"])
    by_currency: list[dict[str, int]] = [{} for _ in looks]
    for at, name, amount in zip(row.tolist(), code.tolist(), units.tolist(), strict=True):
        by_currency[at][name] = by_currency[at].get(name, 0) + amount
    aged = np.zeros((count, ROLLING + 1), dtype=np.int64)
    age_code = ages["currency"].to_numpy(zero_copy_only=False).astype(object)
    age_worth, _ = exchange.convert(units_column(ages["amount"])[0], age_code)
    np.add.at(aged, (_places(ages, place), np.asarray(ages["age"]).astype(np.int64)), age_worth)
    same_limits = np.array([look.aging.limits == counting.limits for look in looks], dtype=np.bool_)
    same_count = np.array([look.aging.counting[1:] == counting[1:] for look in looks], dtype=np.bool_)
    return Series(
        looks, exchange, counting, same_limits, same_count, buckets, by_currency, disputed, customers, documents, aged, _items(aging, ages)
    )


def _at_rates(looks: Sequence[Stored], exchange: Exchange, row: NDArray[np.int64], codes: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which sums were converted at the same rate when they were stored."""
    rates = {code: exchange.rate(code) for code in dict.fromkeys(codes.tolist())}
    kept = [look.aging.rates if look.aging.report_currency == exchange.currency else {} for look in looks]
    pairs = zip(row.tolist(), codes.tolist(), strict=True)
    return np.array([rates[code] is not None and kept[at].get(code) == rates[code] for at, code in pairs], dtype=np.bool_)


def _worth(table: pa.Table, key: str, worth: str, exchange: Exchange, kept: NDArray[np.bool_]) -> Ints:
    """Return sums in the report currency: as they were stored, item by item, where the rate is still that one; else the sum converted."""
    codes = table["currency"].to_numpy(zero_copy_only=False).astype(object)
    made: Ints = np.where(kept, units_column(table[worth])[0], exchange.convert(units_column(table[key])[0], codes)[0])
    return made


def _items(aging: pa.Table, ages: pa.Table) -> dict[str, tuple[int, int]]:
    """Sum the items of all looks by currency, from the one table and from the other."""
    sums: dict[str, list[int]] = {}
    for number, (table, key) in enumerate(((ages, "age"), (aging, "bucket"))):
        units = units_column(table["amount"])[0].tolist()
        for code, which, amount in zip(table["currency"].to_pylist(), table[key].to_pylist(), units, strict=True):
            sums.setdefault(code, [0, 0])[number] += amount if which >= 0 else 0
    return {code: (one, other) for code, (one, other) in sorted(sums.items())}


def _places(table: pa.Table, place: dict[dt.date, int]) -> NDArray[np.int64]:
    return np.array([place[day] for day in table["as_of"].to_pylist()], dtype=np.int64)
