"""Credit insurance in numbers: what it costs, what it pays, what stays with the creditor.

A loss goes through a policy in this order: a loss below the threshold is not insured at all; the insured loss is the loss up to the
limit; the deductible comes off before the cover share (or after it, by argument); at least the minimum retention of the insured
loss stays with the creditor; then the aggregate first loss still open is borne by the creditor; then the insurer's yearly maximum.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.money import COMPUTED, currency_digits, round_half_up
from xladdin.errors import InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

Numbers = NDArray[np.float64]
Texts = NDArray[np.object_]
CATEGORY: Final = "Insurance"
#: beyond these a percentage was typed without its sign: 0.5 for 0.5%, 10 for 10%
HIGHEST_RATE, HIGHEST_LOADING = 0.2, 3.0
LOW_RATE, HIGH_RATE = 0.003, 0.012  # the house's range of offers: 0.3% to 1.2% of the insured amount
MOST_COVER: Final = 0.9  # the house's offers cover up to 90%
ORDERS: Final = ("deductible first", "cover first")

CURRENCY = Arg(
    "currency",
    "text",
    "ISO code for rounding; blank: 2 digits.",
    "币种代码，用于取整；空白取两位。",
    shape="column",
    default="",
    blank="missing",
)
LIMIT = Arg(
    "limit",
    "number",
    "The insurer's limit; blank = nothing insured.",
    "保险限额；空白为未投保。",
    shape="column",
    blank="missing",
    minimum=0,
)
COVER = Arg(
    "cover", "number", "Insured share of a loss, 90% = 0.9.", "赔付比例，如0.9。", shape="column", default=MOST_COVER, minimum=0, maximum=1
)
LOSS_ARGS = (
    Arg("loss", "number", "The loss.", "损失金额。", shape="column", minimum=0),
    LIMIT,
    COVER,
    Arg("deductible", "number", "Part of each loss kept first.", "每笔免赔额。", shape="column", default=0.0, minimum=0),
    Arg(
        "order",
        "text",
        "Which comes first: the deductible or the cover share.",
        "先扣免赔额或先乘比例。",
        default=ORDERS[0],
        choices=ORDERS,
    ),
    Arg("minimum_retention", "number", "Least part of a loss kept.", "最低自留额。", shape="column", default=0.0, minimum=0),
    Arg("threshold", "number", "Losses below it are not insured.", "低于该额的损失不赔。", shape="column", default=0.0, minimum=0),
    Arg(
        "first_loss_left",
        "number",
        "Aggregate first loss still to be borne this year.",
        "年度累计免赔余额。",
        shape="column",
        default=0.0,
        minimum=0,
    ),
    Arg(
        "annual_cap",
        "number",
        "What the insurer still pays this year; blank = no maximum.",
        "年度赔付余额；空白为不限。",
        shape="column",
        default=None,
        blank="missing",
        minimum=0,
    ),
    CURRENCY,
)
SOURCE: Final = "House convention after insurers' and brokers' examples: the deductible comes off before the cover share."


def money_rows(amounts: Numbers, currency: Texts) -> Rows:
    """Round computed amounts to their currencies; rows of an unknown currency fail naming it."""
    digits, errors = currency_digits(currency)
    made = Rows(round_half_up(amounts, digits, COMPUTED))
    for code, error in errors.items():
        made.fail(currency == code, error)
    return made


def premiums(
    amount: Numbers, rate: Numbers, minimum: Numbers | float = 0.0, loading: Numbers | float = 0.0, tax: Numbers | float = 0.0
) -> Numbers:
    """Amount x rate, loaded, at least the minimum, plus tax; unrounded."""
    return np.maximum(amount * rate * (1 + loading), minimum) * (1 + tax)


def indemnities(
    loss: Numbers,
    limit: Numbers,
    cover: Numbers | float = MOST_COVER,
    deductible: Numbers | float = 0.0,
    order: str = ORDERS[0],
    minimum_retention: Numbers | float = 0.0,
    threshold: Numbers | float = 0.0,
    first_loss_left: Numbers | float = 0.0,
    annual_cap: Numbers | float = np.inf,
) -> Numbers:
    """Return what the insurer pays for each loss, in the order of the module's text; unrounded. NaN limit: nothing insured."""
    insured = np.where(loss < threshold, 0.0, np.fmin(loss, np.nan_to_num(limit, nan=0.0)))
    deducted_first = order == ORDERS[0]
    paid = np.maximum(insured - deductible, 0) * cover if deducted_first else insured * cover - deductible
    paid = np.minimum(paid, insured - minimum_retention)
    paid = np.maximum(paid - first_loss_left, 0)
    return np.fmin(paid, annual_cap)


