"""Rows that are there already: the same row twice, or one key with two contents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook.checks import key_column
from workbook.schema import Table
from xladdin.counted import counted
from xladdin.errors import BadRequest

_NAMED: Final = 10
_BLANK: Final = "\x00"


def repeated_rows(table: Table, typed: pa.Table, fields: Sequence[str], beside: Sequence[pa.Array] = ()) -> np.ndarray:
    """Return the place of the earlier row that each row repeats in every field, else -1; rows without a key are never the same.

    `beside` are further columns of texts in which they must be alike.
    """
    nowhere = np.full(typed.num_rows, -1, dtype=np.int64)
    if not table.unique or not typed.num_rows:
        return nowhere
    codes = np.asarray(_joined(typed, fields, beside).dictionary_encode().indices)
    _, first = np.unique(codes, return_index=True)
    keyed = np.asarray(typed[table.unique[0]].combine_chunks().is_valid())
    return np.where(keyed & (first[codes] < np.arange(len(codes))), first[codes], nowhere)


def known_rows(table: Table, typed: pa.Table, existing: pa.Table, fields: Sequence[str], source: str) -> np.ndarray:
    """Tell which rows the table has already, alike in every imported field. Raises BadRequest for those that differ."""
    if not table.unique or not typed.num_rows or not existing.num_rows:
        return np.zeros(typed.num_rows, dtype=np.bool_)
    place = pc.index_in(_whole(key_column(table, typed)), value_set=_whole(key_column(table, existing)), skip_nulls=True)
    known = np.asarray(place.is_valid())
    if not known.any():
        return known
    mine = _joined(typed.filter(pa.array(known)), fields)
    theirs = _joined(existing.take(place.drop_null()), fields)
    differing = np.flatnonzero(~np.asarray(pc.equal(mine, theirs)))
    if len(differing):
        rows = typed.filter(pa.array(known))
        names = [str(rows[table.unique[0]][int(index)].as_py()) for index in differing[:_NAMED]]
        more = f" and {len(differing) - _NAMED} more" if len(differing) > _NAMED else ""
        verb = "is" if len(differing) == 1 else "are"
        raise BadRequest(
            f"{counted(len(differing), 'row')} of {source} {verb} in the table {table.name} already, with other contents: "
            f"{', '.join(names)}{more}; import with --replace, or leave them out of the file"
        )
    return known


def _joined(data: pa.Table, fields: Sequence[str], beside: Sequence[pa.Array] = ()) -> pa.Array:
    """Write each row's fields, and what stands beside them, as one text."""
    parts = [pc.fill_null(column, _BLANK) for column in beside]
    parts += [pc.fill_null(pc.cast(_whole(data[name]), pa.string()), _BLANK) for name in fields]
    return _whole(pc.binary_join_element_wise(*parts, "\x1f"))


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
