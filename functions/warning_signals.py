"""The signals of a customer in trouble: payments that come later and later, orders that jump, managers who leave."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.dates import add_months
from xladdin.counted import counted
from xladdin.errors import InvalidValue, NotAvailable
from xladdin.registry import Arg, Example, function

Numbers = NDArray[np.float64]
Dates = NDArray[np.datetime64]
CATEGORY: Final = "Early warning"
FEWEST_PAYMENTS: Final = 6  # house rule: fewer payments tell no trend
TRAILING_MONTHS: Final = 12  # house rule: the last month against the twelve before it
FEWEST_MONTHS: Final = 6  # before the last one: a median of fewer swings by itself
LARGEST_SAMPLE: Final = 1000  # the slopes of all pairs: a thousand payments are half a million pairs
MONTH: Final = 365.25 / 12
MAD_TO_SIGMA: Final = 1.4826  # of a normal distribution: Rousseeuw and Croux, JASA 88 (1993)

DUE = Arg("due_dates", "date", "Due dates of the invoices.", "各发票到期日。", shape="range", blank="missing")
PAID = Arg("paid_dates", "date", "Day each was paid; blank = open.", "各发票付款日；空白为未付。", shape="range", blank="missing")
AS_OF = Arg("as_of", "date", "The day the question is asked for.", "截止日（统计日）。")
PAYMENTS: Final = (
    [["2026-01-31"], ["2026-02-28"], ["2026-03-31"], ["2026-04-30"], ["2026-05-31"], ["2026-06-30"]],
    [["2026-02-02"], ["2026-03-05"], ["2026-04-08"], ["2026-05-12"], ["2026-06-14"], ["2026-07-18"]],
    "2026-07-31",
)


def _late_payments(due: Dates, paid: Dates, as_of: np.datetime64) -> tuple[Numbers, Numbers]:
    """Return month (of the due date) and days late of what was paid by a day, oldest first."""
    if len(due) != len(paid):
        raise InvalidValue(f"due_dates has {counted(len(due), 'cell')}, paid_dates has {len(paid)}; they must be alike")
    known = ~np.isnat(due) & ~np.isnat(paid) & (paid <= as_of)
    count = int(known.sum())
    if count < FEWEST_PAYMENTS:
        raise NotAvailable(f"a payment trend needs at least {FEWEST_PAYMENTS} payments; got {count}")
    due, paid = due[known], paid[known]
    order = np.argsort(due, kind="stable")[-LARGEST_SAMPLE:]
    months = (due[order] - due[order][0]).astype(np.float64) / MONTH
    return months, (paid - due)[order].astype(np.float64)


def median_slopes(times: Numbers, values: Numbers) -> Numbers:
    """Return the median slope of each row over all its pairs (Theil and Sen): r x k times, rising, and values -> r; NaN at one time."""
    first, second = np.triu_indices(times.shape[1], 1)
    apart = times[:, second] - times[:, first]
    known = apart > 0
    slopes: Numbers = np.full_like(apart, np.inf)
    np.divide(values[:, second] - values[:, first], apart, out=slopes, where=known)
    slopes.sort(axis=1)
    number, rows = known.sum(axis=1), np.arange(len(times))
    middle = (slopes[rows, np.maximum(number - 1, 0) // 2] + slopes[rows, np.minimum(number // 2, first.size - 1)]) / 2
    return np.where(number > 0, middle, np.nan)


@function(
    category=CATEGORY,
    help_zh="付款趋势：每月平均多拖几天（Theil-Sen 稳健斜率）；少于6笔付款返回 #N/A。",
    args=(DUE, PAID, AS_OF),
    result="number",
    source="Sen, JASA 63 (1968): median of the slopes of all pairs. Fewer than 6 payments tell no trend (house rule).",
    errors=(InvalidValue, NotAvailable),
    examples=(Example(PAYMENTS, 3.2433401639344264, "Three days later every month.", "每月晚约三天。"),),
)
def pay_trend(due_dates: Dates, paid_dates: Dates, as_of: np.datetime64) -> float:
    """Trend of a customer's payments: how many days later they come from month to month; negative = sooner.

    `due_dates`, `paid_dates`: n dates, pairs; `as_of`: later payments have not happened. The last 1,000 payments count. Answers days
    per month, by the median of the slopes of all pairs. NotAvailable under 6 payments, or when all were due on one day.
    """
    months, late = _late_payments(due_dates, paid_dates, as_of)
    slope = float(median_slopes(months[None, :], late[None, :])[0])
    if np.isnan(slope):
        raise NotAvailable("all payments were due on one day; that tells no trend")
    return slope


@function(
    category=CATEGORY,
    help_zh="付款趋势的显著性 p 值（Mann-Kendall 检验）。",
    args=(DUE, PAID, AS_OF),
    result="number",
    source="Mann (1945), Kendall (1975): rank correlation of days late with time, two-sided, exact where there are no ties.",
    errors=(InvalidValue, NotAvailable),
    examples=(Example(PAYMENTS, 2 / 720, "Six payments, each later than the one before.", "六笔逐笔更晚。"),),
)
def pay_trend_p(due_dates: Dates, paid_dates: Dates, as_of: np.datetime64) -> float:
    """Chance that a trend like PAYTREND's shows up where there is none; below 0.05 it is taken for real.

    Arguments as PAYTREND. Answers a fraction, 1 when all payments were equally late. NotAvailable under 6 payments.
    """
    from scipy.stats import kendalltau  # type: ignore[import-untyped]  # noqa: PLC0415 - half a second that sheets without it need not wait for

    months, late = _late_payments(due_dates, paid_dates, as_of)
    if len(set(late.tolist())) == 1:
        return 1.0
    if len(set(months.tolist())) == 1:
        raise NotAvailable("all payments were due on one day; that tells no trend")
    return float(kendalltau(months, late).pvalue)


def swings(monthly: Numbers) -> Numbers:
    """Return the swing of each row's last month: r rows of months, oldest first -> r robust z values; NaN after months without any."""
    before = monthly[:, -1 - TRAILING_MONTHS : -1]
    median = np.median(before, axis=1)
    deviation = MAD_TO_SIGMA * np.median(np.abs(before - median[:, None]), axis=1)
    least = np.abs(median) / 1000  # equal orders month by month must not divide by zero, nor turn a cent into an alarm
    scale = np.maximum(deviation, least)
    made: Numbers = np.divide(monthly[:, -1] - median, scale, out=np.full(len(monthly), np.nan), where=scale > 0)
    return made


