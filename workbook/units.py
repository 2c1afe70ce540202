"""Money as whole ten-thousandths: floats of cells -> exact int64 units -> decimal columns, and back.

A cell's 1.005 is the float 1.00499999999999989…; what the analyst sees and means is the shortest decimal text of that float,
so the units come from there (half-up), not from the float's own expansion.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa

from workbook.sheet import MONEY_SCALE

MONEY: Final = pa.decimal128(18, 4)
#: below this, float x 10000 is wrong by less than a quarter of a unit, so that rounding it finds the decimal that was meant
_SAFE: Final = 1e11
#: decimal128(18, 4) and int64 units both end here
LARGEST: Final = 10**14
_QUANTUM: Final = Decimal("0.0001")


def units_of_decimal(number: Decimal) -> int:
    """Round a decimal half-up to ten-thousandths and count them."""
    return int((number * MONEY_SCALE).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def exact_units(number: float) -> tuple[int, bool]:
    """Return the units of one float by its shortest text, and whether decimals were rounded away."""
    shortest = Decimal(repr(float(number)))
    if shortest != shortest.quantize(_QUANTUM, rounding=ROUND_HALF_UP):
        shortest = Decimal(f"{number:.15g}")  # 0.30000000000000004 is the float's noise; a cell shows 15 digits
    units = units_of_decimal(shortest)
    return units, Decimal(units) / MONEY_SCALE != shortest


def units_of_floats(numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return units (int64) of finite floats below LARGEST, and the indices whose decimals were rounded away."""
    scaled = numbers * MONEY_SCALE
    nearest = np.rint(scaled)
    odd = (np.abs(scaled - nearest) > np.abs(scaled) * 2.0**-51) | (np.abs(numbers) >= _SAFE)
    units = np.where(odd, 0.0, nearest).astype(np.int64)
    rounded = []
    for index in np.flatnonzero(odd).tolist():
        units[index], was_rounded = exact_units(float(numbers[index]))
        if was_rounded:
            rounded.append(index)
    return units, np.array(rounded, dtype=np.int64)


def decimal_column(units: np.ndarray, null: np.ndarray | None = None, kind: pa.DataType = MONEY) -> pa.Array:
    """Make a decimal column from int64 units without touching them one by one."""
    words = np.empty((len(units), 2), dtype=np.int64)
    words[:, 0] = units
    words[:, 1] = words[:, 0] >> 63  # the sign fills the upper half
    valid = None if null is None or not null.any() else pa.array(~null).buffers()[1]
    return pa.Array.from_buffers(kind, len(units), [valid, pa.py_buffer(words)])


def units_column(column: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return a decimal column as int64 units (0 where null) and the null mask."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    null = np.asarray(array.is_null().to_numpy(zero_copy_only=False), dtype=np.bool_)
    if not len(array):
        return np.zeros(0, dtype=np.int64), null
    words = np.frombuffer(array.buffers()[1], dtype=np.int64).reshape(-1, 2)
    units = words[array.offset : array.offset + len(array), 0].copy()
    units[null] = 0
    return units, null
