"""A column and its single cells must answer alike: the one property every credit function has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from xladdin.call import call, find
from xladdin.cells import ExcelError

#: cells of a date column: serial numbers after the quirk of 1900, date objects, ISO texts
DATES = st.one_of(
    st.integers(40_000, 50_000),
    st.dates(dt.date(2010, 1, 1), dt.date(2035, 12, 31)),
    st.dates(dt.date(2010, 1, 1), dt.date(2035, 12, 31)).map(dt.date.isoformat),
)
#: cells that no function may choke on, whatever a column is for
ODD_CELLS = st.sampled_from([None, "", "n/a", True, ExcelError("#N/A"), ExcelError("#DIV/0!"), -1.5, 1e300, "=1+1", float("nan"), 60])


def cells(usual: st.SearchStrategy[Any], odd: st.SearchStrategy[Any] = ODD_CELLS) -> st.SearchStrategy[Any]:
    """The usual cells of a column, one in five an odd one."""
    return st.one_of(usual, usual, usual, usual, odd)


def columns(**by_argument: st.SearchStrategy[Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """One to eight rows of cells, a value for each argument named."""
    return st.lists(st.fixed_dictionaries(by_argument), min_size=1, max_size=8)


def assert_column_equals_single_cells(name: str, rows: Sequence[Mapping[str, Any]], **others: Any) -> None:
    """Call `name` once with columns made of `rows` and once per row, and compare values, types and reasons.

    Each row holds a cell for every argument that varies; `others` are the same for all. Columns go in standing and, unless
    the function takes `rows`, lying (one row of cells); a value all rows share also goes in as a single cell.
    """
    spec = find(name)
    shapes = {arg.name: arg.shape for arg in spec.args}
    single = [call(name, **{**others, **{key: [cell] if shapes[key] == "rows" else cell for key, cell in row.items()}}) for row in rows]
    standing = {key: [row[key] if shapes[key] == "rows" else [row[key]] for row in rows] for key in rows[0]}
    forms = {"standing": standing}
    if "rows" not in shapes.values():
        forms["lying"] = {key: [[row[key] for row in rows]] for key in rows[0]}
        shared = {key for key in rows[0] if all(_same(row[key], rows[0][key]) for row in rows)}
        if shared and len(shared) < len(rows[0]):
            forms["broadcast"] = {key: rows[0][key] if key in shared else standing[key] for key in rows[0]}
    for form, given in forms.items():
        answer = call(name, **{**others, **given})
        if len(rows) == 1:
            values, reasons = [answer.value], [answer.reason]
        elif form == "lying":
            values = answer.value[0] if isinstance(answer.value, list) else [answer.value] * len(rows)
            reasons = [answer.reasons.get((0, index)) for index in range(len(rows))]
        elif isinstance(answer.value, list):
            values = [row if spec.result == "array" else row[0] for row in answer.value]
            reasons = [answer.reasons.get((index, 0)) for index in range(len(rows))]
        else:  # the call failed as a whole, for a reason that every single call must have too
            values, reasons = [answer.value] * len(rows), [answer.reason] * len(rows)
        for index, alone in enumerate(single):
            expected = alone.value[0] if spec.result == "array" and isinstance(alone.value, list) and alone.value else alone.value
            got = values[index][0] if len(rows) == 1 and isinstance(values[index], list) and spec.result == "array" else values[index]
            if spec.result == "array" and isinstance(expected, list):
                got = got[: len(expected)] if isinstance(got, list) else got
            assert _same(got, expected), f"{form}, row {index} {rows[index]}: {got!r} in the column, {expected!r} alone"
            assert reasons[index] == alone.reason, f"{form}, row {index} {rows[index]}: {reasons[index]!r}, alone {alone.reason!r}"


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and (one == other or (one != one and other != other))  # noqa: PLR0124 - NaN