@function(
    category=CATEGORY,
    help_zh="订单波动：最近一月相对前12个月中位数的稳健 z 值（MAD）。",
    args=(
        Arg(
            "monthly_orders",
            "number",
            "Orders by month, oldest first; 0 for a month without.",
            "各月订单额，由远到近，无订单填0。",
            shape="range",
        ),
    ),
    result="number",
    source="Iglewicz and Hoaglin (1993): (x - median) / (1.4826 MAD); trailing 12 months, at least 6 (house rule).",
    errors=(InvalidValue, NotAvailable),
    examples=(Example(([[100], [110], [90], [105], [95], [100], [40]],), -60 / (1.4826 * 5), "Orders collapsed.", "订单骤降。"),),
)
def order_swing(monthly_orders: Numbers) -> float:
    """Swing of a customer's orders: the last month against the twelve before, in robust standard deviations.

    `monthly_orders`: amounts, oldest first, at least 7. Answers z, negative for a fall. Where the months before hardly differ, a tenth
    of a percent of their median stands for the deviation. NotAvailable with fewer months, or after months without any order.
    """
    if len(monthly_orders) <= FEWEST_MONTHS:
        raise NotAvailable(f"an order swing needs the last month and at least {FEWEST_MONTHS} before it; got {len(monthly_orders)}")
    swing = float(swings(monthly_orders[None, :])[0])
    if np.isnan(swing):
        raise NotAvailable("there were no orders in the months before the last; that tells no swing")
    return swing


@function(
    category=CATEGORY,
    help_zh="最近若干个月（默认12）内的管理层变动次数。",
    args=(
        Arg("dates", "date", "Days on which managers changed.", "管理层变动日期。", shape="range", blank="blank"),
        AS_OF,
        Arg("months", "integer", "How many months back.", "回看月数。", default=12, minimum=1, maximum=1200),
    ),
    result="integer",
    source="House rule: changes of managers within the last 12 months; calendar months.",
    errors=(InvalidValue,),
    examples=(Example(([["2025-03-01"], ["2026-01-15"], ["2026-06-30"]], "2026-07-31"), 2, "The first is too old.", "首次已超期。"),),
)
def management_changes(dates: Dates, as_of: np.datetime64, months: int = 12) -> int:
    """How often managers changed in the last months: those after the same day so many months ago, up to the day asked for.

    `dates`: days, blanks do not count; `as_of`: a day; `months`: calendar months. Answers a count.
    """
    start = add_months(np.array([as_of], dtype="datetime64[D]"), -months)[0]
    return int(((dates > start) & (dates <= as_of)).sum())
