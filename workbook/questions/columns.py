"""Columns of an answer as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def whole(table: pa.Table, key: str) -> Ints:
    """Return whole numbers."""
    return np.asarray(table[key].to_numpy(), dtype=np.int64)


def numbers(table: pa.Table, key: str) -> NDArray[np.float64]:
    """Return numbers."""
    return np.asarray(table[key].to_numpy(), dtype=np.float64)


def dates(table: pa.Table, key: str) -> NDArray[np.datetime64]:
    """Return days; a blank is NaT."""
    return np.asarray(table[key].to_numpy(zero_copy_only=False), dtype="datetime64[D]")


def flags(table: pa.Table, key: str) -> NDArray[np.bool_]:
    """Return flags."""
    return np.asarray(table[key].to_numpy(zero_copy_only=False), dtype=np.bool_)


def texts(table: pa.Table, key: str) -> NDArray[Any]:
    """Return texts; a blank is an empty one."""
    return np.asarray(pc.fill_null(table[key], "").to_numpy(zero_copy_only=False), dtype=object)


def coded(table: pa.Table, key: str) -> tuple[list[str], Ints]:
    """Return the distinct texts of a column, and for every row the number of its own."""
    column = pc.fill_null(table[key], "").combine_chunks().dictionary_encode()
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return column.dictionary.to_pylist(), np.asarray(column.indices.to_numpy(), dtype=np.int64)


def numbered(table: pa.Table, key: str, known: list[str]) -> Ints:
    """Return the number of each text in a list, -1 for a blank or one that is not in it."""
    found = pc.index_in(table[key], pa.array(known, pa.string()))
    return np.asarray(pc.fill_null(pc.if_else(pc.is_null(table[key]), None, found), -1), dtype=np.int64)
