"""One-year probability of default of a score or a grade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.scoring import DEFAULT_BANDS
from xladdin.cells import describe, is_blank, read_number
from xladdin.errors import CellError, InvalidValue, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

#: S&P Global Ratings, average one-year global corporate default rates to 2017; least 0.03% (Regulation (EU) 575/2013, art. 160)
DEFAULT_PROBABILITIES: Final = {
    "AAA": 0.0003, "AA": 0.0003, "A": 0.0006, "BBB": 0.0017, "BB": 0.0058, "B": 0.0389, "CCC": 0.2678, "CC": 0.2678, "C": 0.2678, "D": 1.0,
}  # fmt: skip
Grade = tuple[str, float, float]


def read_probabilities(rows: Sequence[Sequence[Any]]) -> list[Grade]:
    """Read grade, lowest score, probability, as the sheet Grades has them; a header and blank rows are skipped. Best first."""
    made: list[Grade] = []
    for number, row in enumerate(rows, start=1):
        grade, low, chance = [*row[:3], None, None, None][:3]
        if all(map(is_blank, (grade, low, chance))) or (number == 1 and isinstance(chance, str) and chance):
            continue
        lowest = read_number(low, f"table, row {number}: the lowest score")
        probability = read_number(chance, f"table, row {number}: the probability")
        if is_blank(grade) or probability is None:
            raise InvalidValue(f"table, row {number}: grade, lowest score and a probability of 0 to 1 are needed")
        if not 0 <= probability <= 1:
            raise OutOfRange(f"table, row {number}: the probability must be 0 to 1; got {describe(chance)}")
        made.append((str(grade).strip(), -np.inf if lowest is None else lowest, probability))
    if not made:
        raise InvalidValue("table must be a range of grade, lowest score, probability; it has no rows")
    return sorted(made, key=lambda one: -one[1])


@function(
    category="Scoring",
    help_zh="评分或等级对应的一年期违约概率。",
    args=(
        Arg("score_or_grade", "any", "A score of 0 to 100, or a grade.", "评分或等级。", shape="column"),
        Arg("table", "any", "Grade, lowest score, probability: the sheet Grades.", "等级、最低分、概率。", shape="range", default=None),
    ),
    result="number",
    source="S&P Global Ratings, one-year corporate default rates to 2017; at least 0.03% (Regulation (EU) 575/2013, art. 160).",
    errors=(InvalidValue, OutOfRange),
    examples=(Example(("BBB",), 0.0017, "By grade.", "按等级。"), Example((65,), 0.0017, "A score of 65 is BBB.", "65分为BBB。")),
)
def default_prob(score_or_grade: NDArray[np.object_], table: Sequence[Sequence[Any]] | None = None) -> Rows:
    """Probability of default within a year, of a score or of a grade.

    `score_or_grade`: n numbers or grades; `table`: rows of grade, lowest score, probability. Answers n fractions. InvalidValue for an
    unknown grade, OutOfRange for a score below the lowest band.
    """
    if table is None:
        grades = [(name, low, DEFAULT_PROBABILITIES[name]) for name, low in reversed(DEFAULT_BANDS)]
    else:
        grades = read_probabilities(table)
    seen: dict[tuple[type, Any], float | CellError] = {}
    keys = [(type(cell), cell) for cell in score_or_grade.tolist()]
    for key in set(keys):  # equal cells are looked up once
        seen[key] = _probability(key[1], grades, own=table is not None)
    found = [seen[key] for key in keys]
    made = Rows(np.array([0.0 if isinstance(one, CellError) else one for one in found]))
    failed = np.array([isinstance(one, CellError) for one in found], dtype=np.bool_)

    def why(row: int) -> CellError:
        error = found[row]
        return error if isinstance(error, CellError) else InvalidValue("score_or_grade cannot be read")

    return made.fail(failed, why)


def _probability(cell: Any, grades: list[Grade], *, own: bool) -> float | CellError:
    if isinstance(cell, str):
        chance = next((chance for name, _, chance in grades if name.casefold() == cell.strip().casefold()), None)
        return InvalidValue(f'there is no grade "{cell}" among {", ".join(name for name, _, _ in grades)}') if chance is None else chance
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return InvalidValue(f"score_or_grade must be a score or a grade; got {describe(cell)}")
    if not own and not 0 <= cell <= 100:
        return OutOfRange(f"score must be 0 to 100; got {cell:g}")
    chance = next((chance for _, low, chance in grades if cell >= low), None)
    return OutOfRange(f"score {cell:g} is below the lowest band") if chance is None else chance