def uninsured_parts(balance: Numbers, limit: Numbers, cover: Numbers | float = MOST_COVER) -> Numbers:
    """Balance less the insured share of what is within the limit; 0 for credit balances. NaN limit: nothing insured."""
    owed = np.maximum(balance, 0)
    return owed - np.fmin(owed, np.nan_to_num(limit, nan=0.0)) * cover


@function(
    category=CATEGORY,
    help_zh="信用保险保费：金额 × 费率，含加费、最低保费与税。",
    args=(
        Arg("amount", "number", "Insured amount, or turnover by basis.", "投保金额，或按 basis 为营业额。", shape="column", minimum=0),
        Arg(
            "rate",
            "number",
            "Premium rate, 0.5% = 0.005.",
            "保险费率，如0.005。",
            shape="column",
            default=None,
            blank="missing",
            minimum=0,
            maximum=HIGHEST_RATE,
        ),
        Arg(
            "basis",
            "text",
            "What the rate applies to: insured amount or turnover.",
            "计费基础：insured 投保金额或 turnover 营业额。",
            default="insured",
            choices=("insured", "turnover"),
        ),
        Arg("minimum", "number", "Least premium before tax.", "最低保费（税前）。", shape="column", default=0.0, minimum=0),
        Arg(
            "loading",
            "number",
            "Addition to the premium, 10% = 0.1; a discount is negative.",
            "加费比例，如0.1；折扣为负。",
            default=0.0,
            minimum=-1,
            maximum=HIGHEST_LOADING,
        ),
        Arg("tax", "number", "Tax on the premium, 6% = 0.06.", "保费税率，如0.06。", default=0.0, minimum=0, maximum=0.5),
        CURRENCY,
    ),
    result="money",
    source="House rule: 0.3% to 1.2% of the insured amount.",
    errors=(InvalidValue, NotAvailable, OutOfRange),
    examples=(Example((20250000, 0.003), 60750, "At the lowest rate.", "按最低费率。"),),
)
def premium(amount: Numbers, rate: Numbers, basis: str, minimum: Numbers, loading: float, tax: float, currency: Texts) -> Rows:
    """Premium of a credit insurance: amount x rate, loaded, at least the minimum, plus tax.

    `amount`: n amounts; `rate`: fractions; `basis`: insured or turnover; `minimum`: amounts before tax; `loading`, `tax`: fractions;
    `currency`: n codes. Answers n amounts, rounded half-up. NotAvailable without a rate: PREMIUMRANGE gives low and high. A rate
    outside 0.3-1.2% of the insured amount is computed, with a remark.
    """
    made = money_rows(premiums(amount, rate, minimum, loading, tax), currency)
    made.fail(np.isnan(rate), NotAvailable("rate is not given; PREMIUMRANGE shows the premium at 0.3% and 1.2%"))
    unusual = (rate < LOW_RATE) | (rate > HIGH_RATE)
    return made.remark(unusual & (basis == "insured"), lambda row: f"rate {rate[row]:.4g} is outside 0.3-1.2% of the insured amount")


@function(
    category=CATEGORY,
    help_zh="保费区间：按投保金额0.3%与1.2%计算，返回1行2列。",
    args=(
        Arg("amount", "number", "Insured amount.", "投保金额。", shape="column", minimum=0),
        CURRENCY,
    ),
    result="array",
    source="House rule: 0.3% to 1.2% of the insured amount.",
    errors=(InvalidValue, OutOfRange),
    examples=(Example((20250000,), [[60750, 243000]], "Lowest and highest premium.", "最低与最高保费。"),),
)
def premium_range(amount: Numbers, currency: Texts) -> Rows:
    """Lowest and highest premium of an insured amount, at 0.3% and 1.2%, side by side.

    `amount`: n amounts; `currency`: n codes. Answers n rows of two amounts, rounded half-up.
    """
    read = np.nan_to_num(amount, nan=0.0)  # an unreadable row has its error already; its pair must still be numbers
    low, high = money_rows(read * LOW_RATE, currency), money_rows(read * HIGH_RATE, currency)
    pairs = np.empty(len(amount), dtype=object)
    pairs[:] = [list(pair) for pair in zip(low.values.tolist(), high.values.tolist(), strict=True)]
    return Rows(pairs, low.failures)


