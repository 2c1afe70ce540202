"""The clocks of a credit insurance policy, and the insurer's part of what is recovered.

No insurer's days are built in: every policy brings its own, in days or calendar months, counted from the due date or from the end
of the longest extension, in calendar or working days. The longest extension itself always counts calendar days from the due date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.dates import add_months
from functions.insurance import CATEGORY, COVER, CURRENCY, LIMIT, money_rows
from functions.row_blocks import plain_name
from functions.workdays import HOLIDAYS, add_workdays
from xladdin.cells import describe, is_blank
from xladdin.counted import counted
from xladdin.errors import InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

Numbers = NDArray[np.float64]
Texts = NDArray[np.object_]
Dates = NDArray[np.datetime64]
LONGEST: Final = 10_000  # days or months
#: event -> the policy's column; "claim from" is the day after the waiting period
EVENTS: Final = {
    "overdue notice": "notice",
    "maximum extension": "max_extension",
    "collections": "collections",
    "claim from": "waiting",
    "claim until": "claim_until",
    "waiting period end": "waiting",
}
#: headers of the sheet Policies, in English and Chinese -> column
_HEADERS: Final = {
    "overdue_notice": "notice_days",
    "逾期通知天数": "notice_days",
    "longest_extension": "max_extension_days",
    "最长展期": "max_extension_days",
    "collections": "collections_days",
    "委托追偿天数": "collections_days",
    "waiting_period": "waiting_days",
    "等待期": "waiting_days",
    "claim_until": "claim_until_days",
    "索赔期限": "claim_until_days",
    "起算点": "counted_from",
    "days": "days_kind",
    "天数类型": "days_kind",
}
_WORDS: Final = {"到期日": "due date", "展期届满": "extension end", "自然日": "calendar", "工作日": "working"}
_CHOICES: Final = {"counted_from": ("due date", "extension end"), "days_kind": ("calendar", "working")}
_SPANS: Final = frozenset(f"{column}_{unit}" for column in EVENTS.values() for unit in ("days", "months"))


def read_policy(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """Read one policy's clocks from its row of the sheet Policies. Raises InvalidValue or OutOfRange naming the column."""
    filled = [row for row in rows if not all(map(is_blank, row))]
    if len(filled) != 1:
        raise InvalidValue(f"policy_values must be the one row of a policy; got {counted(len(filled), 'row')}")
    if len(filled[0]) != len(headers):
        raise InvalidValue(f"policy_values has {counted(len(filled[0]), 'column')}, policy_headers has {len(headers)}; they must be alike")
    policy: dict[str, Any] = {}
    for header, cell in zip(headers, filled[0], strict=True):
        name = plain_name(header)
        key = _HEADERS.get(name, name)
        if is_blank(cell):
            continue
        if key in _CHOICES:
            word = _WORDS.get(str(cell).strip(), str(cell).strip().casefold())
            if word not in _CHOICES[key]:
                raise InvalidValue(f"{header} must be {' or '.join(_CHOICES[key])}; got {describe(cell)}")
            policy[key] = word
        elif key in _SPANS:
            if isinstance(cell, bool) or not isinstance(cell, (int, float)) or not np.isfinite(cell) or cell != int(cell):
                raise InvalidValue(f"{header} must be a whole number; got {describe(cell)}")
            if not 0 <= cell <= LONGEST:
                raise OutOfRange(f"{header} must be 0 to {LONGEST}; got {describe(cell)}")
            policy[key] = int(cell)
    return policy


def policy_days(due: Dates, event: str, policy: Mapping[str, Any], holidays: Sequence[Sequence[Any]] | None = None) -> Rows:
    """Return the day of an event for n due dates under one policy (columns as the sheet Policies has them).

    Raises NotAvailable when the policy does not say; rows fail where working days run into a year without a calendar.
    """
    column = EVENTS[event]
    if column == "max_extension":
        return Rows(_later(due, policy, column))
    start = due
    if policy.get("counted_from") == "extension end":
        start = _later(due, policy, "max_extension")
    days = policy.get(f"{column}_days")
    if policy.get("days_kind") == "working" and days is not None:
        answer: Any = add_workdays(start, days, "CN", holidays)
        made = answer if isinstance(answer, Rows) else Rows(answer)
    else:
        made = Rows(_later(start, policy, column))
    if event == "claim from":
        made.values = made.values + np.timedelta64(1, "D")
    return made


def _later(start: Dates, policy: Mapping[str, Any], column: str) -> Dates:
    days, months = policy.get(f"{column}_days"), policy.get(f"{column}_months")
    if days is not None:
        made: Dates = start + np.timedelta64(int(days), "D")
        return made
    if months is not None:
        return add_months(start, int(months))
    raise NotAvailable(f"the policy has no {column}_days; fill it in on the sheet Policies")


