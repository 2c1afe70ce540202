"""DuckDB: files and DuckDB's own databases, within a limit of memory; what does not fit goes to a temporary folder."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from workbook.large.engine import BATCH, SOURCE, sql_of, table_of
from workbook.large.places import Place
from workbook.written import Lazily, recall, schema_of, schema_text
from xladdin.errors import BadRequest

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

#: another limit may stand in this variable: 2GB, 800MB …
MEMORY: Final = "XLADDIN_MEMORY"
DEFAULT_MEMORY: Final = "2500MB"
#: what an attached database is called here
_BOOK: Final = "xladdin_book"


class DuckEngine:
    """A DuckDB of our own that reads the place's files or opens its database read-only."""

    reads_texts = True
    orders_by_bytes = True

    def __init__(self, place: Place) -> None:
        self.name = place.name
        self._spill = tempfile.TemporaryDirectory(prefix="xladdin-")
        try:
            self._connection, names = shut_in(place.inputs, Path(self._spill.name))
            table = _attached(self._connection, place) if place.kind == "duckdb" else ""
            self._connection.execute(f"CREATE TEMP VIEW {SOURCE} AS {_select(place, table, names)}")
            answer = self._connection.sql(f"SELECT * FROM {SOURCE} LIMIT 0").to_arrow_table()
        except duckdb.Error as error:
            raise told(self.name, error) from None
        self._schema = answer.schema

    @cached_property
    def source(self) -> ir.Table:
        """The source's own columns and `row_`."""
        return table_of(self._schema)

    @property
    def columns(self) -> list[str]:
        """The names of the source's own columns, and `row_`."""
        return list(self._schema.names)

    def is_text(self, column: str) -> bool:
        """Tell whether a column holds texts."""
        kind = self._schema.field(column).type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))

    def query(self, expression: ir.Table) -> pa.Table:
        """Answer as one table."""
        return self.answer(duck_sql(expression), expression.schema().to_pyarrow())

    def ask(self, key: Sequence[str], make: Callable[[], ir.Table]) -> pa.Table:
        """Answer what `make` makes, or what it made once for this key and such columns."""
        sql, schema = self.recall(key, lambda: asked(make()))
        return self.answer(sql, schema_of(schema))

    def recall(self, key: Sequence[str], write: Callable[[], Any]) -> Any:
        """Return what `write` makes, or what it made once for this key and such columns."""
        return recall(["duckdb", schema_text(self._schema), *key], write)

    def answer(self, sql: str, schema: pa.Schema) -> pa.Table:
        """Answer SQL with the types that were promised."""
        try:
            table = self._patiently(lambda: self._connection.sql(sql).to_arrow_table())
        except (duckdb.Error, pa.ArrowException) as error:
            raise told(self.name, error) from None
        return table.cast(schema)

    def _patiently(self, work: Callable[[], Any]) -> Any:
        """Do it on one core where the memory is too small for all of them: each keeps blocks of its own that cannot go to the disk."""
        try:
            return work()
        except duckdb.OutOfMemoryException:
            self._connection.execute("SET threads = 1")
            try:
                return work()
            finally:
                self._connection.execute("RESET threads")

    def batches(self, expression: ir.Table) -> Iterator[pa.RecordBatch]:
        """Answer batch by batch; the engine works on while a batch is looked at."""
        try:
            reader = self._connection.sql(duck_sql(expression)).to_arrow_reader(BATCH)
            yield from reader
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            raise told(self.name, error) from None

    def bring(self, name: str, table: pa.Table) -> None:
        """Bring a small table of ours to the engine."""
        self._connection.register(name, table)

    def lookup(self, name: str, table: pa.Table) -> ir.Table:
        """Bring a small table of ours to the engine, and return it."""
        self.bring(name, table)
        return table_of(table.schema, name)

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """Keep an answer as a temporary table: it goes to the disk when memory is short."""
        self.keep_sql(name, duck_sql(expression))
        return ibis.table(expression.schema(), name=name)

    def keep_sql(self, name: str, sql: str) -> None:
        """Keep the answer of SQL."""
        try:
            self._patiently(lambda: self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}"))
        except (duckdb.Error, pa.ArrowException) as error:
            raise told(self.name, error) from None

    def forget(self, name: str) -> None:
        """Drop a temporary table."""
        self._connection.execute(f"DROP TABLE IF EXISTS {name}")

    def close(self) -> None:
        """Close the connection and remove what was spilt."""
        self._connection.close()
        self._spill.cleanup()


def duck_sql(expression: ir.Table) -> str:
    """Write an expression in DuckDB's SQL."""
    from ibis.backends.sql.compilers import DuckDBCompiler  # noqa: PLC0415 - loads the compilers of every engine

    return sql_of(DuckDBCompiler(), expression)


def asked(expression: ir.Table) -> list[str]:
    """Return a question as it is kept: its SQL and what it promises."""
    return [duck_sql(expression), schema_text(expression.schema().to_pyarrow())]


def memory_limit() -> str:
    """Return the limit of memory. Raises BadRequest for a text that is none."""
    text = os.environ.get(MEMORY, "").strip() or DEFAULT_MEMORY
    if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", text):
        raise BadRequest(f"{MEMORY} must be a size like 2GB or 800MB; got {text}")
    return text


