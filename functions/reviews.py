"""When a credit file is due for review: every quarter once the trade is more than half a year old.

The house rule counts calendar months: after six months of trade a file is reviewed every three; a review is late from the day
after it was due. A file never reviewed is due when the first six months are over.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.dates import add_months
from xladdin.registry import Arg, Example, Rows, function

Dates = NDArray[np.datetime64]
ESTABLISHED_MONTHS: Final = 6
REVIEW_MONTHS: Final = 3

LAST_REVIEW = Arg(
    "last_review",
    "date",
    "Day of the last review; blank = never reviewed.",
    "上次复审日；空白为从未复审。",
    shape="column",
    blank="missing",
)
FIRST_TRADE = Arg(
    "first_trade",
    "date",
    "Day of the first delivery; blank = no trade yet.",
    "首次交易日；空白为尚无交易。",
    shape="column",
    blank="missing",
)
SOURCE: Final = "House rule: customers of more than 6 months are reviewed every quarter; calendar months, clamped to the month's end."


def is_established(first_trade: Dates, as_of: np.datetime64 | Dates) -> NDArray[np.bool_]:
    """Tell whose trade is more than six months old; n dates. No first trade: not."""
    return np.asarray(as_of > add_months(first_trade, ESTABLISHED_MONTHS))


def next_reviews(last_review: Dates, first_trade: Dates) -> Dates:
    """Day each file is due: a quarter after the last review, never before six months of trade; NaT without trade."""
    start = add_months(first_trade, ESTABLISHED_MONTHS)
    after_review = add_months(last_review, REVIEW_MONTHS)
    due: Dates = np.where(np.isnat(after_review), start, np.maximum(start, after_review))
    return np.where(np.isnat(start), np.datetime64("NaT", "D"), due).astype("datetime64[D]")


@function(
    category="Scoring",
    help_zh="信用档案复审是否已逾期：交易满6个月后每季度复审一次。",
    args=(LAST_REVIEW, FIRST_TRADE, Arg("as_of", "date", "The day the question is asked for.", "截止日（统计日）。")),
    result="boolean",
    source=SOURCE,
    examples=(
        Example(("2026-01-15", "2024-03-01", "2026-04-16"), True, "Due on 15 April, asked a day later.", "4月15日到期，次日查询。"),
        Example((None, "2026-01-15", "2026-04-16"), False, "New customer: trade of three months.", "新客户，交易仅三个月。"),
    ),
)
def review_due(last_review: Dates, first_trade: Dates, as_of: np.datetime64) -> Rows:
    """Whether the quarterly review of a credit file is late, TRUE or FALSE; NEXTREVIEW gives the day it is due.

    `last_review`, `first_trade`: dates, n rows, blanks missing; `as_of`: one date. Answers n truth values; a customer without
    trade has no quarterly review: FALSE. The remark (CREDITWHY) names the day.
    """
    due = next_reviews(last_review, first_trade)
    late = np.asarray(due < as_of)
    return Rows(late).remark(late, lambda row: f"review was due on {due[row]}")


@function(
    category="Scoring",
    help_zh="下次季度复审日；尚无交易则为空。",
    args=(LAST_REVIEW, FIRST_TRADE),
    result="date",
    source=SOURCE,
    examples=(Example(("2026-01-31", "2024-03-01"), "2026-04-30", "A quarter after the last review.", "上次复审后一个季度。"),),
)
def next_review(last_review: Dates, first_trade: Dates) -> Dates:
    """Day the next quarterly review of a credit file is due; blank for a customer without trade.

    `last_review`, `first_trade`: dates, n rows, blanks missing. Answers n dates.
    """
    return next_reviews(last_review, first_trade)
