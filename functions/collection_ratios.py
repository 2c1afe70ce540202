"""How well receivables are collected and what the cash covers: collection effectiveness, turnover, age of what is open, cash ratio."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.liquidity import CATEGORY, SALES
from xladdin.counted import counted
from xladdin.errors import DivisionByZero, InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

Numbers = NDArray[np.float64]
Dates = NDArray[np.datetime64]
FIELD: Final = "Convention of the field"


def _quotient(top: Numbers, bottom: Numbers) -> Numbers:
    with np.errstate(over="ignore"):
        made: Numbers = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
    return made


@function(
    category=CATEGORY,
    name="CEI",
    help_zh="催收效率指数（%）：100 为可收款项全部收回。",
    args=(
        Arg("beginning", "number", "Receivables at the beginning.", "期初应收账款。", shape="column", minimum=0),
        SALES,
        Arg("ending", "number", "Receivables at the end.", "期末应收账款。", shape="column", minimum=0),
        Arg("ending_current", "number", "Of them not yet due.", "其中未到期部分。", shape="column", minimum=0),
        Arg("months", "number", "1: sales as given; else divided by it.", "1：按期间销售额；否则除以月数。", default=1.0, minimum=1),
    ),
    result="number",
    source=f"{FIELD}: collected / collectable x 100, with the sales of the whole period; the monthly average by argument.",
    errors=(DivisionByZero, OutOfRange),
    examples=(Example((100, 200, 120, 90), 600 / 7, "180 of 210 collected.", "可收210中收回180。"),),
)
def collection_effectiveness(beginning: Numbers, credit_sales: Numbers, ending: Numbers, ending_current: Numbers, months: float) -> Rows:
    """Effectiveness index of collection (CEI) in percent: what was collected of what could be collected; 100 is everything.

    `beginning`, `credit_sales`, `ending`, `ending_current`: amounts in one currency, n rows; `months`: 1 takes the sales of the whole
    period, their number the monthly average. (beginning + sales - ending) / (beginning + sales - ending current) x 100. Answers n
    numbers; DivisionByZero when nothing was collectable; a remark where more is current than is receivable.
    """
    sold = beginning + credit_sales / months
    collectable = sold - ending_current
    made = Rows(_quotient(100 * (sold - ending), collectable))
    made.fail(collectable <= 0, DivisionByZero("nothing was collectable: ending_current is all there was"))
    return made.remark(ending_current > ending, "ending_current is above ending")


@function(
    category=CATEGORY,
    name="ARTURNOVER",
    help_zh="应收账款周转次数：赊销额 / 平均应收账款。是次数，不是天数（天数见 DSO）。",
    args=(
        SALES,
        Arg("average_receivables", "number", "Average receivables of the period.", "平均应收账款。", shape="column", minimum=0),
    ),
    result="number",
    source=f"{FIELD}: times a period; the days are DSO's.",
    errors=(DivisionByZero, OutOfRange),
    examples=(Example((1200000, 200000), 6, "Six times a year.", "每年六次。"),),
)
def receivables_turnover(credit_sales: Numbers, average_receivables: Numbers) -> Rows:
    """Receivables turnover: credit sales / average receivables, in times a period; for days take DSO.

    `credit_sales`, `average_receivables`: amounts in one currency, n rows. Answers n numbers; DivisionByZero without receivables.
    """
    made = Rows(_quotient(credit_sales, average_receivables))
    return made.fail(average_receivables == 0, DivisionByZero("average_receivables is 0"))


@function(
    category=CATEGORY,
    name="CASHRATIO",
    help_zh="现金比率：（现金 + 应收保险赔款）/ 流动负债。",
    args=(
        Arg("cash", "number", "Cash and equivalents.", "现金及等价物。", shape="column", minimum=0),
        Arg("current_liabilities", "number", "Current liabilities.", "流动负债。", shape="column", minimum=0),
        Arg("claims_receivable", "number", "Insurance claims to be received.", "应收保险赔款。", shape="column", default=0.0, minimum=0),
    ),
    result="number",
    source=f"{FIELD}: cash / current liabilities; with insurance claims by argument (house rule).",
    errors=(DivisionByZero, OutOfRange),
    examples=(Example((300, 1000, 200), 0.5, "Half is covered with the claims.", "计入赔款后为一半。"),),
)
def cash_ratio(cash: Numbers, current_liabilities: Numbers, claims_receivable: Numbers) -> Rows:
    """Cash ratio: cash, and insurance claims to be received, / current liabilities.

    `cash`, `current_liabilities`, `claims_receivable`: amounts in one currency, n rows. Answers n numbers; DivisionByZero without
    liabilities.
    """
    made = Rows(_quotient(cash + claims_receivable, current_liabilities))
    return made.fail(current_liabilities == 0, DivisionByZero("current_liabilities is 0"))


@function(
    category=CATEGORY,
    name="TOPSHARE",
    help_zh="最大 n 个客户占合计的比例。",
    args=(
        Arg("amounts", "number", "Amounts by customer.", "各客户金额。", shape="range", blank="blank", minimum=0),
        Arg("n", "integer", "How many of the largest.", "最大的几户。", minimum=1),
    ),
    result="number",
    source=f"{FIELD}: concentration ratio of the n largest.",
    errors=(DivisionByZero, OutOfRange),
    examples=(Example(([[20], [30], [50]], 2), 0.8, "30 and 50 of 100.", "100中的30与50。"),),
)
def top_share(amounts: Numbers, n: int) -> float:
    """Share of the n largest customers in the sum of all, as a fraction.

    `amounts`: amounts by customer, none negative, blanks do not count; `n`: whole. DivisionByZero when they sum to 0.
    """
    total = float(amounts.sum())
    if total == 0:
        raise DivisionByZero("amounts sum to 0")
    return float(np.sort(amounts)[::-1][: int(n)].sum()) / total


@function(
    category=CATEGORY,
    name="TRUEDSO",
    help_zh="真实周转天数：未结发票自开票日起的天数，按未结金额加权。",
    args=(
        Arg("open_amounts", "number", "Open amounts of the invoices.", "各发票未结金额。", shape="range", minimum=0),
        Arg("document_dates", "date", "Their document dates.", "各发票日期。", shape="range"),
        Arg("as_of", "date", "Day asked for.", "截止日。"),
    ),
    result="number",
    source="House convention: days since each open invoice was written, weighted by its open amount; needs no sales.",
    errors=(DivisionByZero, InvalidValue, NotAvailable, OutOfRange),
    examples=(
        Example(([[100], [300]], [["2026-01-01"], ["2026-01-21"]], "2026-01-31"), 15,
            "100 for 30 days, 300 for 10.", "100计30天，300计10天。"),
    ),
)
def true_dso(open_amounts: Numbers, document_dates: Dates, as_of: np.datetime64) -> float:
    """Days since each open invoice was written, weighted by its open amount: the true DSO.

    `open_amounts`: amounts in one currency; `document_dates`: as many days; `as_of`: a day. Answers days. NotAvailable for an invoice
    dated later, DivisionByZero when nothing is open.
    """
    if len(open_amounts) != len(document_dates):
        cells = counted(len(open_amounts), "cell")
        raise InvalidValue(f"open_amounts has {cells}, document_dates has {len(document_dates)}; they must be alike")
    days = (as_of - document_dates).astype("timedelta64[D]").astype(np.int64)
    if (days < 0).any():
        raise NotAvailable("an invoice is dated after as_of; leave it out")
    total = float(open_amounts.sum())
    if total == 0:
        raise DivisionByZero("open_amounts sum to 0")
    return float((open_amounts * days).sum()) / total
