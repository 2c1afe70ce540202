"""PostgreSQL, read-only: the sums are made there, and come over column by column (ADBC)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

import adbc_driver_manager
import adbc_driver_postgresql.dbapi as adbc
import ibis
import ibis.expr.datatypes as idt
import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.sql.compilers import PostgresCompiler

from workbook.large.engine import Unwritten, sql_of
from workbook.large.places import Place
from xladdin.addresses import hide
from xladdin.errors import BadRequest

#: asked of the server: that no statement of ours could write even by mistake; that it matches by hash or order what it cannot know the
#: size of, a step of a long question; that it does not compile what is asked once
#: and that a table which somebody else has locked is no wait without an end
_OPTIONS: Final = quote("-c default_transaction_read_only=on -c enable_nestloop=off -c jit=off -c lock_timeout=60s")
_SECONDS_TO_CONNECT: Final = 10


class PostgresEngine(Unwritten):
    """A connection to one database. The password comes from the address, PGPASSWORD or the file .pgpass, as libpq has it."""

    reads_texts = False
    orders_by_bytes = False

    def __init__(self, place: Place) -> None:
        self.name = place.name
        self._address = place.address
        self._compiler = PostgresCompiler()
        self._lookups: dict[str, pa.Table] = {}
        mark = "&" if "?" in place.address else "?"
        timeout = "" if "connect_timeout" in place.address else f"&connect_timeout={_SECONDS_TO_CONNECT}"
        schema, _, table = place.table.rpartition(".")
        where = ".".join('"' + part + '"' for part in place.table.split("."))
        try:
            self._connection = adbc.connect(f"{place.address}{mark}options={_OPTIONS}{timeout}")
            with self._connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {where} LIMIT 0")
                found = cursor.fetch_arrow_table().schema
        except adbc_driver_manager.Error as error:
            raise self._told(error) from None
        columns = {one.name: _type_of(one.type) for one in found}
        self.source = ibis.table(columns, name=table, database=schema or None).mutate(row_=ibis.literal(0, "int64"))

    def query(self, expression: ir.Table) -> pa.Table:
        """Answer as one table."""
        return pa.Table.from_batches(list(self.batches(expression)), expression.schema().to_pyarrow())

    def batches(self, expression: ir.Table) -> Iterator[pa.RecordBatch]:
        """Answer batch by batch."""
        wanted = expression.schema().to_pyarrow()
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(self._sql(expression))
                for batch in cursor.fetch_record_batch():
                    columns = [_plain(column).cast(kind.type) for column, kind in zip(batch.columns, wanted, strict=True)]
                    yield pa.RecordBatch.from_arrays(columns, schema=wanted)
        except (adbc_driver_manager.Error, pa.ArrowException, OSError) as error:
            raise self._told(error) from None

    def bring(self, name: str, table: pa.Table) -> None:
        """Bring a small table of ours to the engine: written into each question, as a reader may make no tables."""
        self._lookups[name] = table

    def lookup(self, name: str, table: pa.Table) -> ir.Table:
        """Bring a small table of ours to the engine, and return it."""
        self.bring(name, table)
        return ibis.table(ibis.Schema.from_pyarrow(table.schema), name=name)

    def keep(self, name: str, expression: ir.Table) -> ir.Table:  # noqa: ARG002 - a reader may make no tables
        """Ask the whole question each time."""
        return expression

    def forget(self, name: str) -> None:
        """Nothing was kept."""

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _sql(self, expression: ir.Table) -> str:
        sql = sql_of(self._compiler, expression)
        ours = [f"{_values(name, table)}" for name, table in self._lookups.items() if f'"{name}"' in sql]
        if not ours:
            return sql
        return f"WITH {', '.join(ours)}, {sql.removeprefix('WITH ')}" if sql.startswith("WITH ") else f"WITH {', '.join(ours)} {sql}"

    def _told(self, error: Exception) -> BadRequest:
        text = hide(" ".join(str(error).split()), self._address)
        text = text.partition("[libpq] ")[2] or text
        return BadRequest(f"the database {self.name} does not answer the question: {text[:300]}. Try again when it does")


def _type_of(kind: pa.DataType) -> idt.DataType:
    """Return what Ibis calls a type; NUMERIC comes over as a text of its digits."""
    if isinstance(kind, pa.OpaqueType):
        return idt.Decimal() if kind.type_name == "numeric" else idt.string
    return idt.DataType.from_pyarrow(kind)


def _plain(column: Any) -> Any:
    return column.storage if isinstance(column.type, pa.ExtensionType) else column


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_date(kind):
        return "DATE"
    return "BIGINT" if pa.types.is_integer(kind) else "DOUBLE PRECISION" if pa.types.is_floating(kind) else "TEXT"


def _values(name: str, table: pa.Table) -> str:
    """Write a small table as VALUES."""

    def literal(value: Any) -> str:
        if value is None:
            return "NULL"
        return "'" + str(value).replace("'", "''") + "'"

    kinds = [_kind(one.type) for one in table.schema]
    names = ", ".join(f'"{one}"' for one in table.column_names)
    if not table.num_rows:
        nothing = ", ".join(f"NULL::{kind}" for kind in kinds)
        return f'"{name}" ({names}) AS (SELECT {nothing} WHERE FALSE)'
    rows = [
        "(" + ", ".join(f"{literal(cell)}::{kind}" for cell, kind in zip(row, kinds, strict=True)) + ")"
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True)
    ]
    return f'"{name}" ({names}) AS (VALUES {", ".join(rows)})'
