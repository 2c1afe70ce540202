"""Rates in tables that nobody can mean: 0.5 for 0.5 %, 50 for 50 %, 3.45 for 3.45 %. Each has its finding and counts as blank.

The bounds are those of the functions that take the same rate, so a cell of a table and an argument are judged alike.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from functions.contract import HIGHEST_DAILY
from functions.insurance import HIGHEST_RATE as HIGHEST_PREMIUM
from functions.rates import HIGHEST_REFERENCE, LOWEST_REFERENCE, NAMES
from workbook.checks import mask, rows_of
from workbook.problems import Problems
from workbook.schema import CONTRACTS, Table
from workbook.tables import GRADES, POLICIES, RATES

#: by table and column: the least and the highest rate
BOUNDS: Final[dict[tuple[str, str], tuple[float, float]]] = {
    (CONTRACTS.key, "penalty_daily"): (0.0, HIGHEST_DAILY),
    (POLICIES.key, "cover"): (0.0, 1.0),
    (POLICIES.key, "premium_rate"): (0.0, HIGHEST_PREMIUM),
    (GRADES.key, "default_probability"): (0.0, 1.0),
}


def without_senseless(table: Table, data: pa.Table, problems: Problems) -> pa.Table:
    """Take the rates out that are beyond all sense, each with its finding."""
    for field in table.fields:
        bounds = BOUNDS.get((table.key, field.key))
        if bounds:
            values = _values(data[field.key])
            data = _taken(table, data, field.key, (values < bounds[0]) | (values > bounds[1]), bounds, problems)
    if table.key == RATES.key and data.num_rows:
        values = _values(data["rate"])
        interest = np.array(["".join((name or "").split()).upper() in NAMES for name in data["table"].to_pylist()], dtype=np.bool_)
        bounds = (LOWEST_REFERENCE, HIGHEST_REFERENCE)
        data = _taken(table, data, "rate", interest & ((values <= bounds[0]) | (values >= bounds[1])), bounds, problems)
        data = _taken(table, data, "rate", ~interest & (values <= 0), None, problems)
    return data


def _values(column: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(column.combine_chunks().cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)  # a blank is NaN


def _taken(
    table: Table, data: pa.Table, key: str, wrong: np.ndarray, bounds: tuple[float, float] | None, problems: Problems
) -> pa.Table:
    """Blank the cells of a column that are wrong."""
    if not wrong.any():
        return data
    rows, cells = rows_of(data), data[key].combine_chunks()
    for at in np.flatnonzero(wrong).tolist():
        if bounds is None:
            problems.add("exchange_rate_not_above_0", table.name, int(rows[at]), key, cells[at].as_py())
        else:
            words = {"least": f"{bounds[0]:g}", "most": f"{bounds[1]:g}"}
            problems.add("rate_beyond_sense", table.name, int(rows[at]), key, cells[at].as_py(), **words)
    blank = wrong | ~mask(cells.is_valid())
    kept = pa.array(np.asarray(cells.fill_null(0).to_numpy(zero_copy_only=False)), cells.type, mask=blank)
    return data.set_column(data.schema.get_field_index(key), key, kept)
