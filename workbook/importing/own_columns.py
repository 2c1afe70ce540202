"""What stands in columns that an import does not fill: the analyst's own text, numbers and formulas, and calculated columns.

A column is calculated where the table says so (calculatedColumnFormula; ECMA-376, 18.5.1.1), or, for programs that never write that, where
two rows or more hold one formula and no row anything else. Its formula goes on into new rows. Whatever else was typed stays with its row:
a text that begins with = stays a text, a formula a formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import xlwings as xw

from workbook.host_book import read_columns
from xladdin.references import shift


class Formula(str):
    """A cell that is a formula, not a text that begins with =."""

    __slots__ = ()


def read_cells(sheet: xw.Sheet, top: int, bottom: int, number: int) -> list[Any]:
    """Return a column's cells; formulas as `Formula`, whatever they answer."""
    if bottom < top:
        return []
    (values,) = read_columns(sheet, top, number, bottom, number)
    written = sheet.range((top, number), (bottom, number)).formula
    texts = [line[0] if isinstance(line, (tuple, list)) else line for line in written] if isinstance(written, (tuple, list)) else [written]
    return [
        Formula(text) if isinstance(text, str) and text[:1] == "=" and len(text) > 1 and text != value else value
        for text, value in zip(texts, values, strict=True)
    ]


def calculated_formula(table: xw.main.Table, name: str, cells: Sequence[Any]) -> Formula | None:
    """Return the formula of a calculated column as its first row would hold it; None where the column is not calculated.

    `cells` are the column's, as `read_cells` gives them.
    """
    at_first = {shift(cell, -place, 0) for place, cell in enumerate(cells) if isinstance(cell, Formula)}
    said = _said(table, name)
    if said is not None:
        return Formula(said if from_text(said) in map(from_text, at_first) or not at_first else _commonest(cells))
    uniform = len(at_first) == 1 and len(cells) > 1 and all(isinstance(cell, Formula) for cell in cells)
    return Formula(at_first.pop()) if uniform else None


def may_be_calculated(table: xw.main.Table, name: str, first: Any) -> bool:
    """Tell from a column's first cell whether it is worth while to ask `calculated_formula`."""
    return (isinstance(first, str) and first[:1] == "=") or _said(table, name) is not None


def from_text(formula: str) -> str:
    """Write a formula without what does not matter: spaces and case."""
    return "".join(formula.split()).casefold()


def _commonest(cells: Sequence[Any]) -> str:
    """Return what most rows of a calculated column hold: the addresses of what the table says need a row to start from."""
    found = [shift(cell, -place, 0) for place, cell in enumerate(cells) if isinstance(cell, Formula)]
    return max(found, key=found.count)


def _said(table: xw.main.Table, name: str) -> str | None:
    """Return what the table's own part says of a column; None where it says nothing or the program has no such part."""
    ask = getattr(table.impl, "calculated_formulas", None)
    said = {} if ask is None else ask()
    return next((formula for column, formula in said.items() if column.split() == name.split()), None)


def carried(cells: Sequence[Any], origin: Sequence[int], formula: Formula | None) -> list[Any]:
    """Return a column's cells for rows that come again: each with its row, by `origin` (place before, -1 for a new row)."""
    answer: list[Any] = []
    for place, before in enumerate(origin):
        cell = cells[before] if 0 <= before < len(cells) else None
        if isinstance(cell, Formula):
            cell = Formula(shift(cell, place - before, 0))
        elif formula is not None and cell in (None, ""):
            cell = Formula(shift(formula, place, 0))
        answer.append(cell)
    return answer


def write_formulas(sheet: xw.Sheet, first: int, number: int, cells: Sequence[Any]) -> None:
    """Write the formulas among the cells of a column that begins in row `first`; runs of one formula at once."""
    place = 0
    while place < len(cells):
        cell = cells[place]
        if not isinstance(cell, Formula):
            place += 1
            continue
        end = place + 1
        while end < len(cells) and isinstance(cells[end], Formula) and cells[end] == shift(cell, end - place, 0):
            end += 1
        sheet.range((first + place, number), (first + end - 1, number)).formula = str(cell)
        place = end
