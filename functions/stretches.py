"""Late interest on a column of items with what came in on each: every stretch of days bears interest on what was open in it.

The column-wise form of `functions.claim`, equal to it to the unit: whole numbers throughout, so that a sum over any number of days, rates
and part-payments is exact, and rounded half-up where interest meets money.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from functions.interest import days_late
from functions.money import currency_digits
from functions.rates import UNIT, read_rates

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from functions.late_rules import Rule
    from functions.sheet_rows import Table
    from xladdin.errors import CellError

    Dates = NDArray[np.datetime64]
    Ints = NDArray[np.int64]
    Whole = NDArray[np.object_]  # Python's whole numbers, which have no end

#: amounts are whole numbers of 1/10000 of the currency
SCALE: Final = 10_000
_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Reductions:
    """What lowered the items: one row for each amount, in any order. `price` marks credit notes, which lower the price itself."""

    item: Ints  # row of the item
    day: Dates
    amount: Ints
    price: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Accrued:
    """Interest of n items in 1/10000 units of their currency, and what of the amounts that came in was set against it.

    Rows of `failures` (mask, error or what makes the error of a row) have no interest that is known.
    """

    interest: Whole  # all that accrued, rounded
    paid: Whole  # what of it was paid
    failures: list[tuple[NDArray[np.bool_], CellError | Callable[[int], CellError]]]


def none_came(count: int = 0) -> Reductions:
    """Return that nothing came in."""
    empty = np.zeros(count, dtype=np.int64)
    return Reductions(empty, empty.astype("datetime64[D]"), empty, empty.astype(np.bool_))


def accrued_interest(
    principal: Ints,
    due: Dates,
    until: Dates,
    rule: Rule,
    currency: NDArray[np.object_],
    came: Reductions,
    *,
    interest_first: bool = False,
    rates: Table = (),
    daycount: int = _DAYS,
) -> Accrued:
    """Interest of each item on what was open in each stretch from its due date to `until`.

    `principal`: what was owed before anything came in, n rows in 1/10000 units; `came`: what came in; a payment counts on its day, which
    still bears interest on the whole, and one after `until` has not happened. `interest_first`: payments are set against the interest of
    their day before the principal (Civil Code of the People's Republic of China, art. 561), credit notes never. An item whose days lack a
    rate, or whose currency is not known, is in `failures`.
    """
    share = _Shares(rule, due, daycount, rates)
    digits, unknown = currency_digits(currency)
    unit = np.array([10 ** max(4 - int(digit), 0) for digit in digits.tolist()], dtype=object)
    open_, accrued, paid = principal.astype(object), np.zeros(len(due), dtype=object), np.zeros(len(due), dtype=object)
    position = due.copy()
    happened = came.day <= until[came.item] if len(came.item) else np.zeros(0, dtype=np.bool_)
    order = np.lexsort((came.price, came.day, came.item))
    order = order[happened[order]]
    item = came.item[order]
    starts = np.flatnonzero(np.r_[True, item[1:] != item[:-1]]) if len(item) else np.zeros(0, dtype=np.int64)
    rank = np.arange(len(item)) - np.repeat(starts, np.diff(np.r_[starts, len(item)]))
    for turn in range(int(rank.max()) + 1 if len(rank) else 0):
        chosen = order[rank == turn]  # the so-manieth amount of each item
        rows, day = came.item[chosen], np.maximum(came.day[chosen], due[came.item[chosen]])
        accrued[rows] += open_[rows] * share.between(rows, position[rows], day)
        position[rows] = day
        left = came.amount[chosen].astype(object)
        owed = _half_up(accrued[rows], share.parts, unit[rows]) - paid[rows]
        first = np.minimum(left, owed) if interest_first else np.zeros(len(rows), dtype=object)
        first = np.where(came.price[chosen], 0, first)
        to_principal = np.minimum(left - first, open_[rows])
        rest = np.minimum(left - first - to_principal, owed - first)  # more than the principal goes to the interest after all
        open_[rows] -= to_principal
        paid[rows] += first + rest
    accrued += open_ * share.between(np.arange(len(due)), position, until)
    made = Accrued(_half_up(accrued, share.parts, unit), paid, [])
    for code, error in unknown.items():
        made.failures.append((currency == code, error))
    why = share.why
    if why is not None:
        missing = share.missing(until)
        if missing.any():
            made.failures.append((missing, lambda row: why(row, until)))
    return made


class _Shares:
    """Sums of daily rates as whole numbers, of which `parts` make 1."""

    def __init__(self, rule: Rule, due: Dates, daycount: int, rates: Table) -> None:
        self._rule, self._due = rule, due
        self._table = None if rule.table is None else read_rates(rule.table, rates)
        if self._table is None:
            daily = Fraction(repr(rule.daily)) + Fraction(repr(rule.yearly)) / daycount
        else:
            daily = Fraction(repr(rule.factor)) / (UNIT * daycount)
        self._times, self.parts = daily.numerator, daily.denominator

    @property
    def why(self) -> Callable[[int, Dates], CellError] | None:
        """What tells why an item has no interest; None where a rule needs no table."""
        table = self._table
        if table is None:
            return None
        return lambda row, until: table.unknown(self._due[row], self._last(until)[row])

    def _last(self, until: Dates) -> Dates:
        """Return the last day whose rate is needed."""
        first = self._due + np.timedelta64(1, "D")
        last: Dates = np.where(until > self._due, first if self._rule.first_day else until, self._due)
        return last

    def missing(self, until: Dates) -> NDArray[np.bool_]:
        """Tell which items have days without a rate."""
        assert self._table is not None  # noqa: S101 - `why` says so
        mask: NDArray[np.bool_] = self._table.between(self._due, self._last(until))[1] > 0
        return mask

    def between(self, rows: Ints, after: Dates, until: Dates) -> Whole:
        """Sum the rates of the days after one day up to and with another."""
        days = days_late(after, until)
        if self._table is None:
            plain: Whole = days.astype(object) * np.array(self._times, dtype=object)
            return plain
        if self._rule.first_day:
            units, _ = self._table.on(self._due[rows] + np.timedelta64(1, "D"))
            fixed: Whole = (units.astype(object) + self._rule.margin) * days.astype(object) * np.array(self._times, dtype=object)
            return fixed
        summed, _ = self._table.between(after, np.maximum(after, until))
        daily: Whole = (summed.astype(object) + (self._rule.margin * days).astype(object)) * np.array(self._times, dtype=object)
        return daily


def _half_up(amounts: Whole, parts: int, unit: Whole) -> Whole:
    """Round amounts (in `parts` of 1/10000) to whole units of their currency, halves up; none is below 0."""
    if not len(amounts):
        return amounts
    rounded: Whole = (2 * amounts + parts * unit) // (2 * parts * unit) * unit
    return rounded

