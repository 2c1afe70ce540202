"""SQL over stored days: DuckDB reads their files within the limit of memory, and only sums come back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import duckdb
import pyarrow as pa

from workbook.history.store import Stored, read_rows
from workbook.large.duck import memory_limit
from xladdin.errors import BadRequest


def sql_text(value: str) -> str:
    """Write a text as SQL does."""
    return "'" + value.replace("'", "''") + "'"


@contextmanager
def questions(looks: Sequence[Stored]) -> Iterator[Any]:
    """Give a function that answers SQL over the looks' files, as the views aging, ages and scores, within the limit of memory."""
    with tempfile.TemporaryDirectory(prefix="xladdin-") as spill:
        connection = duckdb.connect(config={"memory_limit": memory_limit(), "temp_directory": spill})
        try:
            for table in ("aging", "ages", "scores"):
                files = ", ".join(sql_text(str(look.files[table])) for look in looks if table in look.files)
                if files:
                    connection.execute(
                        f"CREATE TEMP VIEW {table} AS SELECT * FROM "
                        f"read_parquet([{files}], hive_partitioning = true, hive_types = {{'as_of': DATE}})"
                    )

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
