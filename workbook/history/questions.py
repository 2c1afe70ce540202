"""SQL over stored days: DuckDB reads their files within the limit of memory, and only sums come back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from workbook.history.store import COLUMNS, Stored, read_rows
from workbook.large.duck import shut_in
from xladdin.errors import BadRequest


@contextmanager
def questions(looks: Sequence[Stored]) -> Iterator[Any]:
    """Give a function that answers SQL over the looks' files, as the views aging, ages and scores, within the limit of memory."""
    with tempfile.TemporaryDirectory(prefix="xladdin-") as spill:
        kept = [(table, look) for table in COLUMNS for look in looks if table in look.files]
        connection, names = shut_in([look.files[table].resolve() for table, look in kept], Path(spill))
        parts: dict[str, list[str]] = {}
        for (table, look), name in zip(kept, names, strict=True):  # the day is the one looked up: other folders' names say nothing
            rows = f"SELECT *, DATE '{look.day}' AS as_of FROM read_parquet([{name}], hive_partitioning = false)"
            parts.setdefault(table, []).append(rows)
        try:
            for table, selects in parts.items():
                connection.execute(f"CREATE TEMP VIEW {table} AS {' UNION ALL '.join(selects)}")

            def ask(sql: str) -> pa.Table:
                try:
                    return connection.sql(sql).to_arrow_table()
                except (duckdb.Error, pa.ArrowException) as error:
                    for look in looks:  # the engine does not always name the file
                        for table in look.files:
                            read_rows(look, table)
                    text = " ".join(str(error).split())[:200]
                    raise BadRequest(f"the snapshots cannot be read: {text}") from None

            yield ask
        finally:
            connection.close()
