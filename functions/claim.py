"""Late interest on one item with part-payments, line by line, as a claim states it.

Every number is kept as an exact fraction; interest is rounded half-up where it meets money: when a payment is set against it, and at
the end. The rounding is that of the interest so far, so the parts always add up to what one rounding at the end would give. A column of
items is summed in the same way in `functions.stretches`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from functions.interest import check_daycount
from functions.late_rules import Rule, read_rule
from functions.money import minor_units
from functions.rates import UNIT, read_rates
from xladdin.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from functions.sheet_rows import Table

    Numbers = NDArray[np.float64]

# Civil Code of the People's Republic of China, article 561: costs of enforcement, then interest, then the principal debt.
CIVIL_CODE_ORDER: Final = ("costs", "interest", "principal")
PRINCIPAL_FIRST: Final = ("principal", "interest", "costs")


@dataclass(frozen=True, slots=True)
class InterestLine:
    """Days of one principal and one rate; `interest` is not rounded."""

    first: dt.date
    last: dt.date
    days: int
    principal: float
    yearly_rate: float
    interest: float


@dataclass(frozen=True, slots=True)
class Allocation:
    """How one payment was set off; `left_over` is what exceeded all that was owed."""

    date: dt.date
    amount: float
    costs: float
    interest: float
    principal: float
    left_over: float


@dataclass(frozen=True, slots=True)
class Claim:
    """What is still owed on the last day, and how it came about; all but the lines' interest is money."""

    lines: tuple[InterestLine, ...]
    allocations: tuple[Allocation, ...]
    costs: float
    interest: float
    principal: float

    @property
    def total(self) -> float:
        """All that is still owed."""
        return float(sum(Fraction(repr(part)) for part in (self.costs, self.interest, self.principal)))


def allocate(
    payment: Numbers, costs: Numbers, interest: Numbers, principal: Numbers, order: Sequence[str] = CIVIL_CODE_ORDER
) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Set payments against costs, interest and principal in the order given; n rows each, amounts at or above 0.

    Answers what goes to costs, to interest, to principal, and what is left over. Raises InvalidValue for an order that
    does not name each of the three once.
    """
    owed = {"costs": costs, "interest": interest, "principal": principal}
    _check_order(order)
    left = np.asarray(payment, dtype=np.float64)
    paid: dict[str, Numbers] = {}
    for part in order:
        paid[part] = np.minimum(left, owed[part])
        left = left - paid[part]
    return paid["costs"], paid["interest"], paid["principal"], left


def rate_steps(rule: Rule, due: dt.date, until: dt.date, daycount: int = 365, rates: Table = ()) -> list[tuple[dt.date, dt.date, Fraction]]:
    """List the days due+1 … until by daily rate: (first day, last day, rate a day as an exact fraction).

    Raises NotAvailable naming the table when a day has no known rate.
    """
    first = due + dt.timedelta(1)
    if until < first:
        return []
    if rule.table is None:
        return [(first, until, Fraction(repr(rule.daily)) + Fraction(repr(rule.yearly)) / daycount)]
    table = read_rates(rule.table, rates)
    after, last = np.datetime64(due, "D"), np.datetime64(first if rule.first_day else until, "D")
    if table.between(np.array([after]), np.array([last]))[1][0] > 0:
        raise table.unknown(after, last)
    changes = [day for day in table.starts.tolist() if first < day <= last.item()]
    steps: list[tuple[dt.date, dt.date, Fraction]] = []
    for start, end in zip([first, *changes], [*(day - dt.timedelta(1) for day in changes), until], strict=True):
        units = int(table.on(np.array([start], dtype="datetime64[D]"))[0][0])
        daily = Fraction(units + rule.margin, UNIT) * Fraction(repr(rule.factor)) / daycount
        if steps and steps[-1][2] == daily:
            steps[-1] = (steps[-1][0], end, daily)
        else:
            steps.append((start, end, daily))
    return steps


def interest_with_payments(
    principal: float,
    due: dt.date,
    until: dt.date,
    rule_or_rate: float | str | Rule,
    payments: Sequence[tuple[dt.date, float]] = (),
    *,
    costs: float = 0.0,
    order: Sequence[str] = CIVIL_CODE_ORDER,
    credit_notes: Sequence[tuple[dt.date, float]] = (),
    currency: str = "",
    daycount: int = 365,
    factor: float = 1.5,
    fixing: str = "rule",
    rates: Table = (),
) -> Claim:
    """State what one late item still owes on `until`, after its part-payments; interest bears no interest.

    A payment counts on its day: that day still bears interest on the whole. Payments after `until` have not happened. `costs` are owed
    from the start. `credit_notes` lower the price itself, as credit notes do, and so the principal first in any order. Raises
    as `late_interest` does, and InvalidValue for a payment below 0 or an order that is none.
    """
    check_daycount(daycount)
    _check_order(order)
    rule = rule_or_rate if isinstance(rule_or_rate, Rule) else read_rule(rule_or_rate, factor, fixing)
    steps = rate_steps(rule, due, until, daycount, rates)
    unit = Fraction(1, 10 ** minor_units(currency))
    open_costs, open_principal = Fraction(repr(float(costs))), Fraction(repr(float(principal)))
    accrued = paid_interest = Fraction(0)
    lines: list[InterestLine] = []
    allocations: list[Allocation] = []
    events = [*((*payment, order) for payment in payments), *((*credit, PRINCIPAL_FIRST) for credit in credit_notes)]
    happened = sorted((event for event in events if event[0] <= until), key=lambda event: event[0])
    position = due  # interest is counted up to and with this day

    def accrue(day: dt.date) -> None:
        nonlocal accrued, position
        for first, last, daily in steps:
            start, end = max(first, position + dt.timedelta(1)), min(last, day)
            days = (end - start).days + 1
            if days > 0 and open_principal:
                interest = open_principal * daily * days
                accrued += interest
                lines.append(InterestLine(start, end, days, float(open_principal), float(daily * daycount), float(interest)))
        position = max(position, day)

    for day, paid, parts_in_order in happened:
        if paid < 0:
            raise InvalidValue(f"a payment must not be below 0; got {paid:g} on {day.isoformat()}")
        accrue(day)
        left = Fraction(repr(float(paid)))
        owed = {"costs": open_costs, "interest": _half_up(accrued, unit) - paid_interest, "principal": open_principal}
        parts: dict[str, Fraction] = {}
        for part in parts_in_order:
            parts[part] = min(left, owed[part])
            left -= parts[part]
        open_costs -= parts["costs"]
        paid_interest += parts["interest"]
        open_principal -= parts["principal"]
        allocations.append(
            Allocation(day, float(paid), float(parts["costs"]), float(parts["interest"]), float(parts["principal"]), float(left))
        )
    accrue(until)
    interest = _half_up(accrued, unit) - paid_interest
    return Claim(tuple(lines), tuple(allocations), float(open_costs), float(interest), float(open_principal))


def _check_order(order: Sequence[str]) -> None:
    if sorted(order) != sorted(CIVIL_CODE_ORDER):
        raise InvalidValue(f"order must name costs, interest and principal once each; got {', '.join(order)}")


def _half_up(amount: Fraction, unit: Fraction) -> Fraction:
    """Round to whole units, halves away from zero."""
    whole, rest = divmod(abs(amount), unit)
    rounded = (whole + (rest * 2 >= unit)) * unit
    return rounded if amount >= 0 else -rounded
