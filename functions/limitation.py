"""Limitation: until when a claim can be brought to court or to arbitration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from functions.dates import add_months
from xladdin.errors import InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Dates = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Limitation:
    """Years from the due date, and where the law says so; `restarted_by`: where it says what starts them again."""

    years: int
    source: str
    source_zh: str
    demand_restarts: bool = True  # else only a signed acknowledgement or a part-payment does
    restarted_by: str = ""


#: law -> its limitation of a price; the letters name it by the same table
LAWS: Final = {
    # Civil Code of the People's Republic of China: article 594 for contracts for the international sale of goods; a demand: article 195
    "CN": Limitation(3, "articles 188 and 195", "第一百八十八条、第一百九十五条"),
    "CN-INTL": Limitation(4, "articles 195 and 594 of the Civil Code", "民法典第一百九十五条、第五百九十四条"),
    "HK": Limitation(
        6, "section 4 of the Limitation Ordinance, Cap. 347", "《时效条例》第347章第4条", False, "sections 23 and 24, Limitation Ordinance"
    ),
    "UK": Limitation(
        6, "section 5 of the Limitation Act 1980", "《1980年时效法》第5条", False, "sections 29 and 30 of the Limitation Act 1980"
    ),
}


@function(
    category="Escalation and interest",
    help_zh="诉讼时效届满日：到期日起3年（民法典第188条），国际货物买卖合同4年（第594条）；催收后重新计算（第195条）；香港、英国法6年。",
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
        Arg("law", "text", "CN: three years; CN-INTL: four, international sale of goods; HK (Hong Kong) and UK (England and Wales): six.",
            "CN：3年；CN-INTL：国际货物买卖4年；HK（香港）、UK（英格兰和威尔士）：6年。", default="CN"),
    ),
    result="date",
    source="Civil Code of the People's Republic of China, articles 188, 192, 195, 201-202 and 594; "
    "Limitation Ordinance (Cap. 347), Hong Kong, sections 4, 23 and 24; "
    "Limitation Act 1980, United Kingdom, sections 5, 29 and 30.",
    errors=(InvalidValue, NotAvailable, OutOfRange),
    examples=(
        Example(("2023-03-15",), "2026-03-15", "Three years from the due date.", "到期日起三年。"),
        Example(("2023-03-15", "2024-02-29", "CN-INTL"), "2028-02-29", "Four years from the last demand.", "最后催收日起四年。"),
        Example(("2023-03-15", None, "UK"), "2029-03-15", "English law: six years.", "英国法：六年。"),
    ),
)
def limitation_date(due: Dates, last_demand: Dates | None = None, law: str = "CN") -> Rows:
    """Last day to sue: 3 years from the due date, 4 for an international sale of goods (a demand restarts these); 6 under HK and UK law.

    `due`: dates, n rows; `last_demand`: dates, n rows, missing where there was none (one before the due date restarts nothing).
    Answers n dates, calendar years clamped to month end; when that day is a holiday the next working day still counts (article 203), which
    is not added. A demand after the first period had ended restarts nothing: the day on which it ended is answered, with a remark.
    In Hong Kong and England a demand starts nothing
    again and is left out, with a remark; the day of a signed acknowledgement or a part-payment is given as `due`. NotAvailable for another
    law: nothing is guessed.
    """
    rule = LAWS.get(law.strip().upper())
    if rule is None:
        raise NotAvailable(f'the limitation under the law "{law}" is not known here: ask counsel for the day; known are {", ".join(LAWS)}')
    months = 12 * rule.years
    first = add_months(due, months)
    if last_demand is None:
        return Rows(first)
    if not rule.demand_restarts:

        def idle(_row: int) -> str:
            return (
                f"a demand starts nothing again under {law}, only a signed acknowledgement or a part-payment does ({rule.restarted_by}): "
                "give the day of that one as due"
            )

        return Rows(first).remark(last_demand > due, idle)
    late = last_demand > first  # a demand that came too late starts nothing again
    base = np.where(late, due, np.fmax(due, last_demand))  # a missing demand leaves the due date

    def lapsed(row: int) -> str:
        return (
            f"the period from the due date ended on {first[row]}, before this demand, which restarts nothing: only the debtor's own "
            "consent does (Civil Code art. 192), so ask for a written acknowledgement; "
            "give an earlier demand that can be proved, if there is one"
        )

    return Rows(add_months(base, months)).remark(late, lapsed)
