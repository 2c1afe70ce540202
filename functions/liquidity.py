"""How long receivables take to turn into cash, and how much hangs on few customers."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from xladdin.counted import counted
from xladdin.errors import DivisionByZero, InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

Numbers = NDArray[np.float64]
CATEGORY: Final = "Liquidity and concentration"
NO_SALES: Final = DivisionByZero("credit_sales is 0")

RECEIVABLES = Arg("receivables", "number", "Receivables at the end of the period.", "期末应收账款。", shape="column")
CURRENT = Arg("current_receivables", "number", "Receivables not yet due.", "未到期应收账款。", shape="column")
SALES = Arg("credit_sales", "number", "Credit sales of the period.", "期间赊销额。", shape="column", minimum=0)
DAYS = Arg("days", "number", "Days of the period: 365, 90 …", "期间天数，如365、90。", shape="column", minimum=1, maximum=3660)


def days_of_sales(receivables: Numbers, credit_sales: Numbers, days: Numbers) -> Numbers:
    """Receivables / sales x days; NaN without sales. n rows."""
    made: Numbers = np.divide(receivables, credit_sales, out=np.full(len(receivables), np.nan), where=credit_sales > 0) * days
    return made


def _sold(values: Numbers, credit_sales: Numbers) -> Rows:
    return Rows(values).fail(credit_sales == 0, NO_SALES)


@function(
    category=CATEGORY,
    help_zh="应收账款周转天数：应收账款 / 赊销额 × 天数。",
    args=(RECEIVABLES, SALES, DAYS),
    result="number",
    source="Convention of the field: receivables at the end of the period.",
    errors=(DivisionByZero, OutOfRange),
    examples=(Example((50000, 150000, 183), 61, "Half a year.", "半年期。"),),
)
def dso(receivables: Numbers, credit_sales: Numbers, days: Numbers) -> Rows:
    """Days sales outstanding: receivables / credit sales x days of the period.

    `receivables`, `credit_sales`: amounts in one currency, `days`: days, n rows. Answers n numbers of days. DivisionByZero without
    sales.
    """
    return _sold(days_of_sales(receivables, credit_sales, days), credit_sales)


@function(
    category=CATEGORY,
    name="BESTDSO",
    help_zh="最佳可能周转天数：仅计未到期应收账款。",
    args=(CURRENT, SALES, DAYS),
    result="number",
    source="Convention of the field: the DSO if nobody paid late.",
    errors=(DivisionByZero, OutOfRange),
    examples=(Example((800000, 10000000, 365), 29.2, "If nobody paid late.", "若无人逾期。"),),
)
def best_dso(current_receivables: Numbers, credit_sales: Numbers, days: Numbers) -> Rows:
    """Best possible DSO: receivables not yet due / credit sales x days of the period.

    `current_receivables`, `credit_sales`: amounts, `days`: days, n rows. Answers n numbers of days. DivisionByZero without sales.
    """
    return _sold(days_of_sales(current_receivables, credit_sales, days), credit_sales)


@function(
    category=CATEGORY,
    name="AVGDAYSDELINQUENT",
    help_zh="平均逾期天数：DSO 减最佳可能 DSO。",
    args=(RECEIVABLES, CURRENT, SALES, DAYS),
    result="number",
    source="Convention of the field: DSO less best possible DSO.",
    errors=(DivisionByZero, OutOfRange),
    examples=(Example((1200000, 800000, 10000000, 365), 14.6, "43.8 less 29.2 days.", "43.8 减 29.2 天。"),),
)
def average_days_delinquent(receivables: Numbers, current_receivables: Numbers, credit_sales: Numbers, days: Numbers) -> Rows:
    """Average days delinquent: the DSO less the best possible DSO, both of the same sales and days.

    `receivables`, `current_receivables`, `credit_sales`: amounts, `days`: days, n rows. Answers n numbers of days; a remark where
    more is current than is receivable. DivisionByZero without sales.
    """
    made = _sold(days_of_sales(receivables - current_receivables, credit_sales, days), credit_sales)
    return made.remark(current_receivables > receivables, "current_receivables is above receivables")


@function(
    category=CATEGORY,
    name="DSOCOUNTBACK",
    help_zh="回溯法周转天数：由最近月份起逐月用销售额抵减应收账款。",
    args=(
        Arg("receivables", "number", "Receivables now.", "当前应收账款。", minimum=0),
        Arg(
            "monthly_sales",
            "number",
            "Credit sales by month, newest first; no blanks.",
            "各月赊销额，由近到远，不得空白。",
            shape="range",
            minimum=0,
        ),
        Arg(
            "month_days",
            "number",
            "Days of each month, or one number for all.",
            "各月天数，或统一天数。",
            shape="range",
            minimum=1,
            maximum=31,
        ),
    ),
    result="number",
    source="Count-back method: the months whose sales the receivables stand for, newest first.",
    errors=(InvalidValue, OutOfRange, NotAvailable),
    examples=(
        Example(
            (212000, [[100000], [80000], [70000]], 30),
            73.714285714285714,
            "Two months and 32/70 of a third.",
            "两个整月加第三个月的 32/70。",
        ),
    ),
)
def dso_count_back(receivables: float, monthly_sales: Numbers, month_days: Numbers) -> float:
    """Days sales outstanding by counting back: whole months while receivables exceed their sales, then a share of a month.

    `receivables`: amount; `monthly_sales`: amounts, newest first; `month_days`: days of each, or one. Answers days. A blank month is
    InvalidValue, not a skip; NotAvailable when receivables are more than the sales of all months given.
    """
    days = np.full(len(monthly_sales), month_days[0]) if len(month_days) == 1 else month_days
    if len(days) != len(monthly_sales):
        cells = counted(len(days), "cell")
        raise InvalidValue(f"month_days has {cells}, monthly_sales has {len(monthly_sales)}; they must be alike, or one number")
    before = np.concatenate(([0.0], np.cumsum(monthly_sales)[:-1]))
    left = receivables - before
    if left[-1] > monthly_sales[-1]:
        raise NotAvailable(f"receivables exceed the sales of the {counted(len(days), 'month')} given; give more months")
    open_ = left > 0
    share = np.divide(np.minimum(left, monthly_sales), monthly_sales, out=np.ones(len(left)), where=monthly_sales > 0)
    return float((share * days)[open_].sum())


@function(
    category=CATEGORY,
    help_zh="赫芬达尔指数：份额百分比平方和，0-10000，越高越集中。",
    args=(
        Arg(
            "amounts",
            "number",
            "Balances or turnover by customer; blanks do not count.",
            "各客户余额或营业额；空白不计。",
            shape="range",
            blank="blank",
            minimum=0,
        ),
    ),
    result="number",
    source="Herfindahl-Hirschman index: sum of the squared percentage shares.",
    errors=(DivisionByZero, OutOfRange),
    examples=(Example(([[20], [30], [50]],), 3800, "400 + 900 + 2,500.", "400 + 900 + 2500。"),),
)
def hhi(amounts: Numbers) -> float:
    """Herfindahl-Hirschman index of concentration, near 0 (many alike) to 10,000 (one customer).

    `amounts`: amounts by customer, none negative: net credit balances to zero first. DivisionByZero when they sum to 0.
    """
    total = amounts.sum()
    if total == 0:
        raise DivisionByZero("amounts sum to 0")
    return float(((100 * amounts / total) ** 2).sum())
