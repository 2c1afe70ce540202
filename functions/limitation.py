"""Limitation: until when a claim can be brought to court or to arbitration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from functions.dates import add_months
from xladdin.errors import InvalidValue, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]

#: years from the due date or the last demand
YEARS: Final = {
    "CN": 3,  # Civil Code of the People's Republic of China, article 188
    "CN-INTL": 4,  # the same, article 594: contracts for the international sale of goods
}


@function(
    category="Escalation and interest",
    help_zh="诉讼时效届满日：到期日起3年（民法典第188条），国际货物买卖合同4年（第594条）；催收后重新计算（第195条）。",
    args=(
        Arg("due", "date", "The due date of the item.", "到期日，可为一列。", shape="column"),
        Arg(
            "last_demand",
            "date",
            "The last demand that can be proved, or acknowledgement by the debtor; blank: none.",
            "最后一次可证明的催收（或债务人确认）日期，没有则空白。",
            shape="column",
            default=None,
            blank="missing",
        ),
        Arg("law", "text", "CN: three years; CN-INTL: four, international sale of goods.", "CN：3年；CN-INTL：国际货物买卖4年。",
            default="CN", choices=tuple(YEARS)),
    ),
    result="date",
    source="Civil Code of the People's Republic of China, articles 188, 195, 201-202 and 594.",
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example(("2023-03-15",), "2026-03-15", "Three years from the due date.", "到期日起三年。"),
        Example(("2023-03-15", "2024-02-29", "CN-INTL"), "2028-02-29", "Four years from the last demand.", "最后催收日起四年。"),
    ),
)
def limitation_date(due: Dates, last_demand: Dates | None = None, law: str = "CN") -> Rows:
    """Last day to sue: three years from the due date, four for an international sale of goods; a demand starts them again.

    `due`: dates, n rows; `last_demand`: dates, n rows, missing where there was none (one before the due date restarts nothing).
    Answers n dates, calendar years clamped to month end; when that day is a holiday the next working day still counts (article 203), which
    is not added. A remark tells when the demand came after the first period had ended.
    """
    months = 12 * YEARS[law]
    if last_demand is None:
        return Rows(add_months(due, months))
    base = np.fmax(due, last_demand)  # a missing demand leaves the due date
    first = add_months(due, months)
    late = last_demand > first

    def lapsed(row: int) -> str:
        return f"the period from the due date ended on {first[row]}, before this demand; it restarts only if an earlier demand kept it open"

    return Rows(add_months(base, months)).remark(late, lapsed)
