"""Expected credit losses by a matrix: balances by bucket, how they roll from one bucket to the next, and what is lost at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.money import round_money
from xladdin.cells import describe
from xladdin.counted import counted
from xladdin.errors import InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, function

Numbers = NDArray[np.float64]
CATEGORY: Final = "Provision"
BALANCES = Arg(
    "bucket_balances_by_month",
    "any",
    "A row per month, oldest first; a column per bucket, current first.",
    "每月一行，由远到近；每账龄段一列，未到期在前。",
    shape="range",
)
MATRIX: Final = [[100, 50, 10], [120, 60, 20], [110, 48, 30]]


def read_matrix(rows: Sequence[Sequence[Any]]) -> Numbers:
    """Read balances by month and bucket. Raises InvalidValue or OutOfRange naming the cell."""
    if len(rows) < 2 or len(rows[0]) < 2:
        raise InvalidValue("bucket_balances_by_month must have at least two months (rows) and two buckets (columns)")
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            if isinstance(cell, bool) or not isinstance(cell, (int, float)):
                raise InvalidValue(f"bucket_balances_by_month, row {number}, column {column} must be a number; got {describe(cell)}")
            if not 0 <= cell < np.inf:
                raise OutOfRange(f"bucket_balances_by_month, row {number}, column {column} must be at least 0; got {describe(cell)}")
    return np.array(rows, dtype=np.float64)


def rolled(balances: Numbers) -> Numbers:
    """Return the share of each bucket that stood in the next one a month later, over all months, at most 1. Months x k -> k - 1."""
    left, arrived = balances[:-1, :-1].sum(axis=0), balances[1:, 1:].sum(axis=0)
    empty = np.flatnonzero(left == 0)
    if empty.size:
        raise NotAvailable(f"bucket {int(empty[0]) + 1} was empty in every month; nothing tells how it rolls")
    made: Numbers = np.minimum(arrived / left, 1.0)
    return made


def lost(rolls: Numbers, loss_given_default: float = 1.0) -> Numbers:
    """Return the loss rate of each bucket: the chance to roll to the last one, x the loss there. k - 1 -> k."""
    made: Numbers = np.append(np.cumprod(rolls[::-1])[::-1], 1.0) * loss_given_default
    return made


@function(
    category=CATEGORY,
    name="ECL",
    help_zh="预期信用损失：各账龄段余额 × 损失率 ×（1 + 前瞻调整）之和。",
    args=(
        Arg("balances", "number", "Balances by bucket.", "各账龄段余额。", shape="range", minimum=0),
        Arg("loss_rates", "number", "Loss rate of each, 0.3% = 0.003.", "各段损失率，如0.003。", shape="range", minimum=0, maximum=1),
        Arg(
            "forward", "number", "Forward-looking change of the rates, 10% = 0.1.", "前瞻性调整，如0.1。", default=0.0,
            minimum=-1, maximum=3,
        ),
        Arg("currency", "text", "ISO code for rounding; blank: 2 digits.", "币种代码，用于取整。", default="", blank="missing"),
    ),
    result="money",
    source="IFRS 9 B5.5.35, provision matrix; the example is IFRS 9 illustrative example 12, company M.",
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example(
            ([[15000000, 7500000, 4000000, 2500000, 1000000]], [[0.003, 0.016, 0.036, 0.066, 0.106]]),
            580000,
            "Company M.",
            "M 公司。",
        ),
    ),
)
def expected_loss(balances: Numbers, loss_rates: Numbers, forward: float = 0.0, currency: str | None = "") -> float:
    """Loss expected by a provision matrix (ECL): balance x loss rate of each bucket, summed.

    `balances`: k amounts in one currency; `loss_rates`: k fractions; `forward`: a fraction the rates are raised by, none above 1;
    `currency`: code. Answers an amount, rounded half-up once. InvalidValue when the two are not alike in length.
    """
    if len(balances) != len(loss_rates):
        raise InvalidValue(f"loss_rates has {counted(len(loss_rates), 'cell')}, balances has {len(balances)}; they must be alike")
    loss = float((balances * np.minimum(loss_rates * (1 + forward), 1.0)).sum())
    return float(round_money(np.array([loss]), currency or "")[0])


@function(
    category=CATEGORY,
    name="ROLLRATES",
    help_zh="迁徙率：各账龄段余额次月落入下一段的比例，返回一行。",
    args=(BALANCES,),
    result="array",
    source="Roll-rate method of the provision matrix (IFRS 9 B5.5.35): sums over all months, at most 1.",
    errors=(InvalidValue, NotAvailable, OutOfRange),
    examples=(Example((MATRIX,), [[108 / 220, 50 / 110]], "60 + 48 of 220; 20 + 30 of 110.", "220中的60+48；110中的20+30。"),),
)
def roll_rates(bucket_balances_by_month: Sequence[Sequence[Any]]) -> list[list[float]]:
    """Roll rates: the share of each aging bucket that stands in the next bucket a month later.

    `bucket_balances_by_month`: months (oldest first) x k buckets (current first), each bucket one month long. Answers one row of k - 1
    fractions. NotAvailable for a bucket that was always empty, InvalidValue with fewer than two months or buckets.
    """
    return [rolled(read_matrix(bucket_balances_by_month)).tolist()]


@function(
    category=CATEGORY,
    name="LOSSRATES",
    help_zh="损失率：各账龄段迁徙至最后一段的概率 × 违约损失率，返回一行。",
    args=(
        BALANCES,
        Arg("loss_given_default", "number", "Lost of the last bucket, a fraction.", "最后一段损失率。", default=1.0, minimum=0, maximum=1),
    ),
    result="array",
    source="Roll-rate method of the provision matrix (IFRS 9 B5.5.35): the product of the later roll rates x loss given default.",
    errors=(InvalidValue, NotAvailable, OutOfRange),
    examples=(
        Example((MATRIX, 0.5), [[27 / 242, 5 / 22, 0.5]], "Half of the last bucket is lost.", "最后一段损失一半。"),
    ),
)
def loss_rates(bucket_balances_by_month: Sequence[Sequence[Any]], loss_given_default: float = 1.0) -> list[list[float]]:
    """Loss rates of aging buckets: the chance to roll into the last bucket, times what is lost there.

    `bucket_balances_by_month`: as ROLLRATES; `loss_given_default`: a fraction. Answers one row of k fractions, none falling.
    """
    return [lost(rolled(read_matrix(bucket_balances_by_month)), loss_given_default).tolist()]