def recovery_shares(recovered: Numbers, debt: Numbers, limit: Numbers, cover: Numbers | float) -> Numbers:
    """Return the insurer's part of recoveries: as it bears the insured share of the whole debt; unrounded. NaN limit: nothing."""
    insured = np.fmin(debt, np.nan_to_num(limit, nan=0.0)) * cover
    made: Numbers = np.divide(recovered * insured, debt, out=np.zeros(len(debt)), where=debt > 0)
    return made


@function(
    category=CATEGORY,
    help_zh="保险期限：按保单自身天数计算逾期通知、最长展期、委托追偿、索赔起止、等待期届满之日。",
    args=(
        Arg("due", "date", "Due date, or a column of them.", "到期日，可为一列。", shape="column"),
        Arg(
            "event",
            "text",
            "overdue notice, maximum extension, collections, claim from, claim until, waiting period end.",
            "overdue notice 逾期通知、maximum extension 最长展期、collections 追偿、"
            "claim from/until 索赔起止、waiting period end 等待期届满。",
            choices=tuple(EVENTS),
        ),
        Arg("policy_headers", "text", "Headers of the sheet Policies.", "“保单”工作表的表头。", shape="range", blank="missing"),
        Arg("policy_values", "any", "The policy's row of the sheet Policies.", "该保单在“保单”工作表的一行。", shape="range"),
        HOLIDAYS,
    ),
    result="date",
    source="The policy's own wording, as filled in on the sheet Policies; insurers differ, so no days are built in.",
    errors=(InvalidValue, NotAvailable, OutOfRange),
    examples=(
        Example(
            ("2026-03-31", "overdue notice", [["notice_days", "counted_from"]], [[60, "due date"]]),
            "2026-05-30",
            "60 days from the due date.",
            "到期日起60天。",
        ),
        Example(
            (
                "2026-03-31",
                "claim until",
                [["max_extension_days", "claim_until_days", "counted_from"]],
                [[90, 300, "extension end"]],
            ),
            "2027-04-25",
            "300 days from the end of the extension.",
            "展期届满起300天。",
        ),
    ),
)
def insurance_clock(
    due: Dates,
    event: str,
    policy_headers: Sequence[str],
    policy_values: Sequence[Sequence[Any]],
    holidays: Sequence[Sequence[Any]] | None = None,
) -> Rows:
    """Day on which one of an insurance policy's clocks runs out, for a due date.

    `due`: n dates; `event`: which clock; `policy_headers`, `policy_values`: k names and the policy's one row: NAME_days or
    NAME_months of notice, max_extension, collections, waiting, claim_until; counted_from due date (unless said) or extension end;
    days_kind calendar (unless said) or working; `holidays`: rows of the sheet Holidays. "claim from" is the day after the waiting
    period. Answers n dates. NotAvailable where the policy does not say, or the calendar is unknown.
    """
    policy = read_policy(policy_headers, policy_values)
    try:
        return policy_days(due, event, policy, holidays)
    except NotAvailable as error:
        return Rows(due).fail(np.ones(len(due), dtype=np.bool_), error)


@function(
    category=CATEGORY,
    help_zh="追回款中归保险公司的部分：按其承担的债权比例分配。",
    args=(
        Arg("recovered", "number", "What was recovered, net of costs.", "扣除费用后的追回款。", shape="column", minimum=0),
        Arg("debt", "number", "The whole debt when the claim was paid.", "赔付时的全部债权。", shape="column", minimum=0),
        LIMIT,
        COVER,
        CURRENCY,
    ),
    result="money",
    source="House convention after insurers' examples: recoveries are shared as the debt was borne, also what was above the limit.",
    errors=(InvalidValue, OutOfRange),
    examples=(Example((100000, 800000, 500000), 56250, "The insurer bears 450,000 of 800,000.", "保险承担80万中的45万。"),),
)
def recovery_share(recovered: Numbers, debt: Numbers, limit: Numbers, cover: Numbers, currency: Texts) -> Rows:
    """Insurer's part of what is recovered after a claim: in the proportion in which it bears the debt.

    `recovered`, `debt`, `limit`: amounts, n rows, a blank limit = nothing insured; `cover`: fraction; `currency`: codes. Answers n
    amounts, rounded half-up; the rest is the creditor's. A remark where more is recovered than the debt; 0 without a debt.
    """
    made = money_rows(recovery_shares(recovered, debt, limit, cover), currency)
    return made.remark(recovered > debt, "more is recovered than the debt")