@function(
    category=CATEGORY,
    help_zh="保险赔款：限额内损失扣免赔额后乘赔付比例，并计最低自留、起赔点、累计免赔与年度上限。",
    args=LOSS_ARGS,
    result="money",
    source=SOURCE,
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example((800000, 500000), 450000, "90% of the limit.", "限额的90%。"),
        Example((50000, 1000000, 0.9, 5000), 40500, "Deductible first.", "先扣免赔额。"),
    ),
)
def indemnity(
    loss: Numbers,
    limit: Numbers,
    cover: Numbers,
    deductible: Numbers,
    order: str,
    minimum_retention: Numbers,
    threshold: Numbers,
    first_loss_left: Numbers,
    annual_cap: Numbers,
    currency: Texts,
) -> Rows:
    """Indemnity of a credit insurance for a loss.

    All amounts in one currency a row, n rows: `loss`; `limit`, blank = nothing insured; `cover`: fraction; `deductible`; `order`:
    deductible first or cover first; `minimum_retention`; `threshold`; `first_loss_left`; `annual_cap`, blank = none; `currency`:
    codes. Each row stands alone: what one loss uses up of a yearly sum is for the caller to pass on. Answers n amounts, half-up.
    """
    paid = indemnities(loss, limit, cover, deductible, order, minimum_retention, threshold, first_loss_left, annual_cap)
    return _remarked(money_rows(paid, currency), limit, cover)


@function(
    category=CATEGORY,
    help_zh="自留损失：损失减保险赔款，参数同 INDEMNITY。",
    args=LOSS_ARGS,
    result="money",
    source=SOURCE,
    errors=(InvalidValue, OutOfRange),
    examples=(Example((800000, 500000), 350000, "What exceeds the limit, and a tenth.", "超限部分及一成自留。"),),
)
def retained_loss(
    loss: Numbers,
    limit: Numbers,
    cover: Numbers,
    deductible: Numbers,
    order: str,
    minimum_retention: Numbers,
    threshold: Numbers,
    first_loss_left: Numbers,
    annual_cap: Numbers,
    currency: Texts,
) -> Rows:
    """Loss that stays with the creditor: the loss less the indemnity.

    Arguments as INDEMNITY. Answers n amounts; loss and indemnity are rounded half-up, so the three always add up.
    """
    paid = indemnities(loss, limit, cover, deductible, order, minimum_retention, threshold, first_loss_left, annual_cap)
    digits, _ = currency_digits(currency)
    kept = round_half_up(loss, digits) - round_half_up(paid, digits, COMPUTED)
    return _remarked(money_rows(kept, currency), limit, cover)


@function(
    category=CATEGORY,
    help_zh="未投保敞口：余额减限额内余额 × 赔付比例。",
    args=(Arg("balance", "number", "Open balance.", "未结余额。", shape="column"), LIMIT, COVER, CURRENCY),
    result="money",
    source=SOURCE,
    errors=(InvalidValue, OutOfRange),
    examples=(Example((800000, 500000), 350000, "Nine tenths of the limit are insured.", "限额的九成已投保。"),),
)
def uninsured(balance: Numbers, limit: Numbers, cover: Numbers, currency: Texts) -> Rows:
    """Part of a balance that the insurance does not cover: above the limit, and the creditor's share within it.

    `balance`, `limit`: amounts, n rows, a blank limit = nothing insured; `cover`: fraction; `currency`: codes. A credit balance has
    nothing uninsured: 0. Answers n amounts, rounded half-up.
    """
    return _remarked(money_rows(uninsured_parts(balance, limit, cover), currency), limit, cover)


def _remarked(made: Rows, limit: Numbers, cover: Numbers) -> Rows:
    made.remark(np.isnan(limit), "limit is blank: nothing is insured")
    return made.remark(cover > MOST_COVER, lambda row: f"cover {cover[row]:.4g} is above the usual 90%")
