"""A Parquet file as a source. What it would take in memory stands in its footer, and is looked at before anything is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from workbook.importing.source import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, Source, refuse_length
from xladdin.errors import BadRequest

_MOST_VALUES: Final = 1 << 26  # of all columns; a million rows of 64


def read_parquet(path: Path, _sheet: str, _header_row: int, _encoding: str, _delimiter: str) -> Source:
    """Read a Parquet file. Raises BadRequest when it is damaged or larger than a sheet."""
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            _guard(path.name, file.metadata)
            texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        table = pyarrow.parquet.read_table(path, read_dictionary=texts, partitioning=None, memory_map=False)
        if len(table.column_names) > len(set(table.column_names)):
            table = table.rename_columns(list(table.column_names))
        columns = [_column(path.name, column) for column in table.columns]
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise BadRequest(f"{path.name} is not a readable Parquet file: {_first_line(error)}") from None
    return Source(path.name, list(table.column_names), columns, np.arange(1, table.num_rows + 1), {"format": "Parquet"})


def _guard(name: str, footer: Any) -> None:
    """Refuse what would take more memory than a sheet's worth."""
    groups = [footer.row_group(index) for index in range(min(footer.num_row_groups, MOST_ROWS))]
    values = sum(group.column(index).num_values for group in groups for index in range(group.num_columns))
    size = sum(group.total_byte_size for group in groups)
    refuse_length(name, footer.num_rows)
    if footer.num_columns > MOST_COLUMNS or values > _MOST_VALUES:
        raise BadRequest(f"{name} has {footer.num_columns:,} columns and {values:,} values, more than are imported into a sheet")
    if size > MOST_BYTES:
        raise BadRequest(f"{name} would unpack to {size / 2**20:,.0f} MB; no more than {MOST_BYTES >> 20:,} MB are imported into a sheet")


def _is_text(kind: pa.DataType) -> bool:
    return any(test(kind) for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary))


def _column(name: str, column: pa.ChunkedArray) -> pa.Array:
    """Write a column of repeated texts out, if that fits into memory."""
    if pa.types.is_dictionary(column.type):
        size = 0
        for chunk in column.chunks:
            if _is_text(chunk.dictionary.type):
                lengths = pc.binary_length(chunk.dictionary).take(chunk.indices)
                size += pc.sum(lengths.cast(pa.int64())).as_py() or 0
        if size > MOST_BYTES:
            raise BadRequest(f"{name}: a column would take {size / 2**20:,.0f} MB; no more than {MOST_BYTES >> 20:,} MB are imported")
        column = column.cast(column.type.value_type)
    return column.combine_chunks()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
