"""What reads a large ledger: it takes Ibis expressions over the source's own columns and answers in Arrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol

import pyarrow as pa

from workbook.large.places import Place
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

#: the name of the source's table in every engine
SOURCE: Final = "source"
#: rows of one Arrow batch
BATCH: Final = 1 << 17


class Engine(Protocol):
    """One engine at one source. Errors of the engine come out as BadRequest in one line."""

    name: str
    #: whether `try_strptime` and a cast that may fail are known, so that texts can be read as dates and amounts
    reads_texts: bool
    #: whether texts are compared byte by byte, not by a language's order
    orders_by_bytes: bool

    @property
    def columns(self) -> list[str]:
        """The names of the source's own columns, and `row_`."""
        ...

    def is_text(self, column: str) -> bool:
        """Tell whether a column holds texts."""
        ...

    @property
    def source(self) -> ir.Table:
        """The source's own columns; `row_` numbers them where the engine can, else it is 0."""
        ...

    def query(self, expression: ir.Table) -> pa.Table:
        """Answer as one table."""
        ...

    def ask(self, key: Sequence[str], make: Callable[[], ir.Table]) -> pa.Table:
        """Answer what `make` makes; `key` tells it from any other question to such columns, so that its SQL may be kept."""
        ...

    def batches(self, expression: ir.Table) -> Iterator[pa.RecordBatch]:
        """Answer batch by batch."""
        ...

    def bring(self, name: str, table: pa.Table) -> None:
        """Bring a small table of ours to the engine."""
        ...

    def lookup(self, name: str, table: pa.Table) -> ir.Table:
        """Bring a small table of ours to the engine, and return it."""
        ...

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """Keep an answer in the engine, where it can, for the questions that follow."""
        ...

    def forget(self, name: str) -> None:
        """Let go of what was kept under a name."""
        ...

    def close(self) -> None:
        """Let go of connections and temporary files."""
        ...


class Unwritten:
    """What engines share for which no SQL is kept: the types of their columns are asked of `source`, and each question is written anew."""

    source: ir.Table
    query: Callable[[ir.Table], pa.Table]

    @property
    def columns(self) -> list[str]:
        """The names of the source's own columns, and `row_`."""
        return list(self.source.columns)

    def is_text(self, column: str) -> bool:
        """Tell whether a column holds texts."""
        return bool(self.source[column].type().is_string())

    def ask(self, key: Sequence[str], make: Callable[[], ir.Table]) -> pa.Table:  # noqa: ARG002 - nothing is kept
        """Answer what `make` makes."""
        return self.query(make())


def open_engine(place: Place) -> Engine:
    """Open a place. Raises BadRequest when it cannot be read."""
    if place.kind == "postgres":
        from workbook.large.postgres import PostgresEngine  # noqa: PLC0415 - a driver that few need

        return PostgresEngine(place)
    if place.kind == "spark":
        from workbook.large.spark import SparkEngine  # noqa: PLC0415 - Spark is an extra

        return SparkEngine(place)
    from workbook.large.duck import DuckEngine  # noqa: PLC0415

    return DuckEngine(place)


def table_of(schema: pa.Schema, name: str = SOURCE) -> ir.Table:
    """Return the Ibis table of an Arrow schema."""
    return ibis.table(ibis.Schema.from_pyarrow(schema), name=name)


def sql_of(compiler: Any, expression: ir.Table) -> str:
    """Write an expression in an engine's SQL."""
    return str(compiler.to_sqlglot(expression).sql(dialect=compiler.dialect))


def typed_as(table: pa.Table, expression: ir.Table) -> pa.Table:
    """Give an answer the types its expression promises."""
    return table.cast(expression.schema().to_pyarrow())
