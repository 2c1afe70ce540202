"""Days past due and aging buckets.

The due day itself is not late: paid on the due date is 0 days past due. With limits 30, 60, 90 the buckets are Not due,
(0, 30], (30, 60], (60, 90] and "Over 90 days"; whatever is later than the last limit stands in the last bucket, so no amount is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from xladdin.cells import LAST_SERIAL
from xladdin.errors import InvalidValue, OutOfRange
from xladdin.registry import Arg, Example, function

Dates = NDArray[np.datetime64]
DEFAULT_LIMITS: Final = "30,60,90,180"

DUE = Arg("due", "date", "The due date of the open item, or a column of due dates.", "到期日，可为一列。", shape="column")
AS_OF = Arg("as_of", "date", "The day the question is asked for.", "截止日（统计日）。")
LIMITS = Arg(
    "limits",
    "numbers",
    'The last day of each bucket, rising and above 0: "30,60,90,180" or a range.',
    "各账龄段的上限天数，递增且大于0，如 30,60,90,180。",
    shape="range",
    default=DEFAULT_LIMITS,
)
LANGUAGE = Arg("language", "text", "Language of the labels: en or zh.", "标签语言：en 或 zh。", default="en", choices=("en", "zh"))


def check_limits(limits: Sequence[float], name: str = "limits") -> NDArray[np.int64]:
    """Return the limits as whole days. Raises InvalidValue when there are none, or they do not rise from above 0."""
    return _checked(tuple(limits), name)


@lru_cache(maxsize=256)
def _checked(limits: tuple[float, ...], name: str) -> NDArray[np.int64]:
    """Check limits once: a sheet asks with the same ones in every cell."""
    days = np.asarray(limits, dtype=np.float64)
    if days.size == 0:
        raise InvalidValue(f'{name} must be at least one number of days, such as "30,60,90"')
    if (days != np.floor(days)).any():
        raise InvalidValue(f"{name} must be whole days; got {', '.join(f'{day:g}' for day in days)}")
    if days[0] <= 0 or (np.diff(days) <= 0).any():
        raise InvalidValue(f"{name} must rise and be above 0; got {', '.join(f'{day:g}' for day in days)}")
    if days[-1] > LAST_SERIAL:
        raise InvalidValue(f"{name} must be at most {LAST_SERIAL:,} days, all the days a cell can hold; got {days[-1]:g}")
    whole = days.astype(np.int64)
    whole.flags.writeable = False
    return whole


def bucket_labels(limits: Sequence[float], language: str = "en") -> list[str]:
    """Name the buckets from Not due to the overflow; "1-30 days", as a bare "1-30" would become a date in Excel."""
    days = check_limits(limits).tolist()
    first = [0, *days]
    if language == "zh":
        return ["未到期", *(f"{a + 1}-{b}天" for a, b in zip(first, days, strict=False)), f"{days[-1]}天以上"]
    return ["Not due", *(f"{a + 1}-{b} days" for a, b in zip(first, days, strict=False)), f"Over {days[-1]} days"]


@function(
    category="Aging and dates",
    help_zh="逾期天数：到期日次日起算，到期当天付款为0；未到期为负数。",
    args=(
        DUE,
        AS_OF,
        Arg("grace", "integer", "Days of grace after the due date.", "宽限天数。", default=0, minimum=0, maximum=36_525),
    ),
    result="integer",
    source="Convention of the field: actual days, due day excluded.",
    errors=(InvalidValue, OutOfRange),
    examples=(Example(("2026-01-31", "2026-03-02"), 30, "Due on 31 January, asked on 2 March.", "1月31日到期，3月2日查询。"),),
)
def days_overdue(due: Dates, as_of: np.datetime64, grace: int = 0) -> NDArray[np.int64]:
    """Days past due: 0 on the due date, negative before it.

    `due`: dates, n rows; `as_of`: one date; `grace`: whole days. Answers n whole days.
    """
    return (as_of - due).astype(np.int64) - grace


@function(
    category="Aging and dates",
    help_zh="账龄段序号：0为未到期，1、2……依次递增，便于排序和汇总。",
    args=(DUE, AS_OF, LIMITS),
    result="integer",
    source="Convention of the field: a limit belongs to the bucket it ends.",
    errors=(InvalidValue, OutOfRange),
    examples=(Example(("2026-01-31", "2026-03-02", "30,60,90"), 1, "30 days late: still in the first bucket.", "逾期30天，仍在第一段。"),),
)
def aging_index(due: Dates, as_of: np.datetime64, limits: Sequence[float] = (30, 60, 90, 180)) -> NDArray[np.int64]:
    """Aging bucket as a number: 0 = not due, then 1, 2 … and one more than the limits for what is later than the last.

    `due`: dates, n rows; `as_of`: one date; `limits`: days, rising. Answers n whole numbers. Raises InvalidValue for bad limits.
    """
    return index_of_days(days_overdue(due, as_of), limits)


def index_of_days(days: NDArray[np.int64], limits: Sequence[float]) -> NDArray[np.int64]:
    """Put days past due into buckets; see `aging_index`."""
    edges = np.concatenate(([0], check_limits(limits)))
    return np.digitize(days, edges, right=True)


@function(
    category="Aging and dates",
    help_zh="账龄段名称，如“1-30天”；超过最后上限的归入“以上”，绝不遗漏。",
    args=(DUE, AS_OF, LIMITS, LANGUAGE),
    result="text",
    source="Convention of the field: a limit belongs to the bucket it ends.",
    errors=(InvalidValue, OutOfRange),
    examples=(Example(("2026-01-31", "2026-03-03"), "31-60 days", "31 days late.", "逾期31天。"),),
)
def aging_bucket(
    due: Dates, as_of: np.datetime64, limits: Sequence[float] = (30, 60, 90, 180), language: str = "en"
) -> NDArray[np.object_]:
    """Label of the aging bucket, such as "Not due", "1-30 days" or "Over 180 days".

    `due`: dates, n rows; `as_of`: one date; `limits`: days, rising; `language`: en or zh. Answers n texts.
    Raises InvalidValue for bad limits.
    """
    labels: NDArray[np.object_] = np.array(bucket_labels(limits, language), dtype=object)
    answers: NDArray[np.object_] = labels[aging_index(due, as_of, limits)]
    return answers
