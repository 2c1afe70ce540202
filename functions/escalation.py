"""The three-level response to late payment (三级响应): friendly negotiation, lawyer's letter, litigation or arbitration.

The ladder 30, 60, 90 says from how many days past due each level applies; a day on the edge belongs to the higher level (`>=`), unless a
contract says "more than 60 days" (`>`). A disputed item, and one whose promise to pay still runs, is held at level 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from functions.aging import check_limits, days_overdue
from xladdin.errors import InvalidValue, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]
    Levels = NDArray[np.int64]
    Flags = NDArray[np.bool_]

DEFAULT_LADDER: Final = "30,60,90"  # 三级响应: 30 days negotiation, 60 lawyer's letter, 90 litigation
OPERATORS: Final = (">=", ">")
PROMISE_GRACE: Final = 3  # days after a promised date before it counts as broken: bank transfers over a weekend

ACTIONS: Final = {
    "en": ("None", "Friendly reminder", "Lawyer's letter", "Litigation or arbitration"),
    "zh": ("无", "友好协商", "律师函", "诉讼（仲裁）"),
}

DUE: Final = Arg("due", "date", "The due date of the open item, or a column of due dates.", "到期日，可为一列。", shape="column")
AS_OF: Final = Arg("as_of", "date", "The day the question is asked for.", "截止日（统计日）。")
LADDER: Final = Arg(
    "ladder",
    "numbers",
    'Days past due at which each level begins, rising and above 0: "30,60,90" or a range.',
    "各级响应起始的逾期天数，递增且大于0，如 30,60,90。",
    shape="range",
    default=DEFAULT_LADDER,
)
OPERATOR: Final = Arg(
    "operator",
    "text",
    '">=": a level begins on its day; ">": the day after, as in "more than 60 days".',
    "“>=”：当天即进入该级；“>”：超过该天数才进入（如合同“逾期超60天”）。",
    default=">=",
    choices=OPERATORS,
)


def level_of_days(days: Levels, ladder: Sequence[float] = (30, 60, 90), operator: str = ">=") -> Levels:
    """Count the steps of the ladder that days past due have reached. n whole numbers; raises InvalidValue for a bad ladder."""
    steps = check_limits(ladder, "ladder")
    levels: Levels = np.searchsorted(steps, days, side="right" if operator == ">=" else "left").astype(np.int64)
    return levels


def promise_runs(promise: Dates, as_of: np.datetime64, grace: int = PROMISE_GRACE) -> Flags:
    """Tell which promises to pay still run: the promised date plus the days of grace is not before `as_of`; missing: no."""
    runs: Flags = promise + np.timedelta64(grace, "D") >= as_of
    return runs


def next_level(
    previous: NDArray[np.float64] | Levels, reached: Levels, held: Flags | bool = False, most: int | None = 1
) -> Levels:
    """Level an item gets in this run, given the one of the run before: no level is skipped, so that nobody is sued unwarned.

    `previous`: levels of the last run, n rows, NaN (blank) for an item that is new; `reached`: levels by the ladder, n rows; `held`: items
    that stay as they are (disputed, promise running, or the action of the level before not done yet), n rows; `most`: levels to rise in
    one run, None for any. An item whose ladder level has fallen (a later due date was agreed) falls with it.
    """
    before: Levels = np.nan_to_num(np.asarray(previous, dtype=np.float64), nan=0.0).astype(np.int64)
    risen = reached if most is None else np.minimum(reached, before + most)
    levels: Levels = np.where(held, before, risen)
    return levels


@function(
    category="Escalation and interest",
    help_zh="响应级别0-3：逾期满30天友好协商，60天律师函，90天诉讼（仲裁）；有争议或承诺付款未过期（加3天宽限）的为0。",
    args=(
        DUE,
        AS_OF,
        LADDER,
        Arg("disputed", "boolean", "TRUE while the item is disputed.", "是否有争议。", shape="column", default=False),
        Arg(
            "promise",
            "date",
            "The day the customer promised to pay; blank: no promise.",
            "客户承诺付款日，没有则空白。",
            shape="column",
            default=None,
            blank="missing",
        ),
        Arg("insured", "boolean", "TRUE when the item is under credit insurance.", "是否投保信用保险。", shape="column", default=False),
        OPERATOR,
    ),
    result="integer",
    source="Three-level response of the credit policy (30/60/90 days). Insurers' own clocks are separate, see INSURANCECLOCK.",
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example(("2026-01-01", "2026-03-02"), 2, "60 days late: lawyer's letter.", "逾期60天：律师函。"),
        Example(("2026-01-01", "2026-03-02", "30,60,90", True), 0, "Disputed: held.", "有争议，暂停升级。"),
        Example(("2026-01-01", "2026-03-02", "30,60,90", False, "2026-02-27"), 0, "Promised, 3 days of grace.", "承诺期内。"),
    ),
)
def escalation_level(
    due: Dates,
    as_of: np.datetime64,
    ladder: Sequence[float] = (30, 60, 90),
    disputed: Flags | None = None,
    promise: Dates | None = None,
    insured: Flags | None = None,
    operator: str = ">=",
) -> Rows:
    """Level of the response to late payment: 0 none, 1 reminder, 2 lawyer's letter, 3 litigation; 0 while disputed or promised.

    `due`, `promise`: dates, n rows; `as_of`: one date; `ladder`: days, rising; `disputed`, `insured`: n truth values. Answers n whole
    numbers. Insurance does not change the level, as the insurer counts days of its own, but from level 2 a remark asks for the insurer's
    consent, which policies commonly require before legal steps. Raises InvalidValue for a bad ladder.
    """
    reached = level_of_days(days_overdue(due, as_of), ladder, operator)
    levels = reached.copy()
    answers = Rows(levels)
    late = reached > 0
    if disputed is not None:
        levels[disputed] = 0
        answers.remark(disputed & late, lambda row: f"held: disputed; the ladder is at level {reached[row]}")
    if promise is not None:
        runs = promise_runs(promise, as_of)
        levels[runs] = 0
        answers.remark(runs & late, lambda row: f"held: payment promised for {promise[row]}; the ladder is at level {reached[row]}")
    if insured is not None:
        answers.remark(insured & (levels >= 2), "insured: agree legal steps with the insurer first")
    return answers


@function(
    category="Escalation and interest",
    help_zh="响应级别对应的措施：0无，1友好协商，2律师函，3诉讼（仲裁）。",
    args=(
        Arg("level", "integer", "The level, 0 to 3.", "响应级别，0至3。", shape="column", minimum=0, maximum=3),
        Arg("language", "text", "Language of the text: en or zh.", "语言：en 或 zh。", default="en", choices=("en", "zh")),
    ),
    result="text",
    source="Three-level response of the credit policy: 友好协商, 律师函, 诉讼（仲裁）.",
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example((2,), "Lawyer's letter", "The action of level 2.", "第2级的措施。"),
        Example((1, "zh"), "友好协商", "In Chinese.", "中文。"),
    ),
)
def escalation_action(level: NDArray[Any], language: str = "en") -> NDArray[np.object_]:
    """Name the action of a level: none, friendly reminder, lawyer's letter, litigation or arbitration.

    `level`: whole numbers 0 to 3, n rows; `language`: en or zh. Answers n texts.
    """
    texts: NDArray[np.object_] = np.array(ACTIONS[language], dtype=object)
    actions: NDArray[np.object_] = texts[np.nan_to_num(level).astype(np.int64)]
    return actions


@function(
    category="Escalation and interest",
    help_zh="下一级响应的起始日期；已到最高级时为空白。",
    args=(DUE, AS_OF, LADDER, OPERATOR),
    result="date",
    source="Three-level response of the credit policy (30/60/90 days).",
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example(("2026-01-01", "2026-02-10"), "2026-03-02", "40 days late: level 2 begins at 60.", "逾期40天，60天时进入第2级。"),
        Example(("2026-01-01", "2026-01-01", "30,60,90", ">"), "2026-02-01", "More than 30 days.", "超过30天。"),
    ),
)
def next_action_date(due: Dates, as_of: np.datetime64, ladder: Sequence[float] = (30, 60, 90), operator: str = ">=") -> Rows:
    """Date on which the next level of the response begins; blank once the last level is reached.

    `due`: dates, n rows; `as_of`: one date; `ladder`: days, rising. Answers n dates, missing after the last level, always later than
    `as_of`. Raises InvalidValue for a bad ladder.
    """
    reached = level_of_days(days_overdue(due, as_of), ladder, operator)
    first_days = check_limits(ladder, "ladder") + (operator == ">")
    beginnings = np.append(first_days.astype("timedelta64[D]"), np.timedelta64("NaT"))
    return Rows(due + beginnings[reached]).remark(reached == first_days.size, "the last level is reached")
