"""What the list Escalation held before a run: for each item the analyst's cells and the level of the last run, found by document.

A level that cannot be found (its column was deleted, its cell overtyped) is never taken for none: the item keeps the highest level it can
have had, stays there for this run, gets no letter, and says why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbook.carry import key_text
from workbook.reports.common import Items

Levels = NDArray[np.int64]
Flags = NDArray[np.bool_]
_NUMBERS = ("level", "previous_level", "reached_level", "level_done")


class Typed:
    """What the sheet held before this run for each item: the analyst's cells and the level of the last run."""

    def __init__(self, size: int) -> None:
        self.numbers = {key: np.full(size, np.nan) for key in _NUMBERS}
        self.dates = {key: np.full(size, np.datetime64("NaT", "D")) for key in ("promise_date", "level_since")}
        self.texts = {"override": np.full(size, "", dtype=object)}
        self.there = np.zeros(size, dtype=np.bool_)  # stood on the sheet, or may have: which documents did is not known any more
        self.odd: list[Any] = []  # what stands in a column of dates or numbers and is none

    @property
    def since(self) -> NDArray[np.datetime64]:
        """Day the level was reached; NaT for an item that was not on the sheet."""
        return self.dates["level_since"]


def typed_cells(before: Mapping[str, Sequence[Any]], items: Items) -> Typed:
    """Look the items up in the sheet as it stood: by document and instalment."""
    typed = Typed(items.table.num_rows)
    documents = before.get("document_no")
    if documents is None:
        typed.there[:] = any(value not in (None, "") for cells in before.values() for value in cells)
        return typed
    parts = before.get("instalment")
    place: dict[str, int] = {}
    for row, document in enumerate(documents):
        if document not in (None, ""):
            place.setdefault(key_text((document, None if parts is None else parts[row])), row)
    own_parts = items.table["instalment"].to_pylist() if parts is not None else [None] * items.table.num_rows
    mine = zip(items.texts("document_no").tolist(), own_parts, strict=True)
    found = np.array([place.get(key_text(key), -1) for key in mine], dtype=np.int64)
    typed.there = found >= 0
    rows = np.flatnonzero(typed.there).tolist()
    for target in (typed.numbers, typed.dates, typed.texts):
        for key, values in target.items():
            cells = before.get(key)
            if cells is None:
                continue
            for row in rows:
                cell = cells[found[row]]
                if cell is None or cell == "":
                    continue
                if _fits(values, cell):
                    values[row] = cell
                else:
                    typed.odd.append(cell)
    return typed


def _fits(values: NDArray[Any], cell: Any) -> bool:
    if values.dtype.kind == "M":
        return isinstance(cell, dt.date)
    return values.dtype.kind == "O" or (isinstance(cell, (int, float)) and not isinstance(cell, bool))


def level_before(typed: Typed, reached: Levels, today: np.datetime64, *, skips: bool) -> tuple[Levels, Flags]:
    """Return each item's level before this run (0 for a new one), and which of them are not known for certain.

    `reached`: levels the days call for today; `skips`: whether a run may go up several levels. Of an item whose level is not known the
    highest it can have is returned: that which the days called for at the last run, at most one above the level before that; never less
    than what was carried out.
    """
    level, earlier = typed.numbers["level"], typed.numbers["previous_level"]
    dated = ~np.isnat(typed.since)
    before = np.where(typed.since < today, level, earlier)  # a second run on the day starts from where the first did
    unsure = typed.there & (np.isnan(before) | ~dated)
    then = np.where(np.isnan(typed.numbers["reached_level"]), reached, typed.numbers["reached_level"])
    highest = then if skips else np.fmin(then, earlier + 1)
    highest = np.fmax(np.fmax(highest, earlier), typed.numbers["level_done"])
    before = np.where(unsure, np.where(np.isnan(level), highest, level), before)
    return np.nan_to_num(before, nan=0).astype(np.int64), unsure