def told(name: str, error: Exception) -> BadRequest:
    """Say an engine's error in one line, and what to do."""
    text = " ".join(str(error).split("\n\n")[0].split())[:300]
    if isinstance(error, duckdb.OutOfMemoryException):
        return BadRequest(f"{name}: the limit of memory is too small for it ({memory_limit()}); raise it with {MEMORY}=4GB. {text}")
    if isinstance(error, duckdb.IOException) and "lock" in text:
        return BadRequest(f"{name} is open in another program that writes to it; close it there, or copy the file")
    if isinstance(error, (duckdb.ConversionException, duckdb.OutOfRangeException)):
        return BadRequest(f"{name}: its amounts are too large to be summed exactly; look for an amount in the wrong unit. {text}")
    return BadRequest(f"{name} cannot be read: {text}")


def shut_in(files: Sequence[Path], spill: Path) -> tuple[Any, list[str]]:
    """Open a DuckDB of our own, in memory, that reads these files and nothing else; answers it and what it calls each file, quoted.

    A table from somebody else can then do no more than hold rows: no file is read by it, nothing is fetched or loaded, and no statement
    opens what is shut. https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
    """
    config: dict[str, Any] = {
        "memory_limit": memory_limit(), "temp_directory": str(spill), "preserve_insertion_order": False,
        "autoinstall_known_extensions": False, "autoload_known_extensions": False, "allow_community_extensions": False,
        "python_enable_replacements": False, "allow_persistent_secrets": False,
    }  # fmt: skip
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET enable_progress_bar = false")  # progress is the command's own affair
    names = [sql_text(_pattern(path, spill)) for path in files]
    connection.execute(f"SET allowed_paths = [{', '.join([*(sql_text(str(path)) for path in files), *names])}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET allowed_configs = ['threads']")  # see `_patiently`
    connection.execute("SET lock_configuration = true")
    return connection, names


def sql_text(value: str) -> str:
    """Write a text as SQL does."""
    return "'" + value.replace("'", "''") + "'"


def _pattern(path: Path, folder: Path) -> str:
    """Write a file's name so that DuckDB, which takes names for patterns, finds this file and no other."""
    text = str(path)
    pattern = re.sub(r"([*?\[])", r"[\1]", text)
    if pattern == text or os.sep == "\\" or "\\" not in text:
        return pattern
    link = folder / f"{len(list(folder.iterdir()))}{path.suffix}"  # in a pattern a backslash parts folders: nothing quotes it
    link.symlink_to(path)
    return str(link)


def _attached(connection: Any, place: Place) -> str:
    """Open the place's database and return its table, quoted. Raises BadRequest for what is no table of rows: a view may do anything."""
    connection.execute(f"ATTACH {sql_text(place.address)} AS {_BOOK} (TYPE duckdb, READ_ONLY)")
    *schema, name = [part.casefold() for part in place.table.split(".")]
    if len(schema) > 1 and schema[0] == Path(place.address).stem.casefold():
        schema = schema[1:]
    sql = "SELECT schema_name, {0}_name FROM duckdb_{0}s() WHERE database_name = ? AND NOT internal AND lower({0}_name) = ?"
    kinds: dict[str, list[tuple[str, str]]] = {}
    for kind in ("table", "view"):
        found = connection.execute(sql.format(kind), [_BOOK, name]).fetchall()
        kinds[kind] = [(one, other) for one, other in found if one.casefold() == (".".join(schema) or "main")]
    if not kinds["table"] and kinds["view"]:
        raise BadRequest(
            f"{place.name} is a view, and a view can read any file of this computer: only tables are read from a DuckDB file. "
            f"CREATE TABLE … AS SELECT * FROM {place.table} makes one of it"
        )
    if not kinds["table"]:
        known = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = ? LIMIT 20", [_BOOK])
        names = [row[0] for row in known.fetchall()]
        raise BadRequest(f"{place.name}: there is no such table; there are {', '.join(names) or 'none'}")
    (where, table), *_ = kinds["table"]
    return ".".join('"' + part.replace('"', '""') + '"' for part in (_BOOK, where, table))


def _select(place: Place, table: str, names: Sequence[str]) -> str:
    """Write the view on the place, with the number of each row where that costs nothing."""
    if place.kind == "duckdb":
        return f"SELECT *, 0 AS row_ FROM {table}"
    files = ", ".join(names)
    if place.kind == "parquet":
        _same_columns(place)
        row = "file_row_number" if len(place.files) == 1 else "file_row_number + (file_index << 40)"
        rows = f"read_parquet([{files}], file_row_number = true, hive_partitioning = false)"
        return f"SELECT * EXCLUDE (file_row_number), {row} AS row_ FROM {rows}"
    return f"SELECT *, 0 AS row_ FROM read_csv([{files}], all_varchar = true, header = true, strict_mode = true, hive_partitioning = false)"


def _same_columns(place: Place) -> None:
    """Refuse a folder whose files have different columns: a join of what does not belong together would be a guess."""
    first: dict[str, Any] | None = None
    for path in place.files:
        try:
            schema = pq.read_schema(path)
        except (pa.ArrowException, OSError) as error:
            raise BadRequest(f"{path.name} is not a readable Parquet file: {' '.join(str(error).split())[:200]}") from None
        columns = dict(zip(schema.names, map(str, schema.types), strict=True))
        first = first or columns
        if columns != first:
            others = {name: (first.get(name, "absent"), columns.get(name, "absent")) for name in {**first, **columns}}
            name, (one, other) = next((name, pair) for name, pair in others.items() if pair[0] != pair[1])
            raise BadRequest(
                f"the files of {place.name} have different columns: {name} is {one} in {Path(place.files[0]).name} "
                f"and {other} in {path.name}; make them alike, or name one file"
            )
