"""Payment plans: equal parts of a debt at fixed dates, interest on what is still owed, and the insurer's longest extension.

Equal parts are made to add up to the cent: each is the difference of two rounded running totals, so no two differ by more than one
smallest unit. Months are calendar months counted from the first date, clamped to the month's end.
"""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.dates import add_months
from functions.money import minor_units, round_half_up, round_money
from xladdin.errors import InvalidValue, OutOfRange
from xladdin.registry import Arg, Example, function

Numbers = NDArray[np.float64]
Dates = NDArray[np.datetime64]
MOST: Final = 600  # instalments: fifty years of months
YEAR: Final = 365.0  # days, as for late interest
_EVERY: Final = re.compile(r"(\d{1,4})\s*(d|days?|天|日|w|weeks?|周|m|months?|个?月|q|quarters?|个?季度?|y|years?|年)", re.IGNORECASE)
_DAYS: Final = {"d": 1, "天": 1, "日": 1, "w": 7, "周": 7}
_MONTHS: Final = {"m": 1, "月": 1, "q": 3, "季": 3, "y": 12, "年": 12}


def read_every(every: str) -> tuple[int, int]:
    """Read an interval such as 1M, 2W, 14D or 3个月; answers months and days, one of them 0."""
    match = _EVERY.fullmatch(every.strip())
    if match is None or int(match[1]) == 0:
        raise InvalidValue(f'every must be like 1M, 2W, 14D or 1Q; got "{every}"')
    unit = match[2].lstrip("个")[0].lower()
    count = int(match[1])
    return (0, count * _DAYS[unit]) if unit in _DAYS else (count * _MONTHS[unit], 0)


def plan_dates(first: np.datetime64, count: int, every: str) -> Dates:
    """Return the dates of a plan, the day one interval before the first among them: count + 1 dates."""
    months, days = read_every(every)
    steps = np.arange(-1, count)
    if days:
        return np.asarray(first + (steps * days).astype("timedelta64[D]"), dtype="datetime64[D]")
    return add_months(np.full(count + 1, first, dtype="datetime64[D]"), steps * months)


def equal_parts(amount: float, count: int, digits: int) -> Numbers:
    """Split an amount into parts that add up to it exactly and differ by one smallest unit at most."""
    whole = round(float(round_half_up(np.array([amount]), digits)[0]) * 10**digits)
    running = np.array([(whole * number * 2 + count) // (2 * count) for number in range(count + 1)], dtype=np.int64)  # half-up, exactly
    made: Numbers = (running[1:] - running[:-1]).astype(np.float64) / 10.0**digits
    return made


@function(
    category="Payment plans, names, money",
    help_zh="付款计划表：期次、日期、本金、利息、余额、是否超出保险最长展期；本金合计精确到分。",
    args=(
        Arg("amount", "number", "Debt to be paid in instalments, above 0.", "分期偿付的金额，大于0。", minimum=0, maximum=1e13),
        Arg("instalments", "integer", "Number of instalments.", "期数。", minimum=1, maximum=MOST),
        Arg("first_date", "date", "Day of the first instalment.", "首期日期。"),
        Arg("every", "text", "Interval: 1M, 2W, 14D, 1Q.", "间隔：1M、2W、14D、1Q。", default="1M"),
        Arg("rate", "number", "Yearly interest on what is owed, 6% = 0.06.", "未付余额年利率，如0.06。", default=0.0, minimum=0, maximum=1),
        Arg(
            "extension_until", "date", "Last day of the insurer's longest extension.", "保险最长展期的最后一日。", default=None,
            blank="missing",
        ),
        Arg("currency", "text", "ISO code, for its smallest unit.", "币种代码，决定最小货币单位。", default="", blank="missing"),
    ),
    result="array",
    source="House rule: equal parts of the principal; simple interest for the actual days since the date before, /365, half-up.",
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example(
            (100, 3, "2026-01-31"),
            [
                [1, "2026-01-31", 33.33, 0, 66.67, False],
                [2, "2026-02-28", 33.34, 0, 33.33, False],
                [3, "2026-03-31", 33.33, 0, 0, False],
            ],
            "The parts add up to the cent.",
            "各期合计精确到分。",
        ),
        Example(
            (12000, 2, "2026-03-01", "1M", 0.06, "2026-03-15"),
            [[1, "2026-03-01", 6000, 55.23, 6000, False], [2, "2026-04-01", 6000, 30.58, 0, True]],
            "Interest of 28 and 31 days; the second lies after the extension.",
            "计息28天与31天；第二期超出展期。",
        ),
    ),
)  # fmt: skip
def pay_plan(
    amount: float, instalments: int, first_date: np.datetime64, every: str = "1M", rate: float = 0.0,
    extension_until: np.datetime64 | None = None, currency: str | None = "",
) -> list[list[Any]]:  # fmt: skip
    """Table of a payment plan: number, date, principal, interest, balance, TRUE after the insurer's extension.

    `amount`: above 0; `instalments`: whole; `rate`: a fraction. The first instalment bears interest for one interval before its
    date. Answers one row of six cells per instalment; the principals add up to the amount. InvalidValue for an interval or currency that
    cannot be read, OutOfRange for amounts and dates outside what a plan can hold.
    """
    if not amount > 0:
        raise OutOfRange(f"amount must be above 0; got {amount:g}")
    dates = plan_dates(first_date, int(instalments), every)
    if dates[-1] > np.datetime64("9999-12-31") or dates[0] < np.datetime64("1900-01-01"):
        raise OutOfRange("the plan leaves the dates that a cell can hold, 1900-01-01 to 9999-12-31")
    digits = minor_units(currency or "")
    principal = equal_parts(amount, int(instalments), digits)
    after = round_half_up(float(round_half_up(np.array([amount]), digits)[0]) - np.cumsum(principal), digits)
    before = after + principal
    days = np.diff(dates).astype(np.int64)
    interest = round_money(before * rate * days / YEAR, currency or "")
    end = np.datetime64("9999-12-31", "D") if extension_until is None or np.isnat(extension_until) else extension_until
    late = np.asarray(dates[1:] > end)
    columns = (range(1, len(principal) + 1), dates[1:].tolist(), principal.tolist(), interest.tolist(), after.tolist(), late.tolist())
    return [list(row) for row in zip(*columns, strict=True)]
